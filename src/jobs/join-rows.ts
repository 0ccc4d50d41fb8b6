import type { Column } from '../ports.ts'
import { columnTexts } from './column-texts.ts'

/**
 * Row of `right` for each row of `left`, by id as text; -1 where there is none. A missing id joins to nothing, and so
 * does one that repeats on the right.
 */
export function joinRows(left: Column | undefined, right: Column | undefined): Int32Array {
  const places = new Map<string, number>()
  for (const [row, id] of columnTexts(right).entries()) if (id !== null) places.set(id, places.has(id) ? -1 : row)
  return Int32Array.from(columnTexts(left), (id) => (id === null ? -1 : (places.get(id) ?? -1)))
}
