import { engineName } from '../../adapters/evidence/engine-version.ts'
import { type FairnessAsk, limitedDisparities, measureFairnessTable } from '../../jobs/measure/fairness.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { fairnessPage } from '../../report/measured/fairness-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { openInputTables } from './input-tables.ts'
import { tellMeasured } from './tell-measured.ts'

/** Groups and disparities of one table; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const options = optionsOf(input)
  const opened = openInputTables(input)
  try {
    const data = await opened.source('data')
    const document = await measureFairnessTable({ ...options, data }, opened.tables, input.terminal.progress)
    return await tellMeasured(input, document, () => fairnessPage(document, data.called))
  } finally {
    await opened.close()
  }
}

function optionsOf(input: CommandInput): Omit<FairnessAsk, 'data'> {
  const task = taskOf(input)
  const prediction = input.text('prediction') ?? null
  const score = input.text('score') ?? null
  if (prediction === null && score === null)
    throw new InvalidCommand(
      'neither --prediction nor --score is given',
      'Name the column that holds what the model answered.',
    )
  const across = input.texts('across').map(columnsOf)
  return {
    task,
    label: input.text('label') ?? '',
    prediction,
    score,
    threshold: numberOf(input, 'threshold', 0.5, () => true, '0.5'),
    positive: positiveOf(input.text('positive')),
    across: [...new Map(across.map((columns) => [columns.join(','), columns])).values()],
    minRows: numberOf(input, 'min-rows', 30, isCount, '30'),
    privileged: privilegedOf(input, across.flat()),
    unit: input.text('unit') ?? null,
    weight: input.text('weight') ?? null,
    where: input.text('where') ?? null,
    confidence: numberOf(input, 'confidence', 0.95, (level) => level >= 0.5 && level < 1, '0.95'),
    minCell: minCellOf(input),
    limits: limitsOf(input, task),
    engine: engineName(),
  }
}

/** Of several classes one is compared with the rest, and a single score does not say which is answered. */
function taskOf(input: CommandInput): FairnessAsk['task'] {
  const task = (input.text('task') ?? 'binary') as FairnessAsk['task']
  const missing = ['positive', 'prediction'].find((option) => input.text(option) === undefined)
  if (task === 'multiclass' && missing !== undefined)
    throw new InvalidCommand(
      `--task multiclass needs --${missing}`,
      'Name the favourable class and the column of predicted classes: --positive approved --prediction c.',
    )
  return task
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1
}

function minCellOf(input: CommandInput): number | null {
  if (input.flag('public')) return numberOf(input, 'min-cell', 10, isCount, '10')
  if (input.text('min-cell') === undefined) return null
  throw new InvalidCommand('--min-cell says what --public merges', 'Add --public, or leave --min-cell out.')
}

function columnsOf(text: string): readonly string[] {
  const columns = text.split(',').map((name) => name.trim())
  if (columns.some((name) => name === '') || new Set(columns).size < columns.length)
    throw new InvalidCommand(`--across cannot be "${text}"`, 'Write one column, or several of them as sex,race.')
  return columns
}

/** `sex=Male`, or `sex=Male,race=White`; a column that is given twice is a mistake. */
function privilegedOf(input: CommandInput, across: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const text of input.texts('privileged').flatMap((value) => value.split(/,(?=[^,=]+=)/))) {
    const [name, value] = pairOf('privileged', text, 'sex=Male')
    if (!across.includes(name))
      throw new InvalidCommand(
        `--privileged ${text}: --across does not name ${name}`,
        suggest(name, [...new Set(across)], 'Columns of --across'),
      )
    if (found.has(name))
      throw new InvalidCommand(`--privileged names ${name} twice`, 'One group of each column can be privileged.')
    found.set(name, value)
  }
  return found
}

function limitsOf(input: CommandInput, task: FairnessAsk['task']): ReadonlyMap<string, number> {
  const known = limitedDisparities(task)
  return new Map(
    input.texts('limit').map((text) => {
      const [name, value] = pairOf('limit', text, 'disparate_impact=0.8')
      if (!known.includes(name))
        throw new InvalidCommand(`--limit: ${name} takes no limit`, suggest(name, known, 'Disparities'))
      const limit = Number(value)
      if (value.trim() === '' || !(limit >= 0) || limit === Number.POSITIVE_INFINITY)
        throw new InvalidCommand(
          `--limit ${text} is no number of 0 or more`,
          'Write disparate_impact=0.8, for example.',
        )
      return [name, limit]
    }),
  )
}

function pairOf(option: string, text: string, example: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidCommand(`--${option} cannot be "${text}"`, `Write ${example}, for example.`)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function numberOf(
  input: CommandInput,
  option: string,
  otherwise: number,
  isFine: (value: number) => boolean,
  example: string,
): number {
  const text = input.text(option)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && isFine(value)) return value
  throw new InvalidCommand(`--${option} cannot be "${text}"`, `Write a number such as ${example}.`)
}

/** The positive label as YAML would read it. */
function positiveOf(text: string | undefined): string | number | boolean {
  if (text === undefined) return 1
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
