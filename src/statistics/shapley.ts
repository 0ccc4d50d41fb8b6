import { type CodedColumns, differingColumns } from './coalitions.ts'
import type { Inquiry } from './inquiry.ts'
import { exactShapley, type ShapleyRow } from './shapley-exact.ts'
import { sampledShapley } from './shapley-sampled.ts'

/** Composed rows that an exact answer may ask, of all rows together. */
const EXACT_BUDGET = 5_000_000
/** Composed rows that sampling aims at. */
const SAMPLED_BUDGET = 1_000_000
const MOST_PLAYERS = 20
const PAIRS = { least: 2, most: 32 } as const

export interface ShapleyAsk {
  /** Equal codes, equal values; one array a column, one entry a pool row. */
  readonly codes: CodedColumns
  /** Pool rows to explain. */
  readonly rows: Int32Array
  /** Pool rows, 1 or more. */
  readonly background: Int32Array
  readonly seed: number
  readonly exactBudget?: number
}

export interface ShapleyAnswer {
  readonly method: 'exact' | 'sampled'
  /** Mean score of the background. */
  readonly base: number
  readonly rows: readonly ShapleyRow[]
  /** Antithetic pairs of orders a background row; null when exact. */
  readonly pairs: number | null
}

/**
 * Interventional Shapley values of the scores of several rows against one background.
 *
 * Exact where all coalitions of all rows together stay within the budget and nowhere more than 20 columns differ;
 * else by sampled orders, each value with its standard error. Either way values sum to score - base.
 *
 * @throws {RangeError} without rows or background
 */
export function* shapley(ask: ShapleyAsk): Inquiry<ShapleyAnswer> {
  const { codes, rows, background, seed } = ask
  if (rows.length === 0 || background.length === 0) throw new RangeError('shapley: no rows or no background')
  const isExact = coalitionCount(ask) <= (ask.exactBudget ?? EXACT_BUDGET)
  const pairs = pairsFor(ask)
  const answers: ShapleyRow[] = []
  for (const [place, row] of rows.entries())
    answers.push(
      yield* isExact
        ? exactShapley(codes, row, background)
        : sampledShapley(codes, row, background, { pairs, seed, stream: String(place) }),
    )
  return { method: isExact ? 'exact' : 'sampled', base: answers[0]!.base, rows: answers, pairs: isExact ? null : pairs }
}

/** Rows of all coalitions of all games, before equal ones are put together; Infinity where a game has too many players. */
function coalitionCount({ codes, rows, background }: ShapleyAsk): number {
  let count = 0
  for (const row of rows)
    for (const other of background) {
      const players = differingColumns(codes, row, other).length
      count += players > MOST_PLAYERS ? Number.POSITIVE_INFINITY : 2 ** players
    }
  return codes.length > 30 ? Number.POSITIVE_INFINITY : count
}

function pairsFor({ codes, rows, background }: ShapleyAsk): number {
  const perPair = rows.length * background.length * 2 * Math.max(1, codes.length - 1)
  return Math.max(PAIRS.least, Math.min(PAIRS.most, Math.floor(SAMPLED_BUDGET / perPair)))
}
