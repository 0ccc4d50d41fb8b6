import type { Checkout } from '../adapters/checkout/checkout.ts'
import { isDirty } from '../adapters/checkout/edit-file.ts'
import { localFacts, quarantineIn } from '../jobs/local-facts.ts'
import { type PlannedPromotion, planPromotion } from '../jobs/plan-promotion.ts'
import { recordPath } from '../registry/record.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { parseSubject } from './subject.ts'
import { makeEdit, openWorkingTrees, printDiff } from './working-trees.ts'

/** Edits the manifest by which an environment serves a version, in the working tree. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = parseSubject(input.positionals[0] ?? '')
  const environment = input.positionals[1] ?? ''
  const trees = await openWorkingTrees(input)
  input.terminal.progress('reading the registry')
  const models = trees.models === null ? {} : { models: trees.models.snapshot }
  const plan = await planPromotion({ snapshot: trees.snapshot, ...models, model, version, environment })
  if (plan.is !== 'edit') return refuse(input, plan, model, environment)
  const edit = { path: plan.path, before: plan.before, after: plan.text }
  const diff = await makeEdit(input, trees.checkout, edit)
  const doubt = await quarantine(trees.checkout, { environment, model, digest: plan.record.artifact.digest })
  const uncommitted = await uncommittedRecord(trees.models?.checkout ?? trees.checkout, recordPath(model, plan.to))
  tell(input, { ...plan, environment, diff, notes: [...plan.notes, ...uncommitted, ...doubt] })
  return EXIT.passed
}

async function uncommittedRecord({ root }: Checkout, path: string): Promise<readonly string[]> {
  return (await isDirty(root, path)) ? [`${path} is not committed, and the check needs it.`] : []
}

function refuse(
  { terminal }: CommandInput,
  plan: Exclude<PlannedPromotion, { is: 'edit' }>,
  model: string,
  environment: string,
): never {
  if (plan.is === 'mistakes') throw new InvalidRecord(plan.mistakes)
  if (plan.is === 'served') {
    const what = `${environment} serves ${model} ${plan.chosen.version} already (${plan.path}; ${plan.chosen.because})`
    throw new InvalidCommand(what, 'There is nothing to change.')
  }
  if (plan.snippet !== undefined) {
    terminal.complain(`A manifest to begin with, ${plan.snippet.path}:\n`)
    terminal.complain(plan.snippet.content)
  }
  const place = plan.place === null ? '' : `${plan.place.path}:${plan.place.line}:${plan.place.column} `
  throw new InvalidCommand(`${place}${plan.what}`, plan.mend)
}

interface Told extends Extract<PlannedPromotion, { is: 'edit' }> {
  readonly environment: string
  readonly diff: readonly string[]
}

function tell(input: CommandInput, { record, environment, path, from, to, chosen, notes, diff }: Told): void {
  const { terminal, json } = input
  const isDry = input.flag('dry-run')
  const title = `${record.model} ${to} to ${environment}`
  const next = [
    `git switch -c promote-${record.model}-${to}-to-${environment}`,
    `git commit -m "${title}" -- ${path}`,
    'weighbridge check',
    `git push, and open a pull request: its check weighs ${record.model} ${to} against ${from}`,
  ]
  if (json) {
    const { model } = record
    const document = { schema: 'weighbridge.promotion/v1', model, environment, from, to, because: chosen.because }
    terminal.document({ ...document, path, dry_run: isDry, diff: `${diff.join('\n')}\n`, notes, next })
    return
  }
  terminal.line(`${title}, from ${from} (${chosen.because})`)
  terminal.line()
  printDiff(input, diff)
  terminal.line()
  for (const note of notes) terminal.line(`Note: ${note}`)
  if (isDry) terminal.line('Nothing was written.')
  else for (const line of ['Next:', ...next.map((one) => `  ${one}`)]) terminal.line(line)
}

/** What the ledger's branch in this clone says of the artifact; the check itself believes only what it has verified. */
async function quarantine(
  checkout: Checkout,
  { digest, ...of }: { readonly environment: string; readonly model: string; readonly digest: string },
): Promise<readonly string[]> {
  const facts = await localFacts(checkout, of)
  const found = facts && quarantineIn(facts.lines, digest)
  if (found === null) return []
  const until = found.until === null ? '' : ` until ${found.until}`
  return [`the ledger in this clone says that its artifact is quarantined${until}: ${found.reason}.`]
}
