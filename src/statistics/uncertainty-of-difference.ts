import { fairCoinTwoSidedP } from './binomial.ts'
import { aucDifference } from './delong.ts'
import type { Uncertainty } from './estimate.ts'
import { meanWithInterval } from './mean-interval.ts'
import { lossesOf } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import { newcombePaired } from './newcombe-paired.ts'
import { ovrAucDifference } from './one-vs-rest-auc.ts'
import { resampledDifference } from './resampled.ts'
import type { BinaryRows, ClassRows, MulticlassRows, ScoredRows } from './scored-rows.ts'
import { pairedSuccesses } from './successes.ts'
import { normalError, whyNoSpread, withoutValue } from './uncertainty.ts'

interface Terms {
  readonly metric: Metric
  readonly confidence: number
}

/** The paired interval of candidate - incumbent, by the metric's method; by bootstrap where rows have units or weights. */
export function uncertaintyOfDifference(
  candidate: ScoredRows,
  incumbent: ScoredRows,
  value: number,
  terms: Terms,
): Uncertainty {
  const { metric, confidence } = terms
  const isGrouped = candidate.unit !== null || candidate.weight !== null
  if (isSame(candidate, incumbent)) return nothingChanged(candidate, metric)
  if (isGrouped) return resampledDifference(candidate, incumbent, value, terms)
  switch (metric.methods.difference) {
    case 'newcombe-paired':
      return byNewcombe(candidate as ClassRows, incumbent as ClassRows, terms)
    case 'delong': {
      if (candidate.task === 'multiclass') return byPulls(candidate, incumbent as MulticlassRows, value, terms)
      const [a, b] = [candidate as BinaryRows, incumbent as BinaryRows]
      return withoutValue(aucDifference(a.label, a.score!, b.score!, confidence))
    }
    case 't':
      return byStudent(lossesOf(candidate, metric.name), lossesOf(incumbent, metric.name), confidence)
    default:
      return resampledDifference(candidate, incumbent, value, terms)
  }
}

/** Whether two versions gave the same answer to every row. */
function isSame(a: ScoredRows, b: ScoredRows): boolean {
  if (!isEqual(a.prediction, b.prediction)) return false
  const [ours, theirs] = [scoresOf(a), scoresOf(b)]
  return ours === null || theirs === null ? ours === theirs : isEqual(ours, theirs)
}

function scoresOf(rows: ScoredRows): Float64Array | null {
  return rows.task === 'binary' ? rows.score : rows.task === 'multiclass' ? rows.probabilities : null
}

function isEqual(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false
  return true
}

function nothingChanged({ unit, weight }: ScoredRows, { methods }: Metric): Uncertainty {
  const own = unit !== null || weight !== null ? 'bootstrap' : methods.difference
  const method = unit === null ? own : `${own}-clustered`
  return { interval: [0, 0], method, se: 0, p_value: weight === null ? 1 : null }
}

function byPulls(candidate: MulticlassRows, incumbent: MulticlassRows, value: number, terms: Terms): Uncertainty {
  const estimate = ovrAucDifference(candidate, incumbent, terms.confidence)
  return estimate === null ? resampledDifference(candidate, incumbent, value, terms) : withoutValue(estimate)
}

function byNewcombe(candidate: ClassRows, incumbent: ClassRows, { metric, confidence }: Terms): Uncertainty {
  const counts = pairedSuccesses(candidate, incumbent, metric.name)
  const interval = newcombePaired(counts, confidence)
  const p_value = fairCoinTwoSidedP(counts.onlyFirst, counts.onlyFirst + counts.onlySecond)
  return { interval, method: 'newcombe-paired', se: normalError(interval, confidence), p_value }
}

function byStudent(candidate: Float64Array, incumbent: Float64Array, confidence: number): Uncertainty {
  const differences = candidate.map((loss, row) => loss - incumbent[row]!)
  const estimate = meanWithInterval(differences, confidence)
  if (estimate === null)
    return { interval: null, method: 't', se: null, p_value: null, because: whyNoSpread(differences) }
  return { interval: estimate.interval, method: 't', se: estimate.se, p_value: estimate.p_value }
}
