import type { CodedColumns } from './coalitions.ts'
import type { Interval } from './estimate.ts'
import { askInParts, type Inquiry } from './inquiry.ts'
import { meanWithInterval } from './mean-interval.ts'
import { pcg32 } from './pcg32.ts'
import { shuffled } from './shuffled.ts'

export interface ImportanceAsk {
  /** Names of the columns: each has a stream of chance of its own, so their order changes nothing. */
  readonly columns: readonly string[]
  /** Equal codes, equal values; one entry a row. */
  readonly codes: CodedColumns
  /** Numbers that the model answers a row, such as one probability a class; 1 unless said. */
  readonly width?: number
  /** The model's metric from its answers, row by row; null where it does not exist. */
  readonly metric: (scores: Float64Array) => number | null
  readonly better: 'higher' | 'lower'
  /** 1 or more. */
  readonly repeats: number
  readonly seed: number
}

/** What the metric loses when a column's values are dealt out anew, in the metric's own unit. */
export interface ColumnImportance {
  readonly column: string
  /** null where the metric does not exist for a permutation. */
  readonly mean: number | null
  /** Standard deviation over the repeats (n - 1); null with one repeat. */
  readonly std: number | null
  /** Standard error of the mean over the repeats: chance of permuting, not of the rows. */
  readonly se: number | null
  /** Student's interval of the mean over the repeats, two-sided 0.95. */
  readonly interval: Interval | null
  /**
   * How far a row's answer moves on average, in the unit of the answer: what the model leans on, whether or not that
   * helps it. A column that misleads has a negative mean and a movement. Of several numbers a row, which are shares,
   * half the summed change.
   */
  readonly movement: number
  /** One loss a repeat; NaN where the metric does not exist. */
  readonly repeats: Float64Array
}

export interface ImportanceAnswer {
  readonly baseline: number | null
  readonly columns: readonly ColumnImportance[]
}

/** Scores that may be remembered for a column of few values. */
const REMEMBERED = 8_000_000

/**
 * Permutation importance: how much worse the metric gets when one column is permuted.
 *
 * Each column is permuted `repeats` times; positive means worse, whichever way the metric points. A row that is dealt
 * its own value keeps its score, and a value of a column of few values is asked once a row, not once a repeat.
 *
 * @throws {RangeError} on fewer than one repeat
 * @see Breiman (2001); Fisher, Rudin, Dominici (2019); scikit-learn's permutation_importance
 */
export function* permutationImportance(ask: ImportanceAsk): Inquiry<ImportanceAnswer> {
  if (!(ask.repeats >= 1)) throw new RangeError(`permutationImportance: ${ask.repeats} repeats`)
  const rows = Int32Array.from(ask.codes[0] ?? [], (_, row) => row)
  const alone = (from: number, to: number) => ({ base: rows.subarray(from, to), swapped: new Map() })
  const own = yield* askInParts(rows.length, alone, ask.width)
  const baseline = ask.metric(own)
  const columns: ColumnImportance[] = []
  for (const [index, column] of ask.columns.entries())
    columns.push(importanceOf(column, yield* losses(ask, index, { rows, own, baseline })))
  return { baseline, columns }
}

interface Whole {
  readonly rows: Int32Array
  readonly own: Float64Array
  readonly baseline: number | null
}

interface Losses {
  readonly repeats: Float64Array
  readonly movement: number
}

function* losses(ask: ImportanceAsk, index: number, { rows, own, baseline }: Whole): Inquiry<Losses> {
  const chance = pcg32(ask.seed, `importance ${ask.columns[index]}`)
  const { width = 1 } = ask
  const permuted = permutedScores(ask.codes[index]!, { own, width }, ask.repeats)
  const found = new Float64Array(ask.repeats)
  let moved = 0
  for (let repeat = 0; repeat < ask.repeats; repeat++) {
    const scores = yield* permuted(index, shuffled(rows, chance))
    moved += scores.reduce((sum, score, at) => sum + Math.abs(score - own[at]!), 0)
    const value = ask.metric(scores)
    const isKnown = value !== null && baseline !== null
    found[repeat] = isKnown ? (ask.better === 'higher' ? baseline - value : value - baseline) : Number.NaN
  }
  const perRow = rows.length === 0 ? 0 : moved / rows.length / ask.repeats
  return { repeats: found, movement: width === 1 ? perRow : perRow / 2 }
}

interface Answered {
  readonly own: Float64Array
  readonly width: number
}

/** Scores with one column dealt out as `donors` say; asks only what is not known yet. */
function permutedScores(codes: Int32Array, { own, width }: Answered, repeats: number) {
  const values = codes.reduce((most, code) => Math.max(most, code), 0) + 1
  const isFew = values <= repeats && values * own.length <= REMEMBERED
  const known = isFew ? rememberedScores(codes, { own, width }, values) : null
  return function* (column: number, donors: Int32Array): Inquiry<Float64Array> {
    const asked = donors.map((donor, row) => (needs(row, donor) ? row : -1)).filter((row) => row >= 0)
    const compose = (from: number, to: number) => {
      const base = asked.subarray(from, to)
      return { base, swapped: new Map([[column, base.map((row) => donors[row]!)]]) }
    }
    const scores = yield* askInParts(asked.length, compose, width)
    const all = own.slice()
    asked.forEach((row, at) => {
      const answer = scores.subarray(at * width, (at + 1) * width)
      if (known === null) all.set(answer, row * width)
      else known.set(answer, place(row, donors[row]!))
    })
    if (known !== null)
      donors.forEach((donor, row) => {
        const from = place(row, donor)
        all.set(known.subarray(from, from + width), row * width)
      })
    return all
  }
  function place(row: number, donor: number): number {
    return (row * values + codes[donor]!) * width
  }
  function needs(row: number, donor: number): boolean {
    return known === null ? codes[row] !== codes[donor] : Number.isNaN(known[place(row, donor)]!)
  }
}

function rememberedScores(codes: Int32Array, { own, width }: Answered, values: number): Float64Array {
  const known = new Float64Array(own.length * values).fill(Number.NaN)
  codes.forEach((code, row) => {
    known.set(own.subarray(row * width, (row + 1) * width), (row * values + code) * width)
  })
  return known
}

function importanceOf(column: string, { repeats, movement }: Losses): ColumnImportance {
  const none = { column, mean: null, std: null, se: null, interval: null, movement, repeats }
  if (repeats.some(Number.isNaN)) return none
  const estimate = meanWithInterval(repeats, 0.95)
  if (estimate === null) return { ...none, mean: repeats[0]! }
  const { mean, se, interval } = estimate
  return { ...none, mean, std: se * Math.sqrt(repeats.length), se, interval }
}
