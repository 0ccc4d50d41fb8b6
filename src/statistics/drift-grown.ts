import type { DriftNote } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { riseByChance } from './rise-by-chance.ts'
import { sumOf } from './shares.ts'

/** A category so much more frequent than before is told, however small the column's distance. */
const TIMES = 5
const RISE = 0.01
const LEVEL = 0.01

/**
 * A rare category that is many times as frequent as before: by the rows that moved it is little, to a model it is new.
 *
 * At least five times and 1 % of the rows more, significant among all categories together (Bonferroni).
 *
 * @returns one note at most, of the category that grew by most rows
 * @example grownNotes({ kind: 'category', categories: ['a', 'b'], reference: [9950, 50], current: [950, 50] }).length // => 1
 */
export function grownNotes(windows: Windows): DriftNote[] {
  if (windows.kind === 'number') return []
  const [n, m] = [sumOf(windows.reference), sumOf(windows.current)]
  if (n === 0 || m === 0) return []
  const grown = windows.current.flatMap((rows, category) => {
    const before = windows.reference[category]!
    const [was, is] = [before / n, rows / m]
    if (before === 0 || is < TIMES * was || is - was <= RISE) return []
    const chance = riseByChance({ rows: n, of: before }, { rows: m, of: rows })
    return chance * windows.categories.length < LEVEL ? [{ was, is }] : []
  })
  const [most] = grown.sort((a, b) => b.is - b.was - (a.is - a.was))
  if (most === undefined) return []
  return [{ code: 'category-grew', message: `a value of ${percent(most.was)} of the rows is now ${percent(most.is)}` }]
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
