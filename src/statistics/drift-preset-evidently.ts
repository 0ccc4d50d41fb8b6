import { chiSquaredHomogeneity } from './chi-squared-homogeneity.ts'
import { chiSquaredTail } from './chi-squared-tail.ts'
import { byChance, byDistance, type PresetAnswer, type PresetInput } from './drift-preset.ts'
import type { Windows } from './drift-windows.ts'
import {
  distinctCounts,
  distinctNumbers,
  distinctNumbersOfBoth,
  histogramCounts,
  sturgesEdges,
} from './equal-width-bins.ts'
import { exactDistanceByChance, finiteKolmogorovTail } from './finite-kolmogorov.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { walkSamples } from './sample-walk.ts'
import { sumOf } from './shares.ts'
import { areaInSpreads } from './wasserstein.ts'

/** A reference of so many rows at most is compared by p-values, a larger one by distances. */
const FEW_ROWS = 1000
const FEW_VALUES = 5
const BINNED_OVER = 20
const LEVEL = 0.05
const DISTANCE = 0.1
/** Rows of the larger window up to which SciPy counts exactly. */
const EXACT_ROWS = 10_000
const ZERO_SHARE = 1e-4

/**
 * What Evidently's DataDriftPreset says of a column.
 *
 * The test follows from the rows of the reference and the distinct values of both windows: Kolmogorov-Smirnov,
 * chi-squared against the reference as if it were the truth, or a z-test up to 1,000 rows; Wasserstein over the
 * standard deviation or Jensen-Shannon (base e) above.
 *
 * @see evidently, calculations/stattests (0.2.8 to 0.7)
 * @example evidentlyAnswer({ windows: { kind: 'category', categories: ['a', 'b', 'c'], reference: [50, 30, 20], current: [40, 35, 25] }, blocks: [] }).score // => 0.129812176855
 */
export function evidentlyAnswer({ windows }: PresetInput): PresetAnswer {
  const counts = binsOf(windows)
  const jensen_shannon = jensenShannon(counts.reference, counts.current) * Math.sqrt(Math.LN2)
  const coarse = coarseBinsOf(windows)
  const binned = {
    psi: filledIndex(counts.reference, counts.current),
    jensen_shannon,
    kl: filledDivergence(counts.reference, counts.current),
    hellinger: hellinger(coarse.reference, coarse.current),
  }
  if (windows.kind === 'category') return ofCounts(windows, binned, counts)
  const walk = walkSamples(windows.reference, windows.current)
  const wasserstein = areaInSpreads(walk.area, windows.reference, windows.current)
  const numbers = { ...binned, wasserstein }
  const few = distinctCounts(windows.reference, windows.current, FEW_VALUES)
  if (few !== undefined) return ofCounts({ ...few }, numbers, counts)
  if (windows.reference.length > FEW_ROWS) return byDistance('wasserstein', wasserstein, DISTANCE, numbers)
  const p = smirnov(walk.distance, windows.reference.length, windows.current.length)
  return { ...byChance('ks', p, LEVEL, numbers), is_drifted: p <= LEVEL }
}

interface Counts {
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

function ofCounts(values: Counts, numbers: PresetAnswer['numbers'], counts: Counts): PresetAnswer {
  const rows = sumOf(values.reference)
  const distinct = values.reference.filter((count, value) => count + values.current[value]! > 0).length
  if (rows > FEW_ROWS) {
    return byDistance(
      'jensen_shannon',
      jensenShannon(counts.reference, counts.current) * Math.sqrt(Math.LN2),
      DISTANCE,
      numbers,
    )
  }
  if (distinct > 2) return byChance('chi_squared', goodnessOfFit(values), LEVEL, numbers)
  return byChance('z', chiSquaredHomogeneity(values.reference, values.current).p_value ?? 1, LEVEL, numbers)
}

/** One sample against the other as if that were the truth; 0 when a category is new. */
function goodnessOfFit({ reference, current }: Counts): number {
  const scale = sumOf(current) / sumOf(reference)
  let statistic = 0
  let categories = 0
  for (const [category, rows] of reference.entries()) {
    const [expected, observed] = [rows * scale, current[category]!]
    if (expected === 0 && observed === 0) continue
    statistic += (observed - expected) ** 2 / expected
    categories++
  }
  return statistic === Infinity ? 0 : chiSquaredTail(statistic, Math.max(1, categories - 1))
}

/** SciPy's p-value of two samples, method "auto". */
function smirnov(distance: number, n: number, m: number): number {
  if (Math.max(n, m) <= EXACT_ROWS) return exactDistanceByChance(distance, n, m)
  return finiteKolmogorovTail(Math.round((n * m) / (n + m)), distance)
}

function binsOf(windows: Windows): Counts {
  if (windows.kind === 'category') return windows
  const { reference, current } = windows
  if (distinctNumbers(reference) <= BINNED_OVER) return distinctCounts(reference, current, Infinity)!
  return sturgesCounts(reference, current, reference.length + current.length)
}

/** Its Hellinger distance counts the distinct values only when it asks Sturges how many bins to make. */
function coarseBinsOf(windows: Windows): Counts {
  if (windows.kind === 'category') return windows
  const { reference, current } = windows
  if (distinctNumbers(reference) <= BINNED_OVER) return distinctCounts(reference, current, Infinity)!
  return sturgesCounts(reference, current, distinctNumbersOfBoth(reference, current))
}

function sturgesCounts(reference: Float64Array, current: Float64Array, rows: number): Counts {
  const low = Math.min(reference[0]!, current[0]!)
  const high = Math.max(reference.at(-1)!, current.at(-1)!)
  const edges = sturgesEdges(low, high, rows)
  return { reference: histogramCounts(reference, edges), current: histogramCounts(current, edges) }
}

/** Shares in which a zero became something small, each window apart; not made to sum to 1 again. */
function filled(counts: readonly number[]): number[] {
  const rows = sumOf(counts)
  const shares = counts.map((count) => count / rows)
  const smallest = Math.min(...shares.filter((share) => share > 0))
  const zero = smallest <= ZERO_SHARE ? smallest / 1e6 : ZERO_SHARE
  return shares.map((share) => (share === 0 ? zero : share))
}

function filledIndex(reference: readonly number[], current: readonly number[]): number {
  const after = filled(current)
  return filled(reference).reduce((sum, p, bin) => sum + (p - after[bin]!) * Math.log(p / after[bin]!), 0)
}

function filledDivergence(reference: readonly number[], current: readonly number[]): number {
  const [before, after] = [filled(reference), filled(current)]
  const [n, m] = [sumOf(before), sumOf(after)]
  return before.reduce((sum, p, bin) => sum + (p / n) * Math.log(p / n / (after[bin]! / m)), 0)
}
