import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { realClock, type WorldClock } from '../clock.ts'
import { answerRequest } from './answer-request.ts'
import { type Bodies, bodiesInFolder, bodiesInMemory } from './bodies.ts'
import { journalIn } from './journal.ts'
import { parseQuery, type S3Answer } from './s3-message.ts'
import type { StoreKey } from './signature.ts'
import type { Store } from './store.ts'
import type { StoreFaults } from './store-faults.ts'
import {
  type Bucket,
  copiedState,
  emptyState,
  nextMark,
  type StoreState,
  versionId,
  withVersion,
} from './store-state.ts'

export interface StoreOptions {
  readonly keys?: readonly StoreKey[]
  readonly buckets?: readonly string[]
  /** Objects stay here; without one they stay in memory. */
  readonly folder?: string
  readonly from?: StoreSnapshot
  readonly clock?: WorldClock
  /** What signatures are held to: a client signs by the real time, whatever the world's is. */
  readonly wallClock?: () => number
  readonly pageSize?: number
  /** Hosts below which a bucket is a name, `s3.localhost` for `bucket.s3.localhost`. */
  readonly hosts?: readonly string[]
}

/** A store as it was, to be opened again; copying one copies no bytes. */
export interface StoreSnapshot {
  readonly state: StoreState
  readonly bodies: Bodies
}

/** Objects by `bucket/key`, as a story puts them there and looks at them: no signature, no request. */
export interface StoredObjects {
  get(name: string): Buffer | undefined
  /** Makes the bucket too, where there is none. */
  set(name: string, bytes: Uint8Array): void
  delete(name: string): void
  clear(): void
  keys(): readonly string[]
}

/** The head of a request, with its body already read. */
export interface ReceivedRequest {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly mark: number
}

export interface OpenedStore {
  readonly objects: StoredObjects
  /** `GET /bucket/key`, in order. */
  readonly requests: string[]
  readonly faults: StoreFaults
  /** Counts what has happened; taken when the head of a request arrives. */
  mark(): number
  answer(request: ReceivedRequest): S3Answer
  snapshot(): StoreSnapshot
  /** Back to how it was, in place. */
  restore(snapshot: StoreSnapshot): void
}

/** The key of stories, and of anybody who tries the world: a secret that opens nothing else. */
export const STORE_KEY: StoreKey = {
  accessKeyId: 'AKIAWEIGHBRIDGETEST',
  secretAccessKey: 'canary-secret-of-the-store',
}

/** An S3 store without a network: objects, versions and uploads behind checked signatures. */
export function openStoreState(options: StoreOptions = {}): OpenedStore {
  const { keys = [STORE_KEY], clock = realClock, wallClock = () => Date.now(), hosts = ['localhost'] } = options
  const store = storeOf(options, clock)
  for (const name of options.buckets ?? []) makeBucket(store, name)
  const requests: string[] = []
  return {
    objects: objectsOf(store),
    requests,
    faults: store.faults,
    mark: () => store.state.lastMark,
    answer({ method, target, headers, body, mark }) {
      const [rawPath = '/', query = ''] = target.split(/\?(.*)/s)
      const { bucket, key } = placeOf(rawPath, headers.host ?? '', hosts)
      requests.push(`${method} /${bucket}/${key}`)
      const request = { method, rawPath, query: parseQuery(query), headers, body, bucket, key, mark }
      return answerRequest(store, request, { keys, wallClock })
    },
    snapshot: () => ({ state: copiedState(store.state), bodies: store.bodies }),
    restore: ({ state }) => replaceState(store.state, copiedState(state)),
  }
}

function storeOf({ folder, from, pageSize = 1000 }: StoreOptions, clock: WorldClock): Store {
  const faults: StoreFaults = {}
  if (folder !== undefined)
    return { ...journalIn(folder), bodies: bodiesInFolder(join(folder, 'bodies')), clock, faults, pageSize }
  const state = from === undefined ? emptyState() : copiedState(from.state)
  return { state, bodies: from?.bodies ?? bodiesInMemory(), clock, faults, pageSize, changed: () => undefined }
}

function placeOf(
  rawPath: string,
  host: string,
  hosts: readonly string[],
): { readonly bucket: string; readonly key: string } {
  const name = host.replace(/:\d+$/, '')
  const base = hosts.find((one) => name.endsWith(`.${one}`))
  const path = decodeURIComponent(rawPath.slice(1))
  if (base !== undefined) return { bucket: name.slice(0, -base.length - 1), key: path }
  const [, bucket = '', key = ''] = /^([^/]*)\/?(.*)$/s.exec(path) ?? []
  return { bucket, key }
}

function makeBucket({ state, changed }: Store, name: string): Bucket {
  const bucket = state.buckets.get(name) ?? { versioning: 'off', keys: new Map() }
  if (!state.buckets.has(name)) {
    state.buckets.set(name, bucket)
    changed({ is: 'bucket', bucket: name })
  }
  return bucket
}

function objectsOf(store: Store): StoredObjects {
  const { state, bodies, clock, changed } = store
  const set = (name: string, given: Uint8Array) => {
    const [bucket, key] = split(name)
    const bytes = Buffer.from(given)
    const id = versionId(makeBucket(store, bucket), nextMark(state))
    withVersion(makeBucket(store, bucket), key, {
      id,
      isDeleteMarker: false,
      sha256: bodies.keep(bytes),
      sizeBytes: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      checksums: {},
      headers: { 'content-type': 'binary/octet-stream' },
      modifiedMs: clock.now(),
    })
    changed({ is: 'key', bucket, key })
  }
  const newest = (name: string) => {
    const [bucket, key] = split(name)
    const version = state.buckets.get(bucket)?.keys.get(key)?.[0]
    return version === undefined || version.isDeleteMarker ? undefined : version
  }
  const names = () =>
    [...state.buckets].flatMap(([bucket, { keys }]) => [...keys.keys()].map((key) => `${bucket}/${key}`))
  const remove = (name: string) => {
    const [bucket, key] = split(name)
    state.buckets.get(bucket)?.keys.delete(key)
    changed({ is: 'key', bucket, key })
  }
  return {
    set,
    get: (name) => {
      const version = newest(name)
      return version && bodies.read(version.sha256)
    },
    delete: remove,
    clear: () => names().forEach(remove),
    keys: () => names().filter((name) => newest(name) !== undefined),
  }
}

function split(name: string): readonly [bucket: string, key: string] {
  const at = name.indexOf('/')
  return [name.slice(0, at), name.slice(at + 1)]
}

function replaceState(state: StoreState, by: StoreState): void {
  for (const name of ['buckets', 'uploads', 'deletions'] as const) {
    const target = state[name] as Map<string, unknown>
    target.clear()
    for (const [key, value] of by[name] as Map<string, unknown>) target.set(key, value)
  }
  state.lastMark = by.lastMark
}
