import { mkdir } from 'node:fs/promises'
import { type ObjectStore, TooLarge, Unavailable } from '../../ports.ts'
import { canonicalJson } from '../../registry/canonical-json.ts'
import { openStore } from '../store/store.ts'
import { type Seal, type SealKey, sealFlaw, sealOf } from './seal.ts'
import { packed, unpacked } from './typed-arrays.ts'

export type Found =
  | { readonly status: 'sealed'; readonly document: unknown }
  | { readonly status: 'absent' }
  /** Something lies under the key that we did not put there: compute again, and say so. */
  | { readonly status: 'not-ours'; readonly because: string }

export interface EvidenceStore {
  get(key: string): Promise<Found>
  put(key: string, document: unknown): Promise<void>
}

/** A local folder, or a store and the prefix in it that only we may write. */
export type EvidencePlace = { readonly folder: string } | { readonly store: ObjectStore; readonly prefix: string }

export type EvidenceOptions = EvidencePlace & {
  /** The first seals, all of them verify: so keys can be changed without losing what they sealed. */
  readonly seal: SealKey | readonly SealKey[]
}

const KEY = /^(sha256:)?[0-9a-f]{64}$/

/**
 * Evidence that was computed before, by key.
 *
 * A document is canonical JSON that ends with `seal`; what has no seal of ours, or another one, is never believed,
 * whoever put it there and however right its key is.
 */
export function openEvidence(options: EvidenceOptions): EvidenceStore {
  const keys: readonly SealKey[] = 'key' in options.seal ? [options.seal] : options.seal
  const [newest] = keys
  if (newest === undefined) throw new RangeError('evidence needs at least one seal key')
  const placed = placeOf(options)
  return {
    get: async (key) => {
      const { store, uri } = await placed(key)
      const bytes = await storedBytes(store, uri)
      if (typeof bytes === 'string') return { status: 'not-ours', because: bytes }
      return bytes === undefined ? { status: 'absent' } : opened(keys, key, bytes)
    },
    put: async (key, document) => {
      const { store, uri } = await placed(key)
      await store.put(uri, sealed(newest, key, document))
    },
  }
}

/** What lies there; a text says why it cannot be a document of ours: a link, a folder, something huge. */
async function storedBytes(store: Pick<ObjectStore, 'get'>, uri: string): Promise<Uint8Array | string | undefined> {
  try {
    return await store.get(uri)
  } catch (error) {
    if (error instanceof TooLarge || (error instanceof Unavailable && error.status === 'missing')) return error.message
    throw error
  }
}

type Placed = (key: string) => Promise<{ readonly store: Pick<ObjectStore, 'get' | 'put'>; readonly uri: string }>

function placeOf(at: EvidencePlace): Placed {
  const named = (prefix: string, key: string): string => {
    if (!KEY.test(key)) throw new RangeError('an evidence key is 64 hexadecimal digits')
    const digits = key.replace('sha256:', '')
    return `${prefix.replace(/\/$/, '')}/${digits.slice(0, 2)}/${digits}.json`
  }
  if ('store' in at) return async (key) => ({ store: withoutPlace(at.store), uri: named(at.prefix, key) })
  const store = openStore({ root: at.folder, prefixes: ['file:evidence'] })
  return async (key) => {
    await mkdir(at.folder, { recursive: true })
    return { store, uri: named('file:evidence', key) }
  }
}

/** Where the app keeps evidence is its operator's matter: what goes wrong there is told without the place. */
function withoutPlace(store: ObjectStore): Pick<ObjectStore, 'get' | 'put'> {
  const isAnswer = (error: Unavailable) => error instanceof TooLarge || error.status === 'missing'
  return {
    get: (uri) => store.get(uri).catch((error) => refuse(error, isAnswer)),
    put: (uri, bytes) => store.put(uri, bytes).catch((error) => refuse(error, () => false)),
  }
}

function refuse(error: unknown, isAnswer: (error: Unavailable) => boolean): never {
  if (!(error instanceof Unavailable) || isAnswer(error)) throw error
  const mend = 'Ask the operator of this app to look at `evidence` of WEIGHBRIDGE_OPERATOR, then weigh again.'
  const what = 'the place where this app keeps evidence cannot be used'
  throw new Unavailable('unreachable', what, mend, { cause: error })
}

/** Bytes of a document: its canonical text, with the seal as its last member. */
function sealed(key: SealKey, evidenceKey: string, document: unknown): Uint8Array {
  const text = canonicalJson({ document: packed(document) })
  return new TextEncoder().encode(withSeal(text, sealOf(key, evidenceKey, text)))
}

function withSeal(text: string, seal: Seal): string {
  return `${text.slice(0, -1)},"seal":${canonicalJson(seal)}}\n`
}

function opened(keys: readonly SealKey[], evidenceKey: string, bytes: Uint8Array): Found {
  const text = new TextDecoder().decode(bytes)
  const parts = /^(\{"document":.*),"seal":\{"key_id":"([^"\\]{1,64})","mac":"([0-9a-f]{64})"\}\}\n$/s.exec(text)
  if (parts === null) return { status: 'not-ours', because: 'it has no seal' }
  const [, body, key_id, mac] = parts as unknown as readonly [string, string, string, string]
  const flaw = sealFlaw(keys, { key_id, mac }, evidenceKey, `${body}}`)
  if (flaw !== null) return { status: 'not-ours', because: flaw }
  const { document } = JSON.parse(`${body}}`) as { readonly document: unknown }
  return { status: 'sealed', document: unpacked(document) }
}
