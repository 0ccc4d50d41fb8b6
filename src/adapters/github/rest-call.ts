import type { z } from 'zod'

/** One request to a REST route, and what its answer must look like. */
export interface RestCall<T> {
  /** In words, for messages and counts: `read the changed paths`. */
  readonly operation: string
  /** A route of GitHub's description, such as `GET /repos/{owner}/{repo}`. */
  readonly route: string
  readonly parameters: Record<string, unknown>
  readonly answer: z.ZodType<T>
}
