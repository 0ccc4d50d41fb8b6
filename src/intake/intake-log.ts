/** What the door tells the log; a kind of line each, none with a payload, a header's value or a person in it. */
export interface IntakeLog {
  /** Not taken: what was wrong in one of our own words. */
  refused(line: { readonly status: number; readonly because: Refusal }): void
  /** Signed and read. `ignored` asks for nothing here, `dropped` came before. */
  delivery(line: {
    readonly guid: string
    readonly event: string
    readonly action: string | null
    readonly outcome: 'queued' | 'dropped' | 'ignored'
    readonly ms: number
    /** Where something that looked like ours was left undone on purpose. */
    readonly because?: IgnoredBecause
  }): void
  /** A bug of ours or a full disk: the error's name and message, scrubbed. */
  failed(line: { readonly where: string; readonly error: unknown }): void
}

export type IgnoredBecause =
  | 'a comment by somebody else than its author'
  | 'a comment that an app wrote in the name of somebody'

export type Refusal =
  | 'body too large'
  | 'body too slow'
  | 'too many bytes at once'
  | 'not JSON'
  | 'no signature'
  | 'wrong signature'
  | 'headers'
  | 'malformed'
  | 'inbox'
