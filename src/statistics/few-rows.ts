import { calibrationNullQ95, expectedCalibrationError } from './calibration.ts'
import type { Estimate, Interval } from './estimate.ts'
import { lossesOf } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import { type BinaryRows, type RegressionRows, type ScoredRows, weightsOf } from './scored-rows.ts'
import { skewness } from './skewness.ts'

/** Whom an interval is made of: one version, or candidate and incumbent. */
type Versions = readonly [ScoredRows] | readonly [ScoredRows, ScoredRows]

/** What few rows leave to be said: why, how often 95 % intervals of such rows held the truth, and what would do. */
interface Shortage {
  readonly why: string
  readonly held: string
  readonly enough: string
}

/** Code of the warning beside an interval that is known not to hold its level. */
export const FEW_ROWS = 'few_rows'

/** Averages of ranks need so many rows of each class. */
const FEWEST_RANKED = 10
/** An area by DeLong, with Student's t, needs so many. */
const FEWEST_PLACED = 4
/** r2 needs so many rows. */
const FEWEST_ROWS = 200

/**
 * A warning beside an interval that is known to hold the truth less often than it says, or much more often.
 *
 * By a rule for each kind of number: a mean of losses on fewer than 25 skewness^2 rows (Cochran); ranks with a class of
 * fewer than 10 rows (an area by DeLong 4); r2 on fewer than 200; a difference of calibration errors of which one is
 * within chance. Rows of one unit count as one, and weights as many rows as they are worth, (sum w)^2 / sum w^2.
 *
 * @param versions  one version, or candidate and incumbent over the same rows
 * @param interval  what is warned of; none, or one that is a point, needs no warning
 * @see Cochran, Sampling Techniques (1977), 2.15
 */
export function fewRowsWarning(
  versions: Versions,
  metric: Metric,
  interval: Interval | null,
): NonNullable<Estimate['warnings']> {
  if (interval === null || interval[0] === interval[1]) return []
  const shortage = shortageOf(versions, metric)
  return shortage === null ? [] : [warningOf(metric.name, shortage)]
}

/**
 * The same for a mean of independent numbers with Student's interval.
 *
 * @example fewRowsOfMean('score', new Float64Array([1, 2, 3, 4]), 'units') // => []
 */
export function fewRowsOfMean(name: string, values: Float64Array, of: string): NonNullable<Estimate['warnings']> {
  const shortage = skewed(values, of)
  return shortage === null ? [] : [warningOf(name, shortage)]
}

function warningOf(name: string, { why, held, enough }: Shortage) {
  const message = `${name}: ${why}, and 95 % intervals of such rows held the truth ${held} times in 100; ${enough} would do`
  return { code: FEW_ROWS, message }
}

function shortageOf(versions: Versions, metric: Metric): Shortage | null {
  const [rows] = versions
  if (metric.methods.one === 't') return skewed(pullsOf(versions, metric), rows.unit === null ? 'rows' : 'units')
  switch (metric.name) {
    case 'roc_auc':
      return fewOfAClass(rows, isByDeLong(rows) ? FEWEST_PLACED : FEWEST_RANKED)
    case 'average_precision':
    case 'roc_auc_ovr_macro':
      return fewOfAClass(rows, FEWEST_RANKED)
    case 'r2':
      return versions.length === 1 ? fewOfAll(rows) : null
    case 'expected_calibration_error':
      return withinChance(versions as readonly BinaryRows[])
    default:
      return null
  }
}

function isByDeLong({ unit, weight }: ScoredRows): boolean {
  return unit === null && weight === null
}

function skewed(values: Float64Array, of: string): Shortage | null {
  const skew = skewness(values)
  const enough = Math.ceil(25 * skew ** 2)
  if (!(values.length < enough && enough < Number.MAX_SAFE_INTEGER)) return null
  const why = `the losses are skewed (skewness ${skew.toPrecision(2)}) over ${values.length} ${of}`
  return { why, held: '85 to 92', enough: `about ${enough} ${of}` }
}

/** What each unit (each row, where there are none) adds to the mean of the losses, or of their difference. */
function pullsOf([first, second]: Versions, { name }: Metric): Float64Array {
  const other = second === undefined ? null : lossesOf(second, name)
  const losses = lossesOf(first, name).map((loss, row) => loss - (other?.[row] ?? 0))
  if (isByDeLong(first)) return losses
  const weight = weightsOf(first)
  const total = weight.reduce((sum, one) => sum + one, 0)
  const mean = losses.reduce((sum, loss, row) => sum + loss * weight[row]!, 0) / total
  return byUnit(first, (row) => (losses[row]! - mean) * weight[row]!)
}

function byUnit({ unit, label }: ScoredRows, of: (row: number) => number): Float64Array {
  const sums = new Map<number, number>()
  for (let row = 0; row < label.length; row++) {
    const code = unit?.[row] ?? row
    sums.set(code, (sums.get(code) ?? 0) + of(row))
  }
  return Float64Array.from(sums.values())
}

function fewOfAClass(rows: ScoredRows, fewest: number): Shortage | null {
  if (rows.task === 'regression') return null
  const least = unitsOfRarestClass(rows)
  if (least >= fewest) return null
  const of = rows.unit === null ? 'rows' : 'units'
  return { why: `the rarest class has ${least} ${of}`, held: '82 to 92', enough: `${fewest} ${of} of each class` }
}

/** Of the class that fewest units have. */
function unitsOfRarestClass({ label, unit, ...rows }: Exclude<ScoredRows, RegressionRows>): number {
  const classes = rows.task === 'binary' ? 2 : rows.classes.length
  const having = Array.from({ length: classes }, () => new Set<number>())
  const counts = new Float64Array(classes)
  for (let row = 0; row < label.length; row++) {
    if (unit === null) counts[label[row]!]! += 1
    else having[label[row]!]!.add(unit[row]!)
  }
  return Math.min(...(unit === null ? counts : having.map(({ size }) => size)))
}

/** Calibration errors that are no more than chance: how far they differ is lost in how far each is from 0. */
function withinChance(versions: readonly BinaryRows[]): Shortage | null {
  const ratios = versions.map(({ label, score, weight }) => {
    const error = expectedCalibrationError(label, score!)(weight ?? new Float64Array(label.length).fill(1))
    return (error ?? 0) / (calibrationNullQ95(score!, weight) ?? 1)
  })
  const least = Math.min(...ratios)
  if (!(least <= 1)) return null
  const { label, weight } = versions[0]!
  const why = 'a calibration error is no more than that of a perfectly calibrated model by chance'
  const enough = `${new Intl.NumberFormat('en').format(Math.ceil(label.length / least ** 2))} rows`
  return {
    why,
    held: weight === null ? '98 to 100' : '82 to 100',
    enough: least > 0.01 ? `about ${enough}` : `errors that are not 0`,
  }
}

function fewOfAll(rows: ScoredRows): Shortage | null {
  const weight = weightsOf(rows)
  const worth = isByDeLong(rows) ? weight : byUnit(rows, (row) => weight[row]!)
  const sum = worth.reduce((total, one) => total + one, 0)
  const count = Math.floor((sum * sum) / worth.reduce((total, one) => total + one * one, 0))
  if (!(count < FEWEST_ROWS)) return null
  const of = `${rows.weight === null ? '' : 'effective '}${rows.unit === null ? 'rows' : 'units'}`
  return { why: `it rests on ${count} ${of}`, held: '80 to 92', enough: `${FEWEST_ROWS} ${of}` }
}
