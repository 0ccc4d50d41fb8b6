import { mkdir, readFile as readBytes, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeEntry } from '../../ports.ts'
import { readFile } from '../../registry/file-kind.ts'
import { recordKind } from '../../registry/file-kinds.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { classifyPath } from '../../registry/registry-path.ts'
import { readSourceText } from '../../registry/source-text.ts'
import { engineName } from '../evidence/engine-version.ts'
import type { Checkout } from './checkout.ts'
import { readBlobs } from './git.ts'

/** Every version record of a registry at a commit. */
export interface AllRecords {
  /** Sorted by model, then in the order of the tree. */
  readonly records: readonly VersionRecord[]
  /** Paths of records that hold mistakes, and are left out. */
  readonly unreadable: readonly string[]
}

export interface ReadOptions {
  readonly progress?: (text: string) => void
  /** Only this one's. */
  readonly model?: string
}

/** One record by the object id of its text; null when it holds mistakes. */
interface Indexed {
  readonly engine: string
  readonly records: Readonly<Record<string, VersionRecord | null>>
}

interface Found {
  readonly model: string
  readonly path: string
  readonly entry: TreeEntry
}

const BLOBS_AT_ONCE = 5_000
const FILES_AT_ONCE = 32
const EMPTY = { engine: '', records: {} } as const

/**
 * Reads every version record at a commit.
 *
 * Reading YAML takes a hundred times as long as finding it, and a text never changes under its object id: what was read
 * is kept in Git's own folder, one file a model, and read from there the next time.
 *
 * @param sha  where `models/` is read
 */
export async function readAllRecords(
  checkout: Pick<Checkout, 'root' | 'gitFolder' | 'snapshot'>,
  sha: string,
  { progress = () => undefined, model }: ReadOptions = {},
): Promise<AllRecords> {
  const below = model === undefined ? 'models' : `models/${model}/versions`
  const entries = await (await checkout.snapshot(sha)).list(below)
  const found = entries.flatMap((entry): readonly Found[] => {
    const is = classifyPath(entry.path, null)
    return is.kind === 'version' ? [{ model: is.model, path: entry.path, entry }] : []
  })
  const folder = join(checkout.gitFolder, 'weighbridge', 'records')
  const byModel = [...Map.groupBy(found, ({ model }) => model)]
  const known = await inTurns(byModel, ([model]) => indexOf(folder, model))
  const fresh = found.filter(({ model, entry }) => !Object.hasOwn(known.get(model)!.records, entry.oid))
  const read = await readFresh(checkout.root, fresh, progress)
  await inTurns(byModel, async ([model, own]) => {
    if (own.some(({ entry }) => read.has(entry.oid))) await keep(folder, model, own, known.get(model)!, read)
  })
  const recordOf = ({ model, entry: { oid } }: Found) => read.get(oid) ?? known.get(model)!.records[oid] ?? null
  return {
    records: found.map(recordOf).filter((record) => record !== null),
    unreadable: found.filter((one) => recordOf(one) === null).map(({ path }) => path),
  }
}

async function inTurns<Value>(
  models: readonly (readonly [string, readonly Found[]])[],
  use: (model: readonly [string, readonly Found[]]) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const answers = new Map<string, Value>()
  for (let at = 0; at < models.length; at += FILES_AT_ONCE)
    await Promise.all(models.slice(at, at + FILES_AT_ONCE).map(async (one) => answers.set(one[0], await use(one))))
  return answers
}

/** What was kept of a model; nothing when this engine did not write it, or not wholly. */
async function indexOf(folder: string, model: string): Promise<Indexed> {
  try {
    const kept = JSON.parse(await readBytes(join(folder, `${model}.json`), 'utf8')) as Indexed
    return kept.engine === engineName() ? kept : EMPTY
  } catch {
    return EMPTY
  }
}

async function readFresh(
  root: string,
  fresh: readonly Found[],
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, VersionRecord | null>> {
  const read = new Map<string, VersionRecord | null>()
  for (let at = 0; at < fresh.length; at += BLOBS_AT_ONCE) {
    const some = fresh.slice(at, at + BLOBS_AT_ONCE)
    if (fresh.length > BLOBS_AT_ONCE) progress(`reading records, ${at} of ${fresh.length}; they are kept for next time`)
    const blobs = await readBlobs(
      root,
      some.map(({ entry }) => entry.oid),
    )
    for (const { path, entry } of some) read.set(entry.oid, recordIn(path, entry.mode, blobs.get(entry.oid)))
  }
  return read
}

function recordIn(path: string, mode: string, bytes: Uint8Array | undefined): VersionRecord | null {
  const source = bytes === undefined ? null : readSourceText(path, bytes, mode)
  const reading = source?.ok ? readFile(recordKind, path, source.text) : null
  return reading?.ok ? reading.value : null
}

async function keep(
  folder: string,
  model: string,
  own: readonly Found[],
  known: Indexed,
  read: ReadonlyMap<string, VersionRecord | null>,
): Promise<void> {
  const records = Object.fromEntries(
    own.map(({ entry: { oid } }) => [oid, read.has(oid) ? read.get(oid) : (known.records[oid] ?? null)]),
  )
  await mkdir(folder, { recursive: true })
  const whole = join(folder, `${model}.${process.pid}.tmp`)
  await writeFile(whole, JSON.stringify({ engine: engineName(), records }), { mode: 0o600 })
  await rename(whole, join(folder, `${model}.json`))
}
