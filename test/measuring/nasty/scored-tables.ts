import { expect } from 'vitest'
import type { Dice } from '../../support/dice.ts'
import { PLAIN } from '../../support/measured-tables.ts'
import type { NastyColumn, NastyTable } from '../../support/nasty-tables.ts'

/** Columns of a table of predictions, by role. */
export const SCORED = {
  label: 'label',
  score: 'score',
  prediction: 'prediction',
  target: 'target',
  answer: 'target',
  weight: 'weight',
  unit: 'unit',
  id: 'id',
  group: 'group',
  feature: 'feature',
} as const

const TASKS = ['binary', 'binary', 'regression', 'multiclass'] as const

/** A question about such a table, any that the command line lets through. */
export function anyAsk(dice: Dice) {
  const task = dice.pick(TASKS)
  const given = task === 'binary' ? dice.pick(['score', 'prediction', 'both']) : task
  const some = (name: string) => (dice() < 0.25 ? name : null)
  return {
    ...PLAIN,
    task,
    label: task === 'regression' ? 'target' : 'label',
    score: given === 'regression' ? 'answer' : given === 'score' || given === 'both' ? 'score' : null,
    prediction: given === 'prediction' || given === 'both' || given === 'multiclass' ? 'prediction' : null,
    weight: some('weight'),
    unit: some('unit'),
    id: some('id'),
    where: some('score > 0.2'),
  }
}

/** The same rows with another model's answers. */
export function withOtherAnswers(table: NastyTable, other: NastyTable): NastyTable {
  const own = ['score', 'prediction', 'answer']
  const columns = [...table.columns].map(
    ([name, column]) => [name, own.includes(name) ? other.columns.get(name)! : column] as const,
  )
  return { rows: table.rows, columns: new Map(columns) }
}

/** What a label says, written without the program's own rules: 1 positive, 0 not, null where there is none. */
export function truthOf({ cells }: NastyColumn): readonly (0 | 1 | null)[] {
  return cells.map((cell) => {
    if (cell === null || cell === 'NaN') return null
    return ['1', '1.0', 'true'].includes(cell) ? 1 : 0
  })
}

const SPELLED_ALIKE = new Map([
  ['1.0', '1'],
  ['true', '1'],
  ['false', '0'],
])

/** Different values of a label that are not another spelling of one. */
export function classesIn({ cells }: NastyColumn): number {
  const spelled = cells.filter((cell): cell is string => cell !== null && cell !== 'NaN')
  return new Set(spelled.map((cell) => SPELLED_ALIKE.get(cell) ?? cell)).size
}

interface Numbered {
  readonly metric?: string
  readonly code: string
}

/** A number that does not exist never stands without a warning that names its metric, or spoils them all. */
export function mustExplainNulls(
  metrics: Readonly<Record<string, object>>,
  numbers: readonly string[],
  warnings: readonly Numbered[],
): void {
  const isSpoilt = warnings.some(({ code }) => code === 'score_not_finite')
  for (const [name, metric] of Object.entries(metrics)) {
    const lacks = numbers.filter((number) => (metric as Readonly<Record<string, unknown>>)[number] === null)
    if (lacks.length === 0 || isSpoilt) continue
    expect(
      warnings.some((warning) => warning.metric === name),
      `${name} lacks ${lacks}, and a warning says so`,
    ).toBe(true)
  }
}
