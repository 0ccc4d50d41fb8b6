import { createHash } from 'node:crypto'
import { canonicalJson } from '../../registry/canonical-json.ts'

/**
 * The name of an answer: a digest of everything that it depends on.
 *
 * @param on.engine  who computes it: `engineName()`
 * @param on.request  what is asked
 * @param on.inputs  digests of what was read, where the request does not name them
 * @returns 64 hexadecimal digits
 */
export function evidenceKey(on: {
  readonly engine: string
  readonly request: unknown
  readonly inputs?: unknown
}): string {
  return createHash('sha256').update(canonicalJson(on)).digest('hex')
}
