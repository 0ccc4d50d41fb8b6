import type { Contestant } from '../statistics/drift-decision.ts'
import type { Examined } from '../statistics/drift-examination.ts'
import { distanceByChance } from '../statistics/kolmogorov-smirnov.ts'
import { type DriftTerms, decideDrift } from '../statistics/measure-drift.ts'
import type { StatisticErrors } from './drift-of-numbers.ts'

/** A column with the errors of its numbers; without them they are those of rows. */
export type ErringColumn = Examined & { readonly errors?: StatisticErrors }

/**
 * Columns of which only rows can tell whether they drifted.
 *
 * Decides twice, with all numbers at the one and at the other end of what their errors allow: all p-values falling
 * together can only make more columns drift, so that a column with one answer at both ends has it for the rows too.
 *
 * @param columns  all that are decided together
 * @returns places in `columns`, ascending
 */
export function unsureColumns(columns: readonly ErringColumn[], terms: DriftTerms): readonly number[] {
  const at = (side: 1 | -1) =>
    decideDrift(
      columns.map((column) => atEnd(column, terms, side)),
      terms,
    ).columns
  const [least, most] = [at(-1), at(1)]
  return columns.flatMap((column, index) => {
    const [low, high] = [least[index]!, most[index]!]
    const same = low.is_drifted === high.is_drifted && low.reason === high.reason
    return same && isBounded(column, terms) ? [] : [index]
  })
}

/** What a count of categories left out says nothing of new values, nor of chance. */
function isBounded(column: ErringColumn, terms: DriftTerms): boolean {
  const error = errorOf(column, terms)
  return error === 0 || (error !== null && column.kind === 'number')
}

/**
 * How far off the number that decides on a column can be; null where nothing bounds it.
 *
 * @returns 0 for a column of rows, and for one that takes no part
 */
export function errorOf({ errors, contestant }: ErringColumn, { test }: DriftTerms): number | null {
  if (errors === undefined || contestant === undefined) return 0
  const name = test === 'default' ? defaultName(contestant) : test
  return name in contestant.statistics.shown ? (errors[name] ?? null) : 0
}

function defaultName({ statistics }: Contestant): 'ks' | 'total_variation' {
  return 'ks' in statistics.shown ? 'ks' : 'total_variation'
}

function atEnd(column: ErringColumn, terms: DriftTerms, side: 1 | -1): Examined {
  const error = errorOf(column, terms)
  if (column.contestant === undefined || error === null || error === 0) return column
  const { statistics, reference, current } = column.contestant
  const shown = shifted(statistics.shown, terms.test, side * error)
  if (terms.test !== 'default') return moved(column, { ...statistics, shown })
  const score = Math.min(1, Math.max(0, statistics.score + side * error))
  return moved(column, { ...statistics, score, p_value: distanceByChance(score, reference, current), shown })
}

function moved(column: ErringColumn, statistics: Contestant['statistics']): Examined {
  return { ...column, contestant: { ...column.contestant!, statistics } }
}

type Shown = Contestant['statistics']['shown']

function shifted(shown: Shown, test: string, off: number): Shown {
  const found = shown[test] ?? null
  if (found === null) return shown
  if (typeof found === 'number') return { ...shown, [test]: found + off }
  return { ...shown, [test]: { ...found, statistic: found.statistic === null ? null : found.statistic + off } }
}
