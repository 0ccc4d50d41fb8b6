import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { DriftDocument } from '../../measuring/drift.ts'
import { Unavailable } from '../../ports.ts'
import type { DriftAsk } from './drift.ts'
import { measureDriftOfProfiles } from './drift-of-profiles.ts'
import { readProfile } from './profile-files.ts'

/** Enough to see what a file is; its schema stands first. */
const HEAD_BYTES = 4096

/**
 * Drift from the files of two profiles; null when neither file is one.
 *
 * @throws {Unavailable} when one side is a profile and the other is not
 * @throws {BadProfile} when a profile cannot be used
 */
export async function driftOfProfileFiles(
  ask: DriftAsk,
  reference: string,
  current: string,
): Promise<DriftDocument | null> {
  const [before, after] = [await isProfile(reference), await isProfile(current)]
  if (!before && !after) return null
  if (before !== after) {
    const [profile, table] = before ? [reference, current] : [current, reference]
    const message = `${basename(profile)} is a profile and ${basename(table)} is not`
    throw new Unavailable('missing', message, 'Give two tables, or profile the other one too: weighbridge profile.')
  }
  return measureDriftOfProfiles(ask, await readProfile(reference), await readProfile(current))
}

async function isProfile(path: string): Promise<boolean> {
  if (!path.endsWith('.json')) return false
  const file = await open(path).catch(() => null)
  if (file === null) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return /"schema"\s*:\s*"weighbridge\.profile\//.test(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await file.close()
  }
}
