import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SigningKey, signingKeyOf, type VerifyingKey, verifyingKeyOf } from '../../ledger/signature.ts'
import type { Operator } from '../../operator/operator-file.ts'

export interface LedgerKeys {
  /** Signs new lines. */
  readonly signing: SigningKey
  /** Decide what is believed. */
  readonly believed: readonly VerifyingKey[]
}

/**
 * Keys of the ledger: those of the operator's file, else one that the app makes for itself at first use.
 *
 * @param home  the app's own folder
 * @throws {RangeError} when a key is none, or the signing key is not among those believed
 */
export function ledgerKeys(operator: Operator | null, home: string): LedgerKeys {
  if (operator?.ledger === undefined) {
    const signing = signingKeyOf(ownKey(join(home, 'weighbridge', 'ledger.pem')))
    return { signing, believed: [signing.public] }
  }
  const { public_keys, signing_key_file } = operator.ledger
  const signing = signingKeyOf(readFileSync(signing_key_file, 'utf8'))
  const believed = public_keys.map(verifyingKeyOf)
  if (!believed.some(({ key_id }) => key_id === signing.key_id))
    throw new RangeError(`${signing_key_file}: its public key ${signing.public.text} must stand in ledger.public_keys`)
  return { signing, believed }
}

/** The first of two that make it wins, and both read the same. */
function ownKey(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(path, 'utf8')
}
