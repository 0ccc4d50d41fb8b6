import { millisecondsOf } from '../../measuring/drift-periods.ts'
import type { MeasuredWarning } from '../../measuring/measured-warning.ts'
import { type LabelDrift, measurePredictions, type PredictionDrift } from '../../measuring/prediction-drift.ts'
import { type ColumnInfo, type TableSource, type Tables, Unavailable } from '../../ports.ts'
import type { DriftInput } from '../../statistics/drift-column.ts'

export interface PredictionDriftAsk {
  readonly tables: Tables
  /** What the version said of its evaluation set; never of the rows it was trained on. */
  readonly reference: TableSource
  readonly current: TableSource
  readonly score?: string
  readonly prediction?: string
  readonly label?: string
  /** Column that says when, of the current window. */
  readonly time?: string
  /** Until when a label can be relied on to have come, such as 30d; none without. */
  readonly labelDelay?: string
  /** Moment that the age of a day is counted from, ms; the latest row of the window without. */
  readonly now?: number
  readonly minEffect?: number
}

/** A number with more different values than this is no class. */
const MOST_CLASSES = 20

/**
 * How the answers of a version, and the labels, moved since its evaluation set.
 *
 * @throws {Unavailable} when a column is not in both tables, or the delay is no length of time
 */
export async function measurePredictionDrift(ask: PredictionDriftAsk): Promise<{
  readonly predictions: PredictionDrift | null
  readonly labels: LabelDrift | null
  readonly warnings: readonly MeasuredWarning[]
}> {
  const { tables } = ask
  const [before, after] = await Promise.all([tables.describe(ask.reference), tables.describe(ask.current)])
  const time = ask.time !== undefined && typeOf(ask.time, after.columns) === 'time' ? ask.time : null
  const wanted = [ask.score, ask.prediction, ask.label].filter((name) => name !== undefined)
  for (const name of wanted) requireBoth(name, before.columns, after.columns)
  const read = (source: TableSource, extra: readonly string[]) =>
    tables.read(source, { columns: [...new Set([...wanted, ...extra])] })
  const was = await read(ask.reference, [])
  const is = await read(ask.current, time === null ? [] : [time])
  const at = time === null ? undefined : is.columns.get(time)
  const pair = (name: string | undefined, kind: (input: DriftInput) => DriftInput['kind']): DriftInput | null => {
    if (name === undefined) return null
    const input = {
      column: name,
      kind: 'number',
      reference: was.columns.get(name)!,
      current: is.columns.get(name)!,
    } as const
    return { ...input, kind: kind(input) }
  }
  const answer = measurePredictions({
    score: pair(ask.score, () => 'number'),
    prediction: pair(ask.prediction, kindOfAnswer),
    label: pair(ask.label, kindOfAnswer),
    time: at !== undefined && 'nulls' in at ? at.values : null,
    labelDelayMs: delayOf(ask.labelDelay),
    now: ask.now ?? null,
    minEffect: ask.minEffect ?? 0.05,
  })
  if (ask.time === undefined || time !== null) return answer
  const noTime = { code: 'time-not-used', column: ask.time, message: 'holds no times: the window counts as one day' }
  return { ...answer, warnings: [...answer.warnings, noTime] }
}

function delayOf(text: string | undefined): number {
  const found = text === undefined ? 0 : millisecondsOf(text)
  if (found !== null) return found
  const mend = 'Write a whole number and s, m, h, d or w, such as 30d.'
  throw new Unavailable('missing', `--label-delay ${text} is no length of time`, mend)
}

/** Few whole numbers are classes; what else is a number is one. */
function kindOfAnswer({ reference }: DriftInput): DriftInput['kind'] {
  if ('codes' in reference) return 'category'
  const seen = new Set<number>()
  for (let row = 0; row < reference.values.length; row++) {
    const value = reference.values[row]!
    if (reference.nulls[row] === 1) continue
    if (!Number.isInteger(value) || (seen.add(value) && seen.size > MOST_CLASSES)) return 'number'
  }
  return 'category'
}

function typeOf(name: string, columns: readonly ColumnInfo[]): ColumnInfo['type'] | undefined {
  return columns.find((column) => column.name === name)?.type
}

function requireBoth(name: string, before: readonly ColumnInfo[], after: readonly ColumnInfo[]): void {
  for (const [side, columns] of [
    ['reference', before],
    ['current window', after],
  ] as const) {
    if (typeOf(name, columns) !== undefined) continue
    const known = columns.map((column) => column.name).join(', ')
    throw new Unavailable(
      'missing',
      `the ${side} has no column ${name}`,
      `Scores, predictions and labels are compared with those of the evaluation set: give both. Columns there: ${known}.`,
    )
  }
}
