import { basename } from 'node:path'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { judgePredictions } from '../jobs/judge-predictions.ts'
import type { JudgeAsk } from '../jobs/judged-files.ts'
import { policyFromFile } from '../jobs/policy-from-file.ts'
import { tableOf } from '../jobs/prediction-files.ts'
import { show } from './check.ts'
import { type CommandInput, InvalidCommand, InvalidRecord } from './command.ts'
import { pathFrom } from './parse.ts'

/** The check for two prediction files; exits with the verdict. */
export async function run(input: CommandInput): Promise<number> {
  const policyPath = input.text('policy')
  const policy = await policyFromFile(
    policyPath === undefined ? null : pathFrom(input.calledFrom, policyPath),
    shippedPolicies(),
  )
  if ('mistakes' in policy) throw new InvalidRecord(policy.mistakes)
  const folder = openJobFolder()
  const tables = openTables({ folder: folder.path })
  try {
    input.terminal.progress('reading the predictions')
    const check = await judgePredictions(
      await askOf(input, folder.path, input.text('candidate') ?? ''),
      policy.composed,
      tables,
    )
    return show(check, input)
  } finally {
    await tables.close()
    folder.close()
  }
}

/** What the options of `judge`, which `init` shares, say of the prediction files. */
export async function askOf(input: CommandInput, folder: string, candidate: string): Promise<JudgeAsk> {
  const source = (name: string) => tableOf(pathFrom(input.calledFrom, name), folder, basename(name))
  const incumbent = input.text('incumbent')
  const score = input.text('score') ?? null
  const prediction = input.text('prediction') ?? null
  const scorePrefix = input.text('score-prefix') ?? null
  if (score === null && prediction === null && scorePrefix === null)
    throw new InvalidCommand(
      'neither --score nor --prediction is given',
      'Name the column that holds what the model answered.',
    )
  const task = input.text('task') ?? defaultTask(score, scorePrefix)
  return {
    candidate: await source(candidate),
    incumbent: incumbent === undefined ? null : await source(incumbent),
    task: task as JudgeAsk['task'],
    id: input.text('id') ?? null,
    label: input.text('label') ?? '',
    positive: positiveOf(input.text('positive')),
    isPositiveNamed: input.text('positive') !== undefined,
    score,
    scorePrefix,
    prediction,
    threshold: numberOf(input.text('threshold')),
    sensitive: input.texts('sensitive'),
    unit: input.text('unit') ?? null,
    now: new Date().toISOString(),
    engine: engineName(),
  }
}

function defaultTask(score: string | null, scorePrefix: string | null): JudgeAsk['task'] {
  if (scorePrefix !== null) return 'multiclass'
  return score === null ? 'regression' : 'binary'
}

/** The positive label as YAML would read it. */
function positiveOf(text: string | undefined): string | number | boolean {
  if (text === undefined) return 1
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

function numberOf(text: string | undefined): number {
  if (text === undefined) return 0.5
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidCommand(`--threshold cannot be "${text}"`, 'Write a number such as 0.5.')
  return value
}
