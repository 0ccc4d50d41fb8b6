/** Two-sided, equal-tailed, low <= high, both finite. */
export type Interval = readonly [low: number, high: number]

/** What a number rests on: counts, never shares. */
export interface Support {
  readonly rows: number
  readonly positives?: number
  readonly negatives?: number
  readonly predicted_positives?: number
  readonly units?: number
  /** Of several classes: rows of the one that has fewest. */
  readonly smallest_class?: number
}

/**
 * A number with its uncertainty.
 * `value` is null when it does not exist here (0/0, one class, too few rows): `because` then says why.
 * `interval` is null when none exists; a null value has a null interval.
 */
export interface Estimate {
  readonly value: number | null
  readonly interval: Interval | null
  /** Level of `interval`, 0.5 < confidence < 1. */
  readonly confidence: number
  /** Short name of the interval's method: delong, wilson, newcombe-paired, bootstrap, t, ...; ends in -clustered where units were given. */
  readonly method: string | null
  readonly support: Support
  /** Two-sided p-value of "no difference", for differences. */
  readonly p_value?: number | null
  /** Standard error on the scale of `value`, where the method has one; used by "rows that would decide". */
  readonly se?: number | null
  /** expected_calibration_error only: what a perfectly calibrated model would show, 95th percentile over 200 redraws. */
  readonly null_q95?: number | null
  readonly because?: string
  readonly warnings?: readonly { readonly code: string; readonly message: string }[]
}

/** Which way is better: judged on |x| for zero, on min(r, 1/r) for one. */
export type Better = 'higher' | 'lower' | 'zero' | 'one'

/** What stands beside a value: how sure it is, and by which method. */
export type Uncertainty = Pick<Estimate, 'interval' | 'method' | 'se' | 'p_value' | 'because' | 'null_q95'>
