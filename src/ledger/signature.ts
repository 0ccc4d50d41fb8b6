import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from '../registry/canonical-json.ts'

const PUBLIC_KEY = /^ed25519:([A-Za-z0-9+/]{43}=)$/

/** A public key of the ledger; the operator's list of them decides what is believed. */
export interface VerifyingKey {
  /** 16 hexadecimal digits of the key's own digest. */
  readonly key_id: string
  /** `ed25519:` and 32 bytes in base64: how it stands in files. */
  readonly text: string
  readonly key: KeyObject
}

/** The private key that signs new lines. */
export interface SigningKey {
  readonly key_id: string
  readonly key: KeyObject
  readonly public: VerifyingKey
}

/** What every signed document of the ledger ends with. */
export interface Signature {
  readonly key_id: string
  /** Ed25519, 64 bytes in base64. */
  readonly sig: string
}

/**
 * A public key as operators write it down.
 *
 * @param text  `ed25519:` and 44 characters of base64
 * @throws {RangeError} when it is anything else
 * @example verifyingKeyOf(`ed25519:${'A'.repeat(43)}=`).key_id // => '66687aadf862bd77'
 */
export function verifyingKeyOf(text: string): VerifyingKey {
  const base64 = PUBLIC_KEY.exec(text)?.[1]
  if (base64 === undefined)
    throw new RangeError(
      'a public key of the ledger is ed25519: and 44 characters of base64; weighbridge ledger keys makes one',
    )
  const raw = Buffer.from(base64, 'base64')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  return { key_id: createHash('sha256').update(raw).digest('hex').slice(0, 16), text, key }
}

/**
 * The private key out of its file.
 *
 * @param pem  PKCS#8 in PEM, as `weighbridge ledger keys` writes it
 * @throws {RangeError} when it is no Ed25519 key; the message says nothing of what was read
 */
export function signingKeyOf(pem: string): SigningKey {
  const key = privateKeyOf(pem)
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new RangeError('the signing key of the ledger is no Ed25519 key in PEM; weighbridge ledger keys makes one')
  const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
  const verifying = verifyingKeyOf(`ed25519:${raw.toString('base64')}`)
  return { key_id: verifying.key_id, key, public: verifying }
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/**
 * A document with its signature, as the one text that it has.
 *
 * @param unsigned  plain data without `sig`; `key_id` is added, and is signed too
 * @returns canonical JSON, without a line end
 */
export function signedText(unsigned: Readonly<Record<string, unknown>>, key: SigningKey): string {
  const named = { ...unsigned, key_id: key.key_id }
  const sig = sign(null, Buffer.from(canonicalJson(named)), key.key).toString('base64')
  return canonicalJson({ ...named, sig })
}

/**
 * Why a signed document cannot be believed; null when one of the keys signed exactly this.
 *
 * @param document  plain data with `key_id` and `sig`
 */
export function signatureFlaw(
  document: Readonly<Record<string, unknown>>,
  keys: readonly VerifyingKey[],
): string | null {
  const { sig, ...named } = document
  if (typeof named.key_id !== 'string' || typeof sig !== 'string') return 'has no signature'
  const key = keys.find(({ key_id }) => key_id === named.key_id)
  if (key === undefined) return `is signed by key ${shown(named.key_id)}, which is none of the operator's`
  const bytes = Buffer.from(sig, 'base64')
  const isOne = bytes.length === 64 && bytes.toString('base64') === sig
  return isOne && verify(null, Buffer.from(canonicalJson(named)), key.key, bytes) ? null : 'has a wrong signature'
}

/** Anybody may have written it: only what a key id looks like is repeated. */
function shown(keyId: string): string {
  return /^[0-9a-f]{16}$/.test(keyId) ? keyId : 'of another form'
}

/**
 * SHA-256 of a text as UTF-8.
 *
 * @example textDigest('') // => 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function textDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}
