import type { DriftInput } from '../statistics/drift-column.ts'
import { missingIn, rowsOf } from '../statistics/drift-windows.ts'
import { takeFromColumn } from '../statistics/settled-rows.ts'

const DAY_MS = 86_400_000
/** Share of a day's rows that must have their label. */
const LABELLED = 0.95

/** The labels that have arrived. */
export interface SettledLabels {
  /** Both windows with the current rows of the days that count; null when there are none. */
  readonly counted: DriftInput | null
  readonly reference: number
  /** Current rows that are waited for. */
  readonly waiting: number
  /** Days of UTC; null without times. */
  readonly days: { readonly counted: number; readonly waiting: number } | null
  readonly because?: string
}

/**
 * The days whose labels can be compared: older than the delay, at least 95 % labelled.
 *
 * Labels that come late are rarely like those that come early: a day that is half labelled would drift by that alone. Without
 * times the window is one day of unknown age.
 */
export function settledLabels(
  label: DriftInput,
  terms: { readonly time: Float64Array | null; readonly labelDelayMs: number; readonly now: number | null },
): SettledLabels {
  const rows = rowsOf(label.current)
  const reference = rowsOf(label.reference)
  if (terms.time === null) {
    const isComplete = rows > 0 && missingIn(label.current) <= (1 - LABELLED) * rows
    if (isComplete) return { counted: label, reference, waiting: 0, days: null }
    return {
      counted: null,
      reference,
      waiting: rows,
      days: null,
      because: 'fewer than 95 % of the rows have their label',
    }
  }
  const day = terms.time.map((at) => Math.floor(at / DAY_MS))
  const now = terms.now ?? terms.time.reduce((last, at) => Math.max(last, Number.isNaN(at) ? last : at), -Infinity)
  const complete = completeDays(label, day, now - terms.labelDelayMs)
  const places = Uint32Array.from(day, (_, row) => row).filter((row) => complete.days.has(day[row]!))
  const days = { counted: complete.days.size, waiting: complete.all - complete.days.size }
  const waiting = rows - places.length
  if (places.length === 0) {
    return {
      counted: null,
      reference,
      waiting,
      days,
      because: 'no day is older than the delay and has 95 % of its labels',
    }
  }
  return { counted: { ...label, current: takeFromColumn(label.current, places) }, reference, waiting, days }
}

/** A day is as old as its end. A row without a time is of no day and waits. */
function completeDays(label: DriftInput, day: Float64Array, until: number) {
  const rowsOfDay = new Map<number, { rows: number; missing: number }>()
  const { current } = label
  for (let row = 0; row < day.length; row++) {
    if (Number.isNaN(day[row])) continue
    const found = rowsOfDay.get(day[row]!) ?? { rows: 0, missing: 0 }
    rowsOfDay.set(day[row]!, found)
    found.rows += 1
    found.missing += ('codes' in current ? current.codes[row]! < 0 : current.nulls[row] === 1) ? 1 : 0
  }
  const isComplete = ([at, { rows, missing }]: [number, { rows: number; missing: number }]) =>
    (at + 1) * DAY_MS <= until && missing <= (1 - LABELLED) * rows
  return { all: rowsOfDay.size, days: new Set([...rowsOfDay].filter(isComplete).map(([at]) => at)) }
}
