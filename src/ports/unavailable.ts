/** What a port throws when the world does not answer as hoped; the finding is then `missing` or `unreachable`. */
export class Unavailable extends Error {
  readonly status: 'missing' | 'unreachable'
  readonly mend: string
  constructor(status: 'missing' | 'unreachable', message: string, mend: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unavailable'
    this.status = status
    this.mend = mend
  }
}

/** What `fetch` throws for an object over the limit: it is there, and nobody is going to copy it. */
export class TooLarge extends Unavailable {
  readonly maxBytes: number
  constructor(called: string, maxBytes: number) {
    super('unreachable', `${called} is larger than the limit of ${maxBytes} bytes`, 'Raise the limit, or ship less.')
    this.name = 'TooLarge'
    this.maxBytes = maxBytes
  }
}
