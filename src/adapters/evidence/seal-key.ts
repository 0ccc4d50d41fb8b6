import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SealKey } from './seal.ts'

const KEY_BYTES = 32

/** A seal key of given bytes; the id is a digest that tells keys apart and nothing more. */
export function sealKey(key: Uint8Array): SealKey {
  if (key.length < KEY_BYTES) throw new RangeError(`a seal key has ${KEY_BYTES} bytes or more, this one ${key.length}`)
  const id = createHash('sha256').update('weighbridge seal key').update(key).digest('hex')
  return { key_id: id.slice(0, 16), key }
}

/**
 * The key of this checkout, made at first use: `<gitDir>/weighbridge/seal.key`, readable by its owner alone.
 *
 * It lies in Git's own folder, which no commit can write and no clone carries along.
 *
 * @throws {RangeError} when the file is not a key; delete it, and what it sealed is computed again
 */
export function localSealKey(gitDir: string): SealKey {
  const folder = join(gitDir, 'weighbridge')
  const path = join(folder, 'seal.key')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = readKey(path)
  if (found !== null) return sealKey(found)
  makeKey(path)
  return sealKey(readFileSync(path))
}

function readKey(path: string): Uint8Array | null {
  try {
    const key = readFileSync(path)
    chmodSync(path, 0o600)
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Whole or not at all, and the first of two wins: both then read the same key. */
function makeKey(path: string): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 })
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
