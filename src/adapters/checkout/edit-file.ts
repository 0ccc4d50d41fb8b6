import { lstat, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { Unavailable } from '../../ports.ts'
import { git } from './git.ts'

/** A file of the working tree as it was read, and as it shall be. */
export interface FileEdit {
  /** In the repository. */
  readonly path: string
  readonly before: string
  readonly after: string
}

/**
 * Whether a path differs from what is committed, or was never committed.
 */
export async function isDirty(root: string, path: string): Promise<boolean> {
  return (await git(root, ['status', '--porcelain', '-z', '--untracked-files=all', '--', path])) !== ''
}

/**
 * Writes an edited file in place of the one that was read, whole or not at all.
 *
 * A link on the way would have it written where the link leads: refused, as is a file that changed since it was read.
 *
 * @throws {Unavailable}
 */
export async function writeEdit(root: string, { path, before, after }: FileEdit): Promise<void> {
  const full = join(root, path)
  const [home, folder, found] = await Promise.all([realpath(root), realpath(dirname(full)), lstat(full)])
  const isInside = folder === home || folder.startsWith(home + sep)
  if (!isInside || folder !== join(home, dirname(path)) || !found.isFile())
    throw new Unavailable(
      'unreachable',
      `${path} is a link or lies behind one: it would be written where that leads`,
      'Replace the link by the file itself.',
    )
  if ((await readFile(full, 'utf8')) !== before)
    throw new Unavailable('unreachable', `${path} has changed while it was read`, 'Run the command again.')
  const whole = join(folder, `.weighbridge-${process.pid}.tmp`)
  try {
    await writeFile(whole, after, { flag: 'wx', mode: found.mode & 0o777 })
    await rename(whole, full)
  } finally {
    await rm(whole, { force: true })
  }
}
