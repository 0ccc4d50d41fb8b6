import { createHmac, timingSafeEqual } from 'node:crypto'

/** A key that only we have; `key_id` says which, without saying anything about it. */
export interface SealKey {
  readonly key_id: string
  readonly key: Uint8Array
}

export interface Seal {
  readonly key_id: string
  /** HMAC-SHA-256, 64 hexadecimal digits. */
  readonly mac: string
}

/** The seal of a document's canonical text under an evidence key: neither can be exchanged for another. */
export function sealOf({ key_id, key }: SealKey, evidenceKey: string, text: string): Seal {
  return {
    key_id,
    mac: createHmac('sha256', key).update(`weighbridge evidence\n${evidenceKey}\n${text}`).digest('hex'),
  }
}

/** Why a seal is not ours; null when it is. Compared in constant time. */
export function sealFlaw(keys: readonly SealKey[], seal: Seal, evidenceKey: string, text: string): string | null {
  const key = keys.find(({ key_id }) => key_id === seal.key_id)
  if (key === undefined) return 'its seal names a key that is not ours'
  const expected = Buffer.from(sealOf(key, evidenceKey, text).mac, 'hex')
  const found = Buffer.from(seal.mac, 'hex')
  return found.length === expected.length && timingSafeEqual(found, expected) ? null : 'its seal is wrong'
}
