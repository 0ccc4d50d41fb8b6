/** A JSON Schema as OpenAPI 3.0 writes it: an object with keywords. */
export type Schema = { readonly [keyword: string]: unknown }

export interface PublishedParameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Schema
}

/** What GitHub publishes of one REST operation, without prose. */
export interface PublishedOperation {
  readonly id: string
  readonly method: string
  /** With names in braces: `/repos/{owner}/{repo}`. */
  readonly path: string
  /** Whether GitHub Apps may call it at all. */
  readonly forApps: boolean
  readonly parameters: readonly PublishedParameter[]
  readonly body: { readonly required: boolean; readonly schema: Schema } | null
  /** By status: the schema of its JSON body, null for none. */
  readonly answers: Readonly<Record<string, Schema | null>>
  /** GitHub's own examples of JSON answers, by status. */
  readonly examples: Readonly<Record<string, readonly unknown[]>>
}

/** A vendored subset of one OpenAPI description. */
export interface PublishedApi {
  readonly version: string
  readonly operations: readonly PublishedOperation[]
  /** Component schemas that the operations reach. */
  readonly schemas: Readonly<Record<string, Schema>>
}

/** The vendored webhook schemas: key is the event, or the event and its action (`check_run.created`). */
export interface PublishedWebhooks {
  readonly version: string
  readonly events: Readonly<Record<string, Schema>>
  readonly schemas: Readonly<Record<string, Schema>>
}
