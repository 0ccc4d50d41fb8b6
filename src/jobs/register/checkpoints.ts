import { mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openCheckout } from '../../adapters/checkout/checkout.ts'
import { openStore } from '../../adapters/store/store.ts'
import { openUploads } from '../../adapters/store/uploads.ts'
import { Occupied } from '../../ports/uploads.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import { DIGEST_ENDING } from '../../training/newest-checkpoint.ts'
import { openRegistry } from '../registry-reader.ts'
import { hashedFile, storedName } from './given-file.ts'

export interface Checkpoint {
  readonly uri: string
  readonly digest: string
  readonly size_bytes: number
}

/** Checkpoints below `store.artifacts` of the configuration that is committed. */
export interface Checkpoints {
  /** @throws {Unavailable} when other bytes lie there, or the store would not tell */
  save(path: string, uri: string): Promise<Checkpoint & { readonly is: 'written' | 'there' }>
  /** @throws {Unavailable} when it is not there whole, or its bytes are not those that were saved */
  load(uri: string, path: string): Promise<Checkpoint>
}

const MAX_BYTES = 2 ** 42

export async function openCheckpoints(folder: string, progress: (text: string | null) => void): Promise<Checkpoints> {
  const { root, artifacts } = await storeHere(folder)
  const prefixes = [artifacts]
  const store = openStore({ root, prefixes })
  const uploads = openUploads({ root, prefixes })
  return {
    save: async (path, to) => {
      const uri = to.endsWith('/') ? to + storedName(path) : to
      const file = await hashedFile(path)
      const told = (doing: string, bytes: number) => progress(`${doing} ${basename(uri)}, ${bytes} bytes`)
      const { is } = await uploads.upload(file, uri, { progress: told })
      await keepDigest(store, uri, file.digest)
      return { uri, digest: file.digest, size_bytes: file.size_bytes, is }
    },
    load: async (uri, path) => {
      progress(`loading ${uri}`)
      return load(store, uri, path)
    },
  }
}

async function storeHere(folder: string): Promise<{ readonly root: string; readonly artifacts: string }> {
  const checkout = await openCheckout(folder)
  const snapshot = await checkout.snapshot(await checkout.resolve('HEAD'))
  const configuration = await openRegistry(snapshot).configuration()
  if (configuration?.ok === true) return { root: checkout.root, artifacts: configuration.value.store.artifacts }
  throw new Unavailable(
    'missing',
    'no configuration that can be read is committed here, so that no store is known',
    'Call it in a checkout of the registry; weighbridge validate says what is wrong.',
  )
}

/** The digest is written last: what has one was saved whole. */
async function keepDigest(store: ObjectStore, uri: string, digest: string): Promise<void> {
  const beside = uri + DIGEST_ENDING
  const text = `${digest.slice('sha256:'.length)}  ${basename(uri)}\n`
  if ((await store.putNew(beside, new TextEncoder().encode(text))) === 'written') return
  if ((await digestBeside(store, uri)) !== digest) throw new Occupied(beside)
}

async function digestBeside(store: ObjectStore, uri: string): Promise<string | null> {
  const bytes = await store.get(uri + DIGEST_ENDING)
  const found = bytes === undefined ? null : /^([0-9a-f]{64}) {2}/.exec(new TextDecoder().decode(bytes))?.[1]
  return found === null || found === undefined ? null : `sha256:${found}`
}

async function load(store: ObjectStore, uri: string, path: string): Promise<Checkpoint> {
  const digest = await digestBeside(store, uri)
  if (digest === null)
    throw new Unavailable('missing', `${uri} has no digest beside it: it was not saved whole`, 'Load an earlier one.')
  const folder = await mkdtemp(join(dirname(path), '.weighbridge-'))
  try {
    const file = await store.fetch(uri, folder, { maxBytes: MAX_BYTES })
    if (file.digest !== digest)
      throw new Unavailable('unreachable', `${uri} has ${file.digest}, and ${digest} was saved`, 'Load an earlier one.')
    await rename(file.path, path)
    return { uri, digest, size_bytes: file.size_bytes }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
