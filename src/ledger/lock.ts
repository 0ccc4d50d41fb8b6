import { z } from 'zod'
import { type SigningKey, signatureFlaw, signedText, type VerifyingKey } from './signature.ts'

/** A claim on a piece of work that only one instance may do at a time. */
export interface Lock {
  /** Last segment of the branch `weighbridge/lock/<name>`. */
  readonly name: string
  /** GitHub's id of the repository. */
  readonly repository: number
  /** Who holds it: an instance and its try. Two claims of one owner are the same claim. */
  readonly owner: string
  readonly purpose: string
  /** ISO 8601; from then on anybody may take it. */
  readonly until: string
}

const schema = z.strictObject({
  format: z.literal(1),
  document: z.literal('lock'),
  name: z.string(),
  repository: z.int(),
  owner: z.string(),
  purpose: z.string(),
  until: z.iso.datetime(),
})

/** The file that a lock's commit holds, signed: without a signature of ours it is no lock. */
export function lockText(lock: Lock, key: SigningKey): string {
  return `${signedText({ ...lock, format: 1, document: 'lock' }, key)}\n`
}

/**
 * Reads a lock that somebody put there.
 *
 * @param of  the ref and repository that it was found in: a lock of another place is none here
 * @returns null for what none of the keys signed, or is no lock: it holds nobody up
 */
export function readLock(
  text: string | null,
  of: Pick<Lock, 'name' | 'repository'>,
  keys: readonly VerifyingKey[],
): Lock | null {
  const value = jsonOf(text)
  if (value === null || signatureFlaw(value, keys) !== null) return null
  const { key_id: _, sig: __, ...unsigned } = value
  const read = schema.safeParse(unsigned)
  if (!read.success || read.data.name !== of.name || read.data.repository !== of.repository) return null
  const { format: ___, document: ____, ...lock } = read.data
  return lock
}

function jsonOf(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
