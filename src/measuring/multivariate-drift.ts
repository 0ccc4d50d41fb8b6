import { binned } from '../statistics/binned-columns.ts'
import { classifyDomains, type DomainClassified } from '../statistics/domain-classifier.ts'
import type { DriftInput } from '../statistics/drift-column.ts'
import { isIdLike } from '../statistics/drift-notes.ts'
import { missingIn, rowsOf, windowsOf } from '../statistics/drift-windows.ts'
import { encodedColumn } from '../statistics/encoded-columns.ts'
import { type Reconstruction, reconstructionError } from '../statistics/reconstruction-error.ts'
import { settledOrder, takeFromColumn } from '../statistics/settled-rows.ts'
import { type Exchange, exchangeOver } from '../statistics/window-labels.ts'
import type { MeasuredWarning } from './measured-warning.ts'

export interface MultivariateInput {
  readonly columns: readonly DriftInput[]
  /** ms a row of each window, in row order; where there is none, rows are exchanged freely. */
  readonly time: { readonly reference: Float64Array; readonly current: Float64Array } | null
  readonly confidence: number
  readonly seed: number
  /** Deals of the null; 100 by the house's rule. */
  readonly permutations: number
  readonly progress?: (done: number, of: number) => void
}

/** What only all columns together show. It is told, and never judges. */
export interface MultivariateDrift {
  /** Rows that were looked at. */
  readonly rows: { readonly reference: number; readonly current: number }
  readonly columns: readonly string[]
  readonly confidence: number
  readonly seed: number
  readonly domain_classifier: DomainClassified & {
    readonly classifier: 'boosted-tables'
    /** What chance was allowed to exchange: single rows, rows of one stretch of time, or whole stretches. */
    readonly exchanged: Exchange['kind']
  }
  readonly reconstruction: Reconstruction
}

/**
 * Drift of all columns together: a classifier that tells the windows apart, and the error of the reference's principal
 * components.
 *
 * Neither order of rows nor order of columns changes anything. Columns that would give a window away by their nature
 * (identifiers, times) or by a finding of their own (all missing, another type) are left out and named.
 *
 * @param columns  both windows of each column, as many rows in all columns of a window
 */
export function measureMultivariate(input: MultivariateInput): {
  readonly multivariate: MultivariateDrift
  readonly warnings: readonly MeasuredWarning[]
} {
  const { confidence, seed, permutations, progress } = input
  const { used, warnings } = chosen(input.columns)
  const { columns, time } = settled(used, input.time, seed)
  const rows = { reference: rowsIn(columns, 'reference'), current: rowsIn(columns, 'current') }
  const current = new Uint8Array(rows.reference + rows.current).fill(1, rows.reference)
  const byTime = time === null ? undefined : exchangeOver(pooled(time), current)
  if (time !== null && byTime === undefined) warnings.push(TIME_NOT_USED)
  const exchange = byTime ?? { kind: 'rows' }
  const classified = classifyDomains({
    ...{ columns: columns.map(binned), current, exchange, confidence, seed, permutations },
    ...(progress === undefined ? {} : { progress }),
  })
  const multivariate: MultivariateDrift = {
    ...{ rows, columns: columns.map((one) => one.column), confidence, seed },
    domain_classifier: { ...classified, classifier: 'boosted-tables', exchanged: exchange.kind },
    reconstruction: reconstructionError(inTime(columns, time).map(encodedColumn)),
  }
  return { multivariate, warnings }
}

const TIME_NOT_USED: MeasuredWarning = {
  code: 'time-not-used',
  message:
    'a time is missing or the windows are too short to be cut into stretches: rows were exchanged as if they stood alone',
}

function chosen(all: readonly DriftInput[]): { readonly used: DriftInput[]; readonly warnings: MeasuredWarning[] } {
  const warnings: MeasuredWarning[] = []
  const sorted = [...all].sort((a, b) => (a.column < b.column ? -1 : 1))
  const used = sorted.filter((input) => {
    const why = whyLeftOut(input)
    if (why !== undefined)
      warnings.push({
        code: 'left-out',
        column: input.column,
        message: `left out of the look at all columns together: ${why}`,
      })
    return why === undefined
  })
  return { used, warnings }
}

function whyLeftOut(input: DriftInput): string | undefined {
  if (input.reference.type === 'time' || input.current.type === 'time') return 'a time tells any two windows apart'
  if (input.typeChanged !== undefined) return 'its type changed'
  const empty = [input.reference, input.current].some((column) => missingIn(column) === rowsOf(column))
  if (empty) return 'a window has no value of it'
  const windows = windowsOf(input)
  if (windows === undefined) return 'it is to be read as a number and holds text'
  return isIdLike(windows) ? 'nearly every row has its own value' : undefined
}

type Times = { readonly reference: Float64Array; readonly current: Float64Array }

/** Rows in an order that depends on what they hold; ties hold the same. */
function settled(columns: readonly DriftInput[], time: Times | null, seed: number) {
  const order = {
    reference: settledOrder(
      columns.map((one) => one.reference),
      seed,
      'reference',
    ),
    current: settledOrder(
      columns.map((one) => one.current),
      seed,
      'current',
    ),
  }
  const taken = columns.map((one) => ({
    ...one,
    reference: takeFromColumn(one.reference, order.reference),
    current: takeFromColumn(one.current, order.current),
  }))
  const at = (side: 'reference' | 'current') => Float64Array.from(order[side], (row) => time![side][row]!)
  return { columns: taken, time: time === null ? null : { reference: at('reference'), current: at('current') } }
}

/** The reference's rows as time passed, where there is time. */
function inTime(columns: readonly DriftInput[], time: Times | null): readonly DriftInput[] {
  if (time === null) return columns
  const at = time.reference
  const order = Uint32Array.from(at, (_, row) => row).sort((a, b) => at[a]! - at[b]!)
  return columns.map((one) => ({ ...one, reference: takeFromColumn(one.reference, order) }))
}

function pooled({ reference, current }: Times): Float64Array {
  const both = new Float64Array(reference.length + current.length)
  both.set(reference)
  both.set(current, reference.length)
  return both
}

function rowsIn(columns: readonly DriftInput[], side: 'reference' | 'current'): number {
  return columns[0] === undefined ? 0 : rowsOf(columns[0][side])
}
