import type { DriftNote, DriftSide } from './drift-column.ts'

/** So many widths of the other window's whole range away, a number is one of another kind. */
const WIDTHS = 100
/** The range of fewer rows than this says little of where the others may lie. */
const FEWEST_ROWS = 500

/**
 * Numbers so far away that they can only be mistakes: over a hundred ranges of the other window beyond its ends.
 *
 * They move no decision of the default test, which goes by ranks; distances in the numbers' own unit they own.
 *
 * @param reference, current  finite numbers, ascending
 * @returns none where the other window has fewer than 500 rows: its range is no measure yet
 * @example outlierNotes([0, 1, 2], [1, 1, 1e6]) // => []
 */
export function outlierNotes(reference: ArrayLike<number>, current: ArrayLike<number>): DriftNote[] {
  return [...noteOn('current', current, reference), ...noteOn('reference', reference, current)]
}

function noteOn(where: DriftSide, numbers: ArrayLike<number>, others: ArrayLike<number>): DriftNote[] {
  const [low, high] = [others[0], others[others.length - 1]]
  if (others.length < FEWEST_ROWS || low === undefined || high === undefined || low === high) return []
  const reach = WIDTHS * (high - low)
  let rows = 0
  for (let i = 0; i < numbers.length && numbers[i]! < low - reach; i++) rows++
  for (let i = numbers.length - 1; i >= 0 && numbers[i]! > high + reach; i--) rows++
  if (rows === 0) return []
  const window = where === 'current' ? 'the current window' : 'the reference'
  const message = `has values in ${window} that lie over a hundred ranges of the other window away, rows: ${rows}`
  return [{ code: 'outliers', message }]
}
