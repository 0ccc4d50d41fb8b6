/** An HTTP request to the emulated GitHub. Header names are in small letters. */
export interface WorldRequest {
  readonly method: string
  /** Absolute, or a path with its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface WorldResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}
