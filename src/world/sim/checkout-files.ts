import { readFile, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { git, readBlobs } from '../../adapters/checkout/git.ts'
import type { ChangedFiles } from '../pull-handle.ts'
import type { FileChanges } from './scenario.ts'

/** Something that a scenario names is not in the checkout. */
export class NotInCheckout extends Error {
  readonly mend: string
  constructor(message: string, mend: string) {
    super(message)
    this.name = 'NotInCheckout'
    this.mend = mend
  }
}

/** Files of a ref of the user's checkout; links and submodules are left out. */
export async function filesAt(folder: string, ref: string): Promise<Readonly<Record<string, Uint8Array>>> {
  const lines = (await git(folder, ['ls-tree', '-r', '-z', await commitOf(folder, ref)])).split('\0')
  const entries = lines.flatMap((line) => {
    const [, mode, oid, path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    return oid === undefined || path === undefined || mode === '120000' ? [] : [{ oid, path }]
  })
  const blobs = await readBlobs(
    folder,
    entries.map(({ oid }) => oid),
  )
  return Object.fromEntries(entries.map(({ oid, path }) => [path, blobs.get(oid) ?? new Uint8Array()]))
}

/** What one ref changes against another: whole files, null for those that it removes. */
export async function changesOf(folder: string, base: string, ref: string): Promise<ChangedFiles> {
  const [before, after] = [await filesAt(folder, base), await filesAt(folder, ref)]
  const same = (path: string) =>
    before[path] !== undefined && Buffer.compare(before[path], after[path] ?? new Uint8Array()) === 0
  const changed = Object.entries(after).filter(([path]) => !same(path))
  const removed = Object.keys(before).filter((path) => after[path] === undefined)
  return { ...Object.fromEntries(changed), ...Object.fromEntries(removed.map((path) => [path, null])) }
}

/**
 * A scenario's changes as whole files.
 *
 * @param current  text of a file where the change will land; null when it is not there
 */
export async function resolved(
  folder: string,
  changes: FileChanges,
  current: (path: string) => Promise<string | null>,
): Promise<ChangedFiles> {
  const entries = Object.entries(changes).map(async ([path, change]) => {
    if (change === null || typeof change === 'string') return [path, change] as const
    if ('file' in change) return [path, await fileOf(folder, change.file)] as const
    return [path, replaced(path, await current(path), change.replace)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

function replaced(path: string, text: string | null, replacements: Readonly<Record<string, string>>): string {
  if (text === null)
    throw new NotInCheckout(`${path} is not there, so nothing in it can be replaced`, 'Write its text.')
  return Object.entries(replacements).reduce((before, [from, to]) => {
    if (before.includes(from)) return before.replaceAll(from, () => to)
    throw new NotInCheckout(`${path} does not hold ${JSON.stringify(from)}`, 'Write a text that stands in the file.')
  }, text)
}

/** A file of the working tree; a link out of it is not followed. */
async function fileOf(folder: string, path: string): Promise<Uint8Array> {
  const place = await realpath(join(folder, path)).catch(() => null)
  const root = await realpath(folder)
  if (place === null) throw new NotInCheckout(`${path} is not in ${folder}`, 'Name a file of the checkout.')
  const inside = place.startsWith(root + sep) && !place.slice(root.length).toLowerCase().startsWith(`${sep}.git${sep}`)
  if (!inside) throw new NotInCheckout(`${path} leaves the checkout`, 'Name a file of the checkout.')
  return readFile(place)
}

async function commitOf(folder: string, ref: string): Promise<string> {
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).catch(
    () => '',
  )
  if (found.trim() !== '') return found.trim()
  throw new NotInCheckout(`there is no commit "${ref}" in ${folder}`, 'Name a branch, tag or commit of the checkout.')
}
