import { engineName } from '../../adapters/evidence/engine-version.ts'
import { openModelRunner } from '../../adapters/onnx/model-runner.ts'
import { explainModel } from '../../jobs/measure/explain.ts'
import type { ExplainInput } from '../../jobs/measure/explain-input.ts'
import { modelFile } from '../../jobs/measure/model-file.ts'
import { recordKind } from '../../registry/file-kinds.ts'
import { explainPage } from '../../report/measured/explain-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { type InputTables, openInputTables } from './input-tables.ts'
import { registryFile } from './registry-file.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf, wholeNumber } from './words.ts'

const MODEL_MEMORY_MB = 4096
const MOST = { repeats: 1000, sample: 10_000_000, timeout: 86_400 } as const

/** Explains a model and tells what was found; it judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const tables = openInputTables(input)
  try {
    const document = await explainModel(await inputOf(input, tables))
    return await tellMeasured(input, document, () => explainPage(document))
  } finally {
    await tables.close()
    input.terminal.progress(null)
  }
}

async function inputOf(input: CommandInput, tables: InputTables): Promise<ExplainInput> {
  const numbers = numbersOf(input)
  const path = (option: string): string => pathFrom(input.calledFrom, input.text(option) ?? '')
  const given = (option: string): boolean => input.text(option) !== undefined
  const record = await registryFile(input, 'record', recordKind)
  const other = await registryFile(input, 'compare-record', recordKind)
  if (other !== undefined && !given('compare'))
    throw new InvalidCommand('--compare-record is given without --compare', 'Name the other model with --compare.')
  const text = <Name extends string>(option: string, name: Name): { readonly [Key in Name]?: string } =>
    (given(option) ? { [name]: input.text(option) } : {}) as { readonly [Key in Name]?: string }
  const cut = threshold(input) ?? record?.threshold
  const counterfactual = wholeNumber(input, 'counterfactual', { least: 0, most: Number.MAX_SAFE_INTEGER })
  return {
    tables: tables.tables,
    runner: openModelRunner(),
    limits: { timeoutMs: numbers.timeout * 1000, memoryMb: MODEL_MEMORY_MB },
    engine: engineName(),
    progress: (said) => input.terminal.progress(said),
    model: await modelFile(path('model')),
    words: { ...(given('features') && { features: namesOf(input, 'features') }), ...(record && { record }) },
    data: await tables.source('data'),
    ...(given('background') && { background: await tables.source('background') }),
    ...(given('rows') && { rows: await tables.source('rows') }),
    ...text('label', 'label'),
    ...text('metric', 'metric'),
    ...(given('task') && { task: input.text('task') as ExplainInput['task'] & string }),
    positive: classFrom(input.text('positive') ?? '1'),
    ...(cut !== undefined && { threshold: cut }),
    ...numbers,
    dependence: namesOf(input, 'partial-dependence'),
    ...(counterfactual !== undefined && { counterfactual: { row: counterfactual, fixed: namesOf(input, 'fixed') } }),
    ...(given('compare') && {
      compare: { model: await modelFile(path('compare')), words: other === undefined ? {} : { record: other } },
    }),
  }
}

function numbersOf(input: CommandInput) {
  return {
    repeats: wholeNumber(input, 'repeats', { least: 1, most: MOST.repeats }) ?? 20,
    seed: wholeNumber(input, 'seed', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
    sample: wholeNumber(input, 'sample', { least: 10, most: MOST.sample }) ?? 20_000,
    timeout: wholeNumber(input, 'timeout', { least: 1, most: MOST.timeout }) ?? 600,
  }
}

function threshold(input: CommandInput): number | undefined {
  const text = input.text('threshold')
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw new InvalidCommand(`--threshold cannot be "${text}"`, 'Give a number, such as 0.5.')
}

/** A class as a record would write it: 1 and true are no texts. */
function classFrom(text: string): string | number | boolean {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : text
}
