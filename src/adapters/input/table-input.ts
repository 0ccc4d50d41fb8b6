import { mkdtemp, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type LocalFile, type ObjectStore, type TableSource, Unavailable } from '../../ports.ts'
import { BadTable } from '../tables/bad-table.ts'
import { borrowFile, drained } from './local-file.ts'
import { filesNamed, objectsNamed } from './named-files.ts'
import { formatOfContent, formatOfName } from './table-format.ts'

export interface TableInputOptions {
  /** A folder of our own, which the reader sees. */
  readonly folder: string
  /** Folder that relative names are taken from. */
  readonly calledFrom: string
  /** Opened at the first `s3://`. */
  readonly store: () => ObjectStore
  readonly stdin: NodeJS.ReadStream | NodeJS.ReadableStream
  readonly progress: (text: string) => void
}

export interface TableInput {
  /**
   * One table of all files that the names stand for: paths, patterns, `s3://` URIs and patterns, `-`.
   * @throws {Unavailable} or {BadTable} when there is nothing, or files of several formats
   */
  source(names: readonly string[]): Promise<TableSource>
  /** Fails when a file was changed since it was named. */
  mustBeUnchanged(source: TableSource): Promise<void>
}

const MAX_OBJECT_BYTES = 1e12

/** Finds the tables that people name and brings them into the reader's folder. */
export function openTableInput(options: TableInputOptions): TableInput {
  const checks = new Map<string, () => Promise<void>>()
  let isStdinRead = false
  const { progress } = options

  const fetched = async (uri: string, folder: string): Promise<LocalFile> => {
    const file = await options.store().fetch(uri, folder, { maxBytes: MAX_OBJECT_BYTES })
    const path = join(folder, ownName(uri))
    await rename(file.path, path)
    return { ...file, path }
  }
  const borrow = async (path: string, folder: string): Promise<LocalFile> => {
    const named = { called: basename(path), progress }
    const { file, mustBeSame } = await borrowFile(path, join(folder, ownName(path)), named)
    checks.set(file.path, mustBeSame)
    return file
  }
  const stdin = async (folder: string): Promise<LocalFile> => {
    if (isStdinRead)
      throw new Unavailable('missing', 'standard input is named twice', 'Give one of the tables as a file.')
    if ('isTTY' in options.stdin && options.stdin.isTTY)
      throw new Unavailable(
        'missing',
        'standard input is a terminal',
        'Send a table into it: cat table.csv | weighbridge ...',
      )
    isStdinRead = true
    return drained(options.stdin, join(folder, 'standard-input'), { called: 'standard input', progress })
  }
  const filesOf = async (name: string): Promise<readonly LocalFile[]> => {
    const folderFor = () => mkdtemp(join(options.folder, 'input-'))
    if (name === '-') return [await stdin(await folderFor())]
    const isRemote = name.startsWith('s3://')
    const places = isRemote ? await objectsNamed(name, options.store()) : await filesNamed(name, options.calledFrom)
    const files: LocalFile[] = []
    for (const [index, place] of places.entries()) {
      if (isRemote) progress(`fetching ${place}${places.length > 1 ? `, ${index + 1} of ${places.length}` : ''}`)
      files.push(isRemote ? await fetched(place, await folderFor()) : await borrow(place, await folderFor()))
    }
    return files
  }
  return {
    source: async (names) => {
      const files: LocalFile[] = []
      for (const name of names) files.push(...(await filesOf(name)))
      const called = names.map(calledOf).join(', ')
      return { files, format: await formatOf(files, called), called }
    },
    mustBeUnchanged: async ({ files }) => {
      for (const { path } of files) await checks.get(path)?.()
    },
  }
}

/** What messages call it: the name as it was given, without the folders of this machine. */
function calledOf(name: string): string {
  if (name === '-') return 'standard input'
  return name.startsWith('s3://') ? name : basename(name)
}

/** A name without what the engine would take for a pattern. */
function ownName(place: string): string {
  return basename(place)
    .replace(/[^\p{L}\p{N}._=+@() -]/gu, '_')
    .slice(-120)
}

async function formatOf(files: readonly LocalFile[], called: string): Promise<TableSource['format']> {
  const formats: TableSource['format'][] = []
  for (const { path } of files) formats.push(formatOfName(path) ?? (await formatOfContent(path)))
  const [first, ...others] = formats
  const at = others.findIndex((format) => format !== first)
  if (first === undefined) throw new Unavailable('missing', 'no table is named', 'Name a file.')
  if (at < 0) return first
  throw new BadTable(
    'format',
    `${called} holds files of several formats: ${basename(files[0]?.path ?? '')} is ${first}, ${basename(files[at + 1]?.path ?? '')} is ${others[at]}`,
    'Files of one table have one format.',
  )
}
