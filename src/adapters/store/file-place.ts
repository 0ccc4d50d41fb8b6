import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { Unavailable } from '../../ports.ts'
import { escapesItsPrefix } from '../../registry/names.ts'

/** Where a `file:` URI lies on the disk, links resolved; null when there is nothing. */
export async function placeOf(root: string, uri: string): Promise<string | null> {
  const path = relativePath(uri)
  const [realRoot, place] = await Promise.all([realpath(root), realPathOrNull(join(root, path))])
  if (place !== null && !isBelow(realRoot, place)) throw leaves(uri)
  return place
}

/** The path of a `file:` URI, relative to the root: no way up, no way into Git's own folder. */
export function relativePath(uri: string): string {
  const path = uri.replace(/^file:/, '')
  const isPlain = uri.startsWith('file:') && path !== '' && !isAbsolute(path) && !/^[a-z]:/i.test(path)
  if (!isPlain || escapesItsPrefix(uri)) throw leaves(uri)
  if (isGitFolder(path)) throw new Unavailable('missing', `${uri} lies in Git's own folder`, 'Keep data elsewhere.')
  return path
}

/** Whether a real path lies below the root, and not in its `.git`. */
export function isBelow(realRoot: string, place: string): boolean {
  const path = relative(realRoot, place)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path) && !isGitFolder(path)
}

/** The folder that holds credentials and keys. */
function isGitFolder(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => segment.toLowerCase() === '.git')
}

export function leaves(uri: string): Unavailable {
  const shown = uri.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200)
  return new Unavailable(
    'missing',
    `${shown} leaves the folder of the repository`,
    'Write file:path, without links out.',
  )
}

async function realPathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isAbsence(error)) return null
    throw error
  }
}

/** Errors of the file system that mean: there is nothing by that name. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')
}
