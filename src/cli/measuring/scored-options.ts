import type { ScoredColumns } from '../../jobs/measure/scored-table.ts'
import { type CommandInput, InvalidCommand, type OptionSpec } from '../command.ts'

/** Options that say which columns of a table of predictions hold what. */
export const SCORED_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  label: { type: 'string', value: 'COLUMN', required: true, about: 'The true answer.' },
  score: { type: 'string', value: 'COLUMN', about: 'Score of the positive class; of a regression, the number said.' },
  'score-prefix': {
    type: 'string',
    value: 'PREFIX',
    about: 'Several classes: columns named by this and the class, such as score_.',
  },
  prediction: { type: 'string', value: 'COLUMN', about: 'The class said, or the number of a regression.' },
  task: {
    type: 'string',
    value: 'TASK',
    choices: ['binary', 'multiclass', 'regression'],
    about: 'Default: multiclass with --score-prefix, binary with --score.',
  },
  positive: { type: 'string', value: 'VALUE', about: 'The label that counts as positive; default 1.' },
  threshold: { type: 'string', value: 'NUMBER', about: 'prediction = score > threshold; default 0.5.' },
  weight: { type: 'string', value: 'COLUMN', about: 'How much each row counts; intervals are then by bootstrap.' },
  unit: { type: 'string', value: 'COLUMN', about: 'Rows of one unit belong together; intervals are then clustered.' },
  id: { type: 'string', value: 'COLUMN', about: 'Column that identifies a row.' },
  where: { type: 'string', value: 'EXPR', about: "Only rows of which this holds, such as 'age < 25'." },
  confidence: { type: 'string', value: 'LEVEL', about: 'Two-sided level of the intervals; default 0.95.' },
}

/**
 * What the options say of the columns.
 *
 * @throws {InvalidCommand} when nothing says what was answered, or what kind of task it is
 */
export function scoredColumns(input: CommandInput): ScoredColumns {
  const text = (option: string) => input.text(option) ?? null
  const task = taskOf(input)
  return {
    task,
    label: input.text('label') ?? '',
    score: text('score'),
    scorePrefix: text('score-prefix'),
    prediction: text('prediction'),
    positive: positiveOf(input.text('positive')),
    threshold: numberOf(input, 'threshold', 0.5),
    weight: text('weight'),
    unit: text('unit'),
    id: text('id'),
    where: text('where'),
  }
}

function taskOf(input: CommandInput): ScoredColumns['task'] {
  const [score, prefix, prediction] = ['score', 'score-prefix', 'prediction'].map((option) => input.text(option))
  if (score === undefined && prefix === undefined && prediction === undefined)
    throw new InvalidCommand(
      'neither --score nor --score-prefix nor --prediction is given',
      'Name the column that holds what the model answered.',
    )
  const task = (input.text('task') ??
    (prefix === undefined ? (score === undefined ? null : 'binary') : 'multiclass')) as ScoredColumns['task'] | null
  if (task === null)
    throw new InvalidCommand(
      'a column of predictions does not say what they are',
      'Add --task binary, multiclass or regression.',
    )
  if (prefix !== undefined && task !== 'multiclass')
    throw new InvalidCommand(
      `--score-prefix names columns of several classes, and the task is ${task}`,
      'Name one with --score.',
    )
  if (score !== undefined && task === 'multiclass')
    throw new InvalidCommand(
      '--score is one column, and several classes have several',
      'Name their prefix with --score-prefix.',
    )
  return task
}

/** The positive label as YAML would read it. */
function positiveOf(text: string | undefined): string | number | boolean {
  if (text === undefined) return 1
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

/** Level of the intervals, over 0.5 and under 1. */
export function confidenceOf(input: CommandInput): number {
  const level = numberOf(input, 'confidence', 0.95)
  if (level > 0.5 && level < 1) return level
  throw new InvalidCommand(`--confidence cannot be ${level}`, 'Write a level over 0.5 and under 1, such as 0.95.')
}

function numberOf(input: CommandInput, option: string, otherwise: number): number {
  const text = input.text(option)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new InvalidCommand(`--${option} cannot be "${text}"`, `Write a number such as ${otherwise}.`)
}
