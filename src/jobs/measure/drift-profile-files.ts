import { open } from 'node:fs/promises'
import { TooLarge } from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import { parseProfile } from '../../profiles/parse-profile.ts'
import { isRemote, type Objects, readProfile, textOfObject } from './profile-files.ts'

/** Enough to see what a file is; its schema stands first. */
const HEAD_BYTES = 4096

/**
 * The profile at a place; null when what lies there is none, but a table perhaps.
 *
 * @param place  a path or an `s3://` URI
 * @throws {BadProfile} when it is one that cannot be used
 */
export async function profileAt(place: string, objects: Objects): Promise<Profile | null> {
  if (!place.endsWith('.json')) return null
  if (isRemote(place)) return profileInObject(place, objects)
  return isProfile(await headOf(place)) ? readProfile(place, objects) : null
}

async function profileInObject(uri: string, objects: Objects): Promise<Profile | null> {
  try {
    const text = await textOfObject(uri, objects)
    return isProfile(text.slice(0, HEAD_BYTES)) ? parseProfile(text, uri) : null
  } catch (error) {
    if (error instanceof TooLarge) return null
    throw error
  }
}

function isProfile(head: string): boolean {
  return /"schema"\s*:\s*"weighbridge\.profile\//.test(head)
}

async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null)
  if (file === null) return ''
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
