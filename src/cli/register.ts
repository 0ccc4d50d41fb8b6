import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { openCheckout } from '../adapters/checkout/checkout.ts'
import { isUri } from '../jobs/register/given-file.ts'
import { registerVersion } from '../jobs/register/register-version.ts'
import type { RegisterAsk, RegisterProblem, Registration } from '../jobs/register/registration.ts'
import { recordPath } from '../registry/record.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'
import { table } from './table.ts'

type Registered = Extract<Registration, { is: 'registered' }>

/** Stores what a training made, and writes the proposal of its record. */
export async function run(input: CommandInput): Promise<number> {
  const ask = askOf(input)
  const pathOf = (path: string) => pathFrom(input.calledFrom, path)
  const out = pathOf(input.text('out') ?? 'proposal.json')
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const { folder, terminal } = input
  if (ask.version !== null) await mustBeNew(folder, recordPath(ask.model, ask.version))
  const registration = await registerVersion({ ask, folder, pathOf, now, progress: terminal.progress })
  if (registration.is === 'refused') return refuse(input, registration.problems)
  const record = ask.dryRun ? null : await writeDown(registration, { out, folder })
  tell(input, registration, { out, record })
  return EXIT.passed
}

/** Asked before anything is stored; the file may be there and not be committed yet. */
async function mustBeNew(folder: string, path: string): Promise<void> {
  if (existsSync(join((await openCheckout(folder)).root, path)))
    throw new InvalidCommand(`${path} is there already`, 'Versions never change: choose the next number.')
}

function askOf(input: CommandInput): RegisterAsk {
  const text = (option: string) => input.text(option) ?? null
  const path = (option: string) => {
    const given = text(option)
    return given === null || isUri(given) ? given : pathFrom(input.calledFrom, given)
  }
  const request = text('request')
  return {
    model: text('model') ?? '',
    artifact: path('artifact') ?? '',
    reference: path('reference') ?? '',
    evaluation: path('evaluation'),
    validation: path('validation'),
    metrics: path('metrics'),
    parameters: input.texts('parameters'),
    seed: text('seed'),
    request: request?.trimStart().startsWith('{') ? request : path('request'),
    trial: text('trial'),
    checkpoint: text('checkpoint'),
    predictions: path('predictions'),
    units: path('units'),
    id: text('id'),
    format: text('format') as RegisterAsk['format'],
    threshold: text('threshold'),
    features: text('features'),
    data: input.texts('data'),
    environment: input.texts('environment'),
    gpu: text('gpu'),
    gpuSeconds: text('gpu-seconds'),
    costUsd: text('cost-usd'),
    parent: text('parent'),
    version: text('version'),
    mlflow: path('mlflow'),
    allowDirty: input.flag('allow-dirty'),
    dryRun: input.flag('dry-run'),
  }
}

function refuse({ terminal, json }: CommandInput, problems: readonly RegisterProblem[]): number {
  const message = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, and nothing was registered`
  const mend = 'Mend them, and call register again.'
  if (json)
    terminal.document({
      schema: 'weighbridge.error/v1',
      error: { kind: 'InvalidCommand', message, mend, problems, exit: EXIT.badInput },
    })
  else {
    for (const problem of problems) terminal.complain(`${problem.where}: ${problem.what}. ${problem.mend}`)
    terminal.complain(`weighbridge: ${message}.`)
  }
  return EXIT.badInput
}

/** @returns the record's file, where its number is known */
async function writeDown(
  { proposal, record }: Registered,
  { out, folder }: { readonly out: string; readonly folder: string },
): Promise<string | null> {
  const path = record === null ? null : join((await openCheckout(folder)).root, record.path)
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, `${JSON.stringify(proposal, null, 2)}\n`)
  if (path === null || record === null) return null
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, record.text, { flag: 'wx' })
  return record.path
}

function tell(
  input: CommandInput,
  { proposal, objects, notes }: Registered,
  { out, record }: { readonly out: string; readonly record: string | null },
): void {
  const { terminal, json } = input
  const isDry = input.flag('dry-run')
  const file = relative(input.calledFrom, out) || out
  if (json) {
    const head = {
      schema: 'weighbridge.registration/v1',
      engine: proposal.engine,
      model: proposal.model,
      dry_run: isDry,
    }
    terminal.document({ ...head, proposal_file: isDry ? null : file, record_file: record, proposal, objects, notes })
    return
  }
  terminal.line(`${proposal.model} ${input.text('version') ?? 'candidate'}, ${proposal.record.artifact.digest}`)
  const rows = objects.map(({ field, uri, size_bytes, stored }) => [field, String(size_bytes), whatBecame(stored), uri])
  for (const line of table(['object', 'bytes', '', 'where'], rows)) terminal.line(line)
  for (const note of notes) terminal.line(`Note: ${note}.`)
  if (isDry) terminal.line('Nothing was uploaded or written.')
  else terminal.line(`Proposed in ${file}${record === null ? '' : `, recorded in ${record}`}.`)
}

function whatBecame(stored: Registered['objects'][number]['stored']): string {
  if (stored === null) return 'not stored'
  if (stored.is === 'there') return 'was there'
  return stored.resumed_bytes > 0 ? `stored, ${stored.resumed_bytes} bytes from before` : 'stored'
}
