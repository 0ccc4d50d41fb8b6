import type { DriftInput } from '../statistics/drift-column.ts'
import type { Interval } from '../statistics/estimate.ts'
import { measureDrift } from '../statistics/measure-drift.ts'
import type { MeasuredWarning } from './measured-warning.ts'
import { measureMultivariate } from './multivariate-drift.ts'

/** Whether a window's rows are such as the calibration table holds. */
export interface Support {
  readonly is_inside: boolean | null
  /** Columns by which it was looked at. */
  readonly columns: readonly string[]
  readonly domain_classifier: { readonly auc: number | null; readonly interval: Interval | null } | null
  readonly critical_drifted: readonly string[]
  readonly because?: string
}

/** A classifier that tells the tables apart better than this (the interval's lower end) has found other rows. */
export const OUTSIDE_AUC = 0.65

/**
 * Looks at the inputs of both tables, by themselves and all together.
 *
 * @param inputs    calibration table as reference, window as current
 * @param critical  names of inputs that may not have drifted
 */
export function supportOf(input: {
  readonly inputs: readonly DriftInput[]
  readonly critical: readonly string[]
  readonly confidence: number
  readonly seed: number
}): { readonly support: Support; readonly warnings: readonly MeasuredWarning[] } {
  const { inputs, critical, confidence, seed } = input
  const watched = inputs.filter((one) => critical.includes(one.column))
  const absent = critical.filter((name) => !inputs.some((one) => one.column === name))
  const { columns } = measureDrift({ columns: watched, test: 'default', min_effect: 0.05 })
  const critical_drifted = columns.filter((column) => column.is_drifted === true).map((column) => column.column)
  const undecided = columns.filter((column) => column.is_drifted === null).map((column) => column.column)
  const { multivariate, warnings } = measureMultivariate({
    columns: inputs,
    time: null,
    confidence,
    seed,
    permutations: 0,
  })
  const { auc, interval, reason } = multivariate.domain_classifier
  const because = whyOutside({ critical_drifted, absent, undecided, low: interval?.[0], reason })
  const support = {
    columns: multivariate.columns,
    is_inside: interval === null ? null : because === undefined,
    domain_classifier: { auc, interval },
    critical_drifted,
  }
  return { support: { ...support, ...(because === undefined ? {} : { because }) }, warnings }
}

function whyOutside(found: {
  readonly critical_drifted: readonly string[]
  readonly absent: readonly string[]
  readonly undecided: readonly string[]
  readonly low: number | undefined
  readonly reason: string | undefined
}): string | undefined {
  const { critical_drifted, absent, undecided, low, reason } = found
  if (absent.length > 0) return `critical column ${absent.join(', ')} is not in both tables`
  if (critical_drifted.length > 0)
    return `critical column ${critical_drifted.join(', ')} drifted: outside what the calibration rows can tell`
  if (undecided.length > 0) return `whether critical column ${undecided.join(', ')} drifted could not be decided`
  if (low === undefined) return `whether the window lies inside the calibration rows could not be told: ${reason}`
  if (low <= OUTSIDE_AUC) return undefined
  return `a classifier tells the window from the calibration rows (lower end of its AUC ${low.toFixed(2)}, over ${OUTSIDE_AUC}): outside what they can tell`
}
