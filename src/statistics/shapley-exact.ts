import { type CodedColumns, listCoalitions } from './coalitions.ts'
import { askInParts, type Inquiry } from './inquiry.ts'

/** How much each column of one row adds to its score; `values` sum to score - base. */
export interface ShapleyRow {
  readonly score: number
  /** Mean score of the background. */
  readonly base: number
  /** One entry a column. */
  readonly values: Float64Array
  /** Standard error of each value by sampling; null where every coalition was asked. */
  readonly se: Float64Array | null
}

/**
 * Exact interventional Shapley values of one row's score.
 *
 * A value is phi_i = sum over S without i of |S|!(F-|S|-1)!/F! (v(S+i) - v(S)), where v(S) is the mean score of the
 * background rows with the columns of S taken from the row. The mean is taken outside: each background row is a game
 * of its own, of the columns in which it differs from the row, and columns that agree add exactly 0. All coalitions
 * are asked, equal rows once.
 *
 * @param codes       equal codes, equal values; one entry a pool row
 * @param row         pool row
 * @param background  pool rows, 1 or more; at most 30 columns may differ from the row
 * @see Lundberg, Lee (2017); Janzing, Minorics, Bloebaum (2020) for the interventional game
 */
export function* exactShapley(codes: CodedColumns, row: number, background: Int32Array): Inquiry<ShapleyRow> {
  const coalitions = listCoalitions(codes, row, background)
  const scores = yield* askInParts(coalitions.size, coalitions.compose)
  const values = new Float64Array(codes.length)
  let base = 0
  coalitions.places.forEach((places, game) => {
    addGame(values, scores, places, coalitions.players[game]!)
    base += scores[places[0]!]!
  })
  const score = scores[coalitions.places[0]!.at(-1)!]!
  const games = background.length
  return { score, base: base / games, values: values.map((value) => value / games), se: null }
}

/** Adds one game's values: every player's gain over every coalition without it. */
function addGame(values: Float64Array, scores: Float64Array, places: Int32Array, players: Int32Array): void {
  const weights = coalitionWeights(players.length)
  for (let subset = 0; subset < places.length; subset++) {
    const weight = weights[bitsOf(subset)]!
    const without = scores[places[subset]!]!
    for (let player = 0; player < players.length; player++)
      if ((subset & (1 << player)) === 0)
        values[players[player]!]! += weight * (scores[places[subset | (1 << player)]!]! - without)
  }
}

/**
 * How much a coalition of s players counts for one that joins it: s!(n-s-1)!/n!.
 *
 * @param players  n, 0 to 30
 * @returns by s, 0 to n - 1
 * @example coalitionWeights(3) // => [0.3333333333333333, 0.16666666666666666, 0.3333333333333333]
 */
export function coalitionWeights(players: number): readonly number[] {
  const weights: number[] = []
  for (let size = 0; size < players; size++)
    weights.push(size === 0 ? 1 / players : (weights[size - 1]! * size) / (players - size))
  return weights
}

function bitsOf(subset: number): number {
  let count = 0
  for (let rest = subset; rest !== 0; rest &= rest - 1) count++
  return count
}
