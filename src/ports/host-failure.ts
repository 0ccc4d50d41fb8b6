/** What every failure of a host is: which call, whether another try may help, and whether it may have had its effect. */
export class HostFailure extends Error {
  readonly operation: string
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly retryable: boolean
  /** The answer was lost: what was asked for may have happened. */
  readonly isAmbiguous: boolean
  /** Seconds that the host asked us to wait. */
  readonly retryAfterS: number | null
  constructor(
    message: string,
    of: {
      readonly operation: string
      readonly status: number
      readonly retryable: boolean
      readonly isAmbiguous?: boolean
      readonly retryAfterS?: number | null
    },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'HostFailure'
    this.operation = of.operation
    this.status = of.status
    this.retryable = of.retryable
    this.isAmbiguous = of.isAmbiguous ?? false
    this.retryAfterS = of.retryAfterS ?? null
  }
}
