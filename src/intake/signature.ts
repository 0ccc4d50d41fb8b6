import { createHmac, timingSafeEqual } from 'node:crypto'

const FORM = /^sha256=([0-9a-f]{64})$/

/** The digest that a request claims; null for anything that cannot be one, which is known before its body is read. */
export function claimedDigest(header: string | readonly string[] | undefined): Buffer | null {
  const found = typeof header === 'string' ? FORM.exec(header)?.[1] : undefined
  return found === undefined ? null : Buffer.from(found, 'hex')
}

/**
 * Whether the raw bytes were signed with one of the secrets. All are tried, and each comparison takes the same time
 * wherever it differs.
 */
export function isSigned(body: readonly Uint8Array[], claimed: Uint8Array, secrets: readonly string[]): boolean {
  let isGood = false
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret)
    for (const part of body) hmac.update(part)
    if (timingSafeEqual(hmac.digest(), claimed)) isGood = true
  }
  return isGood
}
