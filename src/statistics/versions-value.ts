import { metricValue } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import type { ScoredRows } from './scored-rows.ts'
import type { WeightedValue } from './weighted-mean.ts'

/** The metric of one version, or the difference of the first from the second, as a function of the rows' weights. */
export function versionsValue(versions: readonly ScoredRows[], metric: Metric): WeightedValue {
  const [first, second] = versions.map((rows) => metricValue(rows, metric))
  if (second === undefined) return first!
  return (weights) => {
    const a = first!(weights)
    const b = second(weights)
    return a === null || b === null ? null : a - b
  }
}
