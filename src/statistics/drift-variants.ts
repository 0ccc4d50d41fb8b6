import type { DriftNote } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { sumOf } from './shares.ts'

/**
 * New categories that are old ones in other letters or spaces: data that is prepared in two ways.
 *
 * @example variantNotes({ kind: 'category', categories: ['A', 'a'], reference: [9, 0], current: [0, 9] }).length // => 1
 */
export function variantNotes(windows: Windows): DriftNote[] {
  if (windows.kind === 'number') return []
  const { categories, reference, current } = windows
  const known = new Set(categories.filter((_, category) => reference[category]! > 0).map(folded))
  const isVariant = (category: number) => reference[category] === 0 && known.has(folded(categories[category]!))
  const variants = current.map((rows, category) => (rows > 0 && isVariant(category) ? rows : 0))
  const rows = sumOf(variants)
  if (rows === 0) return []
  const percent = `${Math.round((1000 * rows) / sumOf(current)) / 10} %`
  const message = `${percent} of the rows hold values that differ from known ones only in case or spaces`
  return [{ code: 'string-variants', message }]
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
}
