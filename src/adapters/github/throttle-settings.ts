/** GitHub's published limits for one installation, and what of them is kept for rollbacks. */
export interface ThrottleSettings {
  /** Time between the starts of two writes. */
  readonly spacingMs: number
  readonly writesPerMinute: number
  readonly writesPerHour: number
  /** Of the above, never given to other work. */
  readonly rollbacksPerMinute: number
  readonly rollbacksPerHour: number
  readonly concurrentReads: number
}

export const githubLimits: ThrottleSettings = {
  spacingMs: 1000,
  writesPerMinute: 80,
  writesPerHour: 500,
  rollbacksPerMinute: 10,
  rollbacksPerHour: 60,
  concurrentReads: 100,
}
