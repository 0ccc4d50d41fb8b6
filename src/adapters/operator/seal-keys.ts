import { readFileSync } from 'node:fs'
import type { Operator } from '../../operator/operator-file.ts'
import type { SealKey } from '../evidence/seal.ts'
import { localSealKey, sealKey } from '../evidence/seal-key.ts'

/**
 * Keys that seal the app's evidence: those of the operator's file, else one of its own that it makes at first use.
 *
 * Never the key of a checkout: what the CLI or the Action computed is not evidence here.
 *
 * @param home  the app's own folder
 * @throws {RangeError} when a file is not base64 of 32 bytes or more
 */
export function appSealKeys(operator: Operator | null, home: string): readonly SealKey[] {
  const files = [operator?.seal_key_file ?? []].flat()
  return files.length === 0 ? [localSealKey(home)] : files.map(readKey)
}

function readKey(path: string): SealKey {
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[A-Za-z0-9+/]{43,}={0,2}$/.test(text))
    throw new RangeError(`${path} must hold a seal key: base64 of 32 bytes or more (openssl rand -base64 32)`)
  return sealKey(Buffer.from(text, 'base64'))
}
