import type { DisparityDefinition } from './disparities.ts'
import type { GroupMeasured } from './disparity.ts'
import { type RateName, rateInterval, rateOf, rateValue } from './group-rate.ts'
import type { GroupTally } from './group-tally.ts'

const SHOWN: Readonly<Record<DisparityDefinition['task'], readonly RateName[]>> = {
  binary: ['selection_rate', 'true_positive_rate', 'false_positive_rate', 'precision', 'accuracy'],
  regression: ['mean_prediction', 'mean_error', 'mean_absolute_error'],
}

/**
 * All rates of a group, each with its own interval (Wilson, or t for means).
 *
 * @param confidence  two-sided level, 0 to 1
 * @returns null for a rate that is 0/0
 */
export function groupMeasured(
  tally: GroupTally,
  counted: boolean,
  task: DisparityDefinition['task'],
  confidence: number,
): GroupMeasured {
  const { group, rows, positives, negatives, predicted_positives } = tally
  const rates = SHOWN[task].map((name) => [name, rateOf(tally, name)] as const)
  return {
    group,
    rows,
    counted,
    counts: { positives, negatives, predicted_positives },
    metrics: Object.fromEntries(rates.map(([name, rate]) => [name, rateValue(rate)])),
    intervals: Object.fromEntries(rates.map(([name, rate]) => [name, rateInterval(rate, confidence)])),
  }
}
