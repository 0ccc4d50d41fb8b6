import type { BinnedColumn } from './binned-columns.ts'
import { boostTables, partOf, type ScoreTable } from './boosted-tables.ts'
import { aucWithInterval } from './delong.ts'
import type { Interval } from './estimate.ts'
import { criticalZ } from './normal.ts'
import { pcg32 } from './pcg32.ts'
import { quantile } from './quantile.ts'
import { dealtAgain, type Exchange, foldsOf } from './window-labels.ts'

export interface DomainClassifierInput {
  readonly columns: readonly BinnedColumn[]
  /** 1 where a row is of the current window; the rows stand in an order that means nothing. */
  readonly current: Uint8Array
  readonly exchange: Exchange
  readonly confidence: number
  readonly permutations: number
  readonly seed: number
  readonly progress?: (done: number, of: number) => void
}

/** What a column, or a relation of two columns, is good for in telling the windows apart. */
export interface Contribution {
  readonly columns: readonly string[]
  /** How much of the area under the curve is lost without it. */
  readonly auc_lost: number
}

/** Areas that the same classifier reaches when chance deals the windows. */
export interface PermutationNull {
  readonly permutations: number
  /** Rows of both windows that each was taken on. */
  readonly rows: number
  readonly mean: number
  readonly sd: number
  readonly q95: number
}

export interface DomainClassified {
  /** 0.5: the windows cannot be told apart; 1: every row gives its window away. */
  readonly auc: number | null
  readonly interval: Interval | null
  readonly p_value: number | null
  /** Flagged when the lower end is over it: 0.55, or what chance reaches once in twenty times. */
  readonly threshold: number | null
  readonly is_drifted: boolean | null
  readonly null: PermutationNull | null
  readonly contributions: readonly Contribution[]
  readonly reason?: string
}

const FOLDS = 5
const SMALLEST_AUC = 0.55
/** Ten rows of each window in each fold. */
const FEWEST_ROWS = 50
const SHOWN = 10
/** Cells (rows x columns) that one permutation may cost. */
const NULL_CELLS = 50_000
const FEWEST_NULL_ROWS = 400
const MOST_NULL_ROWS = 4000

/**
 * Whether the windows can be told apart when all columns are looked at together.
 *
 * A classifier learns to tell reference from current on four fifths of the rows and is measured on the fifth that it has not
 * seen, five times. The interval is DeLong's, averaged over the folds; the null deals the windows again and again and repeats
 * all of it. With many rows each permutation takes a part of them: that null is the wider one, so the p-value errs on the side
 * of no drift.
 *
 * @param permutations  100 by the house's rule; 0 for no null
 * @returns nulls with the reason below 50 rows a window, or without columns
 * @see Lopez-Paz, Oquab (2017), Revisiting classifier two-sample tests
 */
export function classifyDomains(input: DomainClassifierInput): DomainClassified {
  const { columns, current, exchange, confidence } = input
  const after = current.reduce((sum, one) => sum + one, 0)
  if (columns.length === 0) return undecided('no_columns')
  if (Math.min(after, current.length - after) < FEWEST_ROWS) return undecided('too_few_rows')
  const observed = crossFitted(columns, current, exchange, confidence)
  if (observed === undefined) return undecided('too_few_blocks')
  const areas = nullAreas(input)
  const chance = areas.length === 0 ? null : { ...spreadOf(areas), q95: quantile(areas, 0.95) }
  const threshold = Math.max(SMALLEST_AUC, chance?.q95 ?? 0)
  const reached = areas.filter((area) => area >= observed.auc).length
  return {
    auc: observed.auc,
    interval: observed.interval,
    p_value: chance && (1 + reached) / (areas.length + 1),
    threshold,
    is_drifted: observed.interval[0] > threshold,
    null: chance && { permutations: areas.length, rows: nullRowsOf(input).length, ...chance },
    contributions: contributionsOf(observed.parts, columns),
  }
}

function undecided(reason: string): DomainClassified {
  const nothing = { auc: null, interval: null, p_value: null, threshold: null, is_drifted: null, null: null }
  return { ...nothing, contributions: [], reason }
}

interface CrossFitted {
  readonly auc: number
  readonly interval: Interval
  /** Mean area lost, by the places of the columns. */
  readonly parts: ReadonlyMap<string, number>
}

function crossFitted(
  columns: readonly BinnedColumn[],
  label: Uint8Array,
  exchange: Exchange,
  confidence: number,
): CrossFitted | undefined {
  const parts = new Map<string, number>()
  const folds = splits(label, exchange).map((split) => measureFold(columns, label, split, parts))
  if (folds.length === 0) return undefined
  const auc = folds.reduce((sum, fold) => sum + fold.value, 0) / folds.length
  const se = Math.sqrt(folds.reduce((sum, fold) => sum + fold.se ** 2, 0)) / folds.length
  const reach = criticalZ(confidence) * se
  for (const [name, lost] of parts) parts.set(name, lost / folds.length)
  return { auc, interval: [Math.max(0, auc - reach), Math.min(1, auc + reach)], parts }
}

interface Split {
  readonly training: Uint32Array
  readonly held: Uint32Array
}

/** Folds in which both sides hold rows of both windows. */
function splits(label: Uint8Array, exchange: Exchange): readonly Split[] {
  const fold = foldsOf(label, exchange, FOLDS)
  const all = Uint32Array.from(label, (_, row) => row)
  return Array.from({ length: FOLDS }, (_, held) => ({
    training: all.filter((row) => fold[row] !== held),
    held: all.filter((row) => fold[row] === held),
  })).filter(({ training, held }) => [training, held].every((rows) => hasBoth(label, rows)))
}

function hasBoth(label: Uint8Array, rows: Uint32Array): boolean {
  const first = label[rows[0] ?? -1]
  return first !== undefined && rows.some((row) => label[row] !== first)
}

function measureFold(
  columns: readonly BinnedColumn[],
  label: Uint8Array,
  { training, held }: Split,
  parts: Map<string, number>,
): { readonly value: number; readonly se: number } {
  const { tables } = boostTables(columns, label, training)
  const own = Uint8Array.from(held, (row) => label[row]!)
  const added = tables.map((table) => partOf(table, columns, held))
  const score = sumOfParts(added, held.length)
  const { value, se } = aucWithInterval(own, score, 0.95)
  for (const [index, table] of tables.entries()) {
    addLoss(parts, table, value - areaWithout(own, score, added[index]!))
  }
  return { value, se }
}

function areaWithout(label: Uint8Array, score: Float64Array, part: Float64Array): number {
  return aucWithInterval(
    label,
    score.map((value, place) => value - part[place]!),
    0.95,
  ).value
}

function sumOfParts(parts: readonly Float64Array[], rows: number): Float64Array {
  const score = new Float64Array(rows)
  for (const part of parts) for (let place = 0; place < rows; place++) score[place]! += part[place]!
  return score
}

function addLoss(parts: Map<string, number>, table: ScoreTable, lost: number): void {
  const name = table.columns.join()
  parts.set(name, (parts.get(name) ?? 0) + lost)
}

function nullAreas(input: DomainClassifierInput): Float64Array {
  const { permutations, seed, progress } = input
  const rows = nullRowsOf(input)
  const columns = input.columns.map((column) => ({
    ...column,
    fine: take(column.fine, rows),
    coarse: take(column.coarse, rows),
  }))
  const label = take(input.current, rows)
  const exchange =
    input.exchange.kind === 'rows' ? input.exchange : { ...input.exchange, block: dense(input.exchange.block, rows) }
  const generator = pcg32(seed, 'domain classifier')
  const areas = new Float64Array(permutations)
  let known = 0
  for (let done = 0; done < permutations; done++) {
    const area = areaOf(columns, dealtAgain(label, exchange, generator), exchange)
    if (area !== undefined) areas[known++] = area
    progress?.(done + 1, permutations)
  }
  return areas.subarray(0, known).sort()
}

function areaOf(columns: readonly BinnedColumn[], label: Uint8Array, exchange: Exchange): number | undefined {
  const folds = splits(label, exchange).map(({ training, held }) => {
    const { tables } = boostTables(columns, label, training)
    const score = sumOfParts(
      tables.map((table) => partOf(table, columns, held)),
      held.length,
    )
    return aucWithInterval(
      Uint8Array.from(held, (row) => label[row]!),
      score,
      0.95,
    ).value
  })
  return folds.length === 0 ? undefined : folds.reduce((sum, area) => sum + area, 0) / folds.length
}

/** The first rows of each window, which are any rows; a small window is not cut. */
function nullRowsOf({ columns, current }: DomainClassifierInput): Uint32Array {
  const most = Math.min(MOST_NULL_ROWS, Math.max(FEWEST_NULL_ROWS, Math.floor(NULL_CELLS / columns.length)))
  const after = current.reduce((sum, one) => sum + one, 0)
  const before = current.length - after
  const ofCurrent = Math.min(after, Math.max(most / 2, most - before))
  const left = [Math.min(before, most - ofCurrent), ofCurrent].map(Math.floor)
  return Uint32Array.from(current, (_, row) => row).filter((row) => left[current[row]!]!-- > 0)
}

function take(from: Uint8Array, rows: Uint32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => from[row]!)
}

function dense(block: Int32Array, rows: Uint32Array): Int32Array {
  const codes = new Map<number, number>()
  return Int32Array.from(rows, (row) => {
    const code = block[row]!
    if (!codes.has(code)) codes.set(code, codes.size)
    return codes.get(code)!
  })
}

function spreadOf(areas: Float64Array): { readonly mean: number; readonly sd: number } {
  const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length
  const squares = areas.reduce((sum, area) => sum + (area - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / Math.max(1, areas.length - 1)) }
}

function contributionsOf(
  parts: ReadonlyMap<string, number>,
  columns: readonly BinnedColumn[],
): readonly Contribution[] {
  return [...parts]
    .map(([name, auc_lost]) => ({ columns: name.split(',').map((place) => columns[Number(place)]!.column), auc_lost }))
    .sort((a, b) => b.auc_lost - a.auc_lost)
    .slice(0, SHOWN)
}
