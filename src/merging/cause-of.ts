import { createHash } from 'node:crypto'
import { canonicalJson } from '../registry/canonical-json.ts'

/**
 * Digest of what caused a fact: the same however often it is told.
 *
 * @example causeOf('landed', 'a1b2').length // => 64
 */
export function causeOf(...of: readonly (string | number | null)[]): string {
  return createHash('sha256').update(canonicalJson(of)).digest('hex')
}
