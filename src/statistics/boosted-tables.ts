import { type BinnedColumn, COARSE_LEVELS } from './binned-columns.ts'

/** A part of the score: one number a level of a column, or a cell of two columns. */
export interface ScoreTable {
  /** Places of the one or two columns. */
  readonly columns: readonly [number] | readonly [number, number]
  readonly values: Float64Array
}

export interface BoostedTables {
  readonly tables: readonly ScoreTable[]
}

/** Rows of a level count as if this many hundredths of certainty stood against it: few rows move little. */
const RIDGE = 4
const STEP = 0.5
const COLUMN_ROUNDS = 20
const PAIR_ROUNDS = 9
const KEPT_PAIRS = 4
/** Rows on which the pairs are looked for, spread over both windows; the chosen ones are then learned from all. */
const SCREENED_ROWS = 8000
const CELLS = COARSE_LEVELS * COARSE_LEVELS

/**
 * A classifier of small tables: the log-odds of a class are a sum over columns and pairs of columns.
 *
 * Gradient boosting of logistic loss. Each of the first rounds corrects the column that explains most of what is left,
 * level by level; then the pairs of columns that explain most of the rest are corrected cell by cell. Trees grown greedily
 * would not see two columns whose relation changed and nothing else: no first split gains anything.
 *
 * @param columns   both windows' levels
 * @param label     0 or 1 a row
 * @param training  places of the rows to learn from, both classes among them
 * @see Friedman (2001), Greedy function approximation; Lou, Caruana, Gehrke, Hooker (2013), GA2M
 */
export function boostTables(columns: readonly BinnedColumn[], label: Uint8Array, training: Uint32Array): BoostedTables {
  const learned = columns.map((column) => gathered(column, training))
  const state = startOf(label, training)
  const known = new Map<string, ScoreTable>()
  for (let round = 0; round < COLUMN_ROUNDS; round++) {
    improve(state, strongest(learned.map((column, index) => columnGain(column, state, index))), learned, known)
  }
  const pairs = bestPairs(learned, state)
  for (let round = 0; round < PAIR_ROUNDS && pairs.length > 0; round++) {
    improve(state, strongest(pairs.map((pair) => pairGain(learned, state, pair, 1))), learned, known)
  }
  return { tables: [...known.values()] }
}

/** The part that one table adds to the score of each of the rows. */
export function partOf(table: ScoreTable, columns: readonly BinnedColumn[], rows: Uint32Array): Float64Array {
  const part = new Float64Array(rows.length)
  const [a, b] = table.columns
  const first = columns[a]!
  const second = b === undefined ? undefined : columns[b]!
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!
    const cell = second === undefined ? first.fine[row]! : first.coarse[row]! * COARSE_LEVELS + second.coarse[row]!
    part[place] = table.values[cell]!
  }
  return part
}

/** The levels of the rows to learn from, side by side. */
type Learned = Omit<BinnedColumn, 'column'>

function gathered(column: BinnedColumn, training: Uint32Array): Learned {
  const fine = new Uint8Array(training.length)
  const coarse = new Uint8Array(training.length)
  for (let place = 0; place < training.length; place++) {
    fine[place] = column.fine[training[place]!]!
    coarse[place] = column.coarse[training[place]!]!
  }
  return { ...column, fine, coarse }
}

interface State {
  readonly label: Float64Array
  readonly score: Float64Array
  /** What is left to explain, label - probability, and its certainty, probability x (1 - probability). */
  readonly left: Float64Array
  readonly certainty: Float64Array
}

interface Gain {
  readonly columns: ScoreTable['columns']
  readonly gain: number
  readonly steps: Float64Array
}

function startOf(label: Uint8Array, training: Uint32Array): State {
  const rows = training.length
  const own = new Float64Array(rows)
  for (let place = 0; place < rows; place++) own[place] = label[training[place]!]!
  const share = own.reduce((sum, y) => sum + y, 0) / rows
  const score = new Float64Array(rows).fill(Math.log(share / (1 - share)))
  const state = { label: own, score, left: new Float64Array(rows), certainty: new Float64Array(rows) }
  refresh(state)
  return state
}

function refresh({ label, score, left, certainty }: State): void {
  for (let place = 0; place < score.length; place++) {
    const probability = 1 / (1 + Math.exp(-score[place]!))
    left[place] = label[place]! - probability
    certainty[place] = probability * (1 - probability)
  }
}

function columnGain({ fine, fineLevels }: Learned, { left, certainty }: State, index: number): Gain {
  const sums = new Float64Array(2 * fineLevels)
  for (let place = 0; place < fine.length; place++) {
    const level = 2 * fine[place]!
    sums[level]! += left[place]!
    sums[level + 1]! += certainty[place]!
  }
  return gainOf([index], sums)
}

/** Newton's step a level, and what all of them gain beyond what noise would: about one a level. */
function gainOf(columns: Gain['columns'], sums: Float64Array): Gain {
  const steps = new Float64Array(sums.length / 2)
  let gain = 0
  for (let level = 0; level < steps.length; level++) {
    const left = sums[2 * level]!
    const certainty = sums[2 * level + 1]!
    steps[level] = left / (certainty + RIDGE)
    gain += (left * left - certainty) / (certainty + RIDGE)
  }
  return { columns, gain, steps }
}

/** @throws {TypeError} when there are none */
function strongest(gains: readonly Gain[]): Gain {
  return gains.reduce((best, one) => (one.gain > best.gain ? one : best))
}

type Pair = readonly [number, number]

/** The pairs whose cells explain most beyond what their two columns explain by themselves. */
function bestPairs(columns: readonly Learned[], state: State): readonly Pair[] {
  const every = Math.ceil(state.left.length / SCREENED_ROWS)
  const alone = columns.map((_, index) => aloneGain(columns, state, index, every))
  const gains: { readonly pair: Pair; readonly gain: number }[] = []
  for (let a = 0; a < columns.length; a++) {
    for (let b = a + 1; b < columns.length; b++) {
      gains.push({ pair: [a, b], gain: pairGain(columns, state, [a, b], every).gain - alone[a]! - alone[b]! })
    }
  }
  return gains
    .sort((x, y) => y.gain - x.gain)
    .slice(0, KEPT_PAIRS)
    .map(({ pair }) => pair)
}

function aloneGain(columns: readonly Learned[], { left, certainty }: State, index: number, every: number): number {
  const sums = new Float64Array(2 * COARSE_LEVELS)
  const { coarse } = columns[index]!
  for (let place = 0; place < coarse.length; place += every) {
    const level = 2 * coarse[place]!
    sums[level]! += left[place]!
    sums[level + 1]! += certainty[place]!
  }
  return gainOf([index], sums).gain
}

function pairGain(columns: readonly Learned[], { left, certainty }: State, pair: Pair, every: number): Gain {
  const first = columns[pair[0]]!.coarse
  const second = columns[pair[1]]!.coarse
  const sums = new Float64Array(2 * CELLS)
  for (let place = 0; place < first.length; place += every) {
    const cell = 2 * (first[place]! * COARSE_LEVELS + second[place]!)
    sums[cell]! += left[place]!
    sums[cell + 1]! += certainty[place]!
  }
  return gainOf(pair, sums)
}

function improve(state: State, gain: Gain, columns: readonly Learned[], known: Map<string, ScoreTable>): void {
  const name = gain.columns.join()
  const table = known.get(name) ?? { columns: gain.columns, values: new Float64Array(gain.steps.length) }
  known.set(name, table)
  for (let level = 0; level < gain.steps.length; level++) table.values[level]! += STEP * gain.steps[level]!
  const [a, b] = gain.columns
  const first = b === undefined ? columns[a]!.fine : columns[a]!.coarse
  const second = b === undefined ? null : columns[b]!.coarse
  for (let place = 0; place < state.score.length; place++) {
    const cell = second === null ? first[place]! : first[place]! * COARSE_LEVELS + second[place]!
    state.score[place]! += STEP * gain.steps[cell]!
  }
  refresh(state)
}
