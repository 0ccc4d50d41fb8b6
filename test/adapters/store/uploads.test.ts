import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isForgetful } from '../../../src/adapters/store/forgetful-store.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import { openUploads } from '../../../src/adapters/store/uploads.ts'
import { Occupied, type Uploads } from '../../../src/ports/uploads.ts'
import { type LocalFile, type ObjectStore, Unavailable } from '../../../src/ports.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import type { StoreServer } from '../../../src/world/store/store-server.ts'
import { openStoreHere } from '../../support/store-here.ts'

const MIB = 2 ** 20
/** Three parts, the last of them small. */
const LARGE = bytesOf(34 * MIB, 7)

let root: string
let work: string
let server: StoreServer

beforeAll(async () => {
  server = await openStoreHere({ pageSize: 2, buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/'] }] })
})
afterAll(() => server.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weighbridge-uploads-'))
  work = mkdtempSync(join(tmpdir(), 'weighbridge-trained-'))
  server.objects.clear()
  server.requests.length = 0
})
afterEach(() => {
  for (const folder of [root, work]) rmSync(folder, { recursive: true, force: true })
  for (const fault of Object.keys(server.faults)) delete (server.faults as Record<string, unknown>)[fault]
})

function bytesOf(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4096) bytes.writeUInt32LE((at * 2654435761 + seed) >>> 0, at)
  return bytes
}

function trained(name: string, bytes: Uint8Array): LocalFile {
  const path = join(work, name)
  writeFileSync(path, bytes)
  return { path, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, size_bytes: bytes.length }
}

const parts = () => server.requests.filter((one) => one === 'PUT /acme/registry/large').length

describe.each([
  { kind: 'file', base: 'file:registry/' },
  { kind: 's3', base: 's3://acme/registry/' },
])('uploads to the $kind store', ({ base }) => {
  let uploads: Uploads
  let store: ObjectStore
  beforeEach(() => {
    uploads = openUploads({ root, prefixes: [base.replace(/\/$/, '')] })
    store = openStore({ root, prefixes: [base.replace(/\/$/, '')] })
  })

  test.each([
    ['small', bytesOf(5000, 1)],
    ['larger than one request should be', LARGE],
  ])('a %s file lies there with its bytes, and uploading it again changes nothing', async (_, bytes) => {
    const file = trained('model.onnx', bytes)
    const told: string[] = []

    const first = await uploads.upload(file, `${base}churn/model.onnx`, { progress: (doing) => told.push(doing) })
    const again = await uploads.upload(file, `${base}churn/model.onnx`)

    expect(first).toMatchObject({ is: 'written', resumed_bytes: 0 })
    expect(again.is).toBe('there')
    expect(new Set(told)).toEqual(new Set(['uploading', 'verifying']))
    expect((await store.fetch(`${base}churn/model.onnx`, work, { maxBytes: 64 * MIB })).digest).toBe(file.digest)
    expect((await store.list(base)).map(({ uri }) => uri)).toEqual([`${base}churn/model.onnx`])
  })

  test('bytes of another are never written over, whether they are longer or not', async () => {
    await store.put(`${base}x`, Buffer.from('theirs'))

    for (const mine of ['mine!!', 'much longer than theirs'])
      await expect(uploads.upload(trained('x', Buffer.from(mine)), `${base}x`)).rejects.toThrow(Occupied)

    expect(Buffer.from((await store.get(`${base}x`))!).toString()).toBe('theirs')
  })

  test('of ten jobs that store the same bytes at once all hear that they lie there, and one object does', async () => {
    const file = trained('model.onnx', bytesOf(100_000, 3))

    const answers = await Promise.all(Array.from({ length: 10 }, () => uploads.upload(file, `${base}model.onnx`)))

    expect(answers.map((one) => one.is)).toContain('written')
    expect(await store.list(base)).toHaveLength(1)
  })

  test('of jobs that store different bytes under one name one is stored, and the others hear that it is not theirs', async () => {
    const files = [1, 2, 3].map((seed) => trained(`${seed}`, bytesOf(50_000, seed)))

    const answers = await Promise.allSettled(files.map((file) => uploads.upload(file, `${base}one`)))

    const winner = answers.findIndex((one) => one.status === 'fulfilled')
    expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of answers) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Unavailable)
    const kept = await store.fetch(`${base}one`, work, { maxBytes: MIB })
    expect(kept.digest).toBe(files[winner]?.digest)
  })

  test('a file that changed after it was hashed is refused', async () => {
    const file = trained('model.onnx', Buffer.from('hashed'))
    writeFileSync(file.path, 'change')

    await expect(uploads.upload(file, `${base}model.onnx`)).rejects.toThrow(/holds other bytes than the file/)
  })

  test('outside the prefixes nothing is stored, and nothing is asked', async () => {
    const file = trained('x', Buffer.from('x'))
    for (const uri of [`${base}../x`, `${base.replace('registry', 'other')}x`, `${base}a//b`, base])
      await expect(uploads.upload(file, uri)).rejects.toThrow(/outside the prefixes/)
    expect(server.requests).toEqual([])
    expect(readdirSync(root)).toEqual([])
  })
})

describe('uploads to the file store and the disk', () => {
  test('a link out of the folder is refused, also in the place of the file', async () => {
    const uploads = openUploads({ root, prefixes: ['file:registry'] })
    mkdirSync(join(root, 'registry'))
    symlinkSync(work, join(root, 'registry/out'))
    symlinkSync(join(work, 'none'), join(root, 'registry/link'))

    await expect(uploads.upload(trained('x', Buffer.from('x')), 'file:registry/out/x')).rejects.toThrow(/leaves/)
    await expect(uploads.upload(trained('x', Buffer.from('x')), 'file:registry/link')).rejects.toThrow(Unavailable)
    expect(existsSync(join(work, 'none'))).toBe(false)
  })
})

describe('uploads to an S3 store that fails', () => {
  const BASE = 's3://acme/registry/'
  const uploads = () => openUploads({ root, prefixes: ['s3://acme/registry'], s3: { maxAttempts: 2 } })
  const breaksOff = async (file: LocalFile) => {
    const progress = (_: string, bytes: number) => {
      if (bytes > 0) server.faults.failing = 'large'
    }
    await expect(uploads().upload(file, `${BASE}large`, { progress })).rejects.toThrow(/503/)
    delete server.faults.failing
  }

  test('an upload that broke off goes on: parts that lie there are not sent again', async () => {
    const file = trained('large', LARGE)
    await breaksOff(file)
    const sent = parts()
    expect(server.objects.keys()).toEqual([])

    const { is, resumed_bytes } = await uploads().upload(file, `${BASE}large`)

    expect(is).toBe('written')
    expect(resumed_bytes).toBeGreaterThanOrEqual(2 * MIB)
    expect(parts() - sent).toBeLessThan(3)
    expect(server.objects.get('acme/registry/large')?.equals(LARGE)).toBe(true)
  })

  test('parts of other bytes under the same name are not taken for ours', async () => {
    await breaksOff(trained('theirs', bytesOf(34 * MIB, 8)))

    const { resumed_bytes } = await uploads().upload(trained('large', LARGE), `${BASE}large`)

    expect(resumed_bytes).toBeLessThan(LARGE.length)
    expect(server.objects.get('acme/registry/large')?.equals(LARGE)).toBe(true)
  })

  test('an answer that got lost after the parts were put together is no failure', async () => {
    server.faults.answerLost = 'large?uploadId='

    expect((await uploads().upload(trained('large', LARGE), `${BASE}large`)).is).toBe('written')

    expect(server.objects.get('acme/registry/large')?.equals(LARGE)).toBe(true)
  })

  test('another that was quicker by a hair with the same bytes is as good as ourselves', async () => {
    server.faults.conflicting = 'small'
    const file = trained('small', Buffer.from('small'))

    await expect(uploads().upload(file, `${BASE}small`)).rejects.toThrow(/was written and is not there/)

    delete server.faults.conflicting
    expect((await uploads().upload(file, `${BASE}small`)).is).toBe('written')
  })

  test('a store that keeps no conditions is told apart from one that does', async () => {
    const store = openStore({ root, prefixes: ['s3://acme/registry'] })
    expect(await isForgetful(store, `${BASE}probe.json`)).toBe(false)
    server.objects.clear()
    server.faults.ignoresConditions = true

    expect(await isForgetful(store, `${BASE}probe.json`)).toBe(true)
  })

  test('without a grant to write, the message names what is missing', async () => {
    const file = trained('x', Buffer.from('x'))
    const elsewhere = openUploads({ root, prefixes: ['s3://forbidden/x'], s3: { maxAttempts: 1 } })

    await expect(elsewhere.upload(file, 's3://forbidden/x/y')).rejects.toThrow(/403/)
  })
})
