import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import { type ObjectStore, TooLarge, Unavailable } from '../../../src/ports.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import { STORE_ENVIRONMENT, type StoreServer } from '../../../src/world/store/store-server.ts'
import { openStoreHere } from '../../support/store-here.ts'

let root: string
let job: string
let server: StoreServer

beforeAll(async () => {
  server = await openStoreHere({
    pageSize: 3,
    buckets: ['acme-models'],
    keys: [{ ...STORE_KEY, allows: ['acme-models/', 'absent/'] }],
  })
})
afterAll(() => server.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weighbridge-root-'))
  job = mkdtempSync(join(tmpdir(), 'weighbridge-job-'))
  server.objects.clear()
  server.requests.length = 0
})
afterEach(() => {
  for (const folder of [root, job]) rmSync(folder, { recursive: true, force: true })
  for (const fault of Object.keys(server.faults)) delete (server.faults as Record<string, unknown>)[fault]
})

const MB = 2 ** 20
const bytes = (text: string) => new TextEncoder().encode(text)
const digest = (content: Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`

async function refusal(act: () => Promise<unknown>): Promise<Unavailable> {
  const error = await act().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Unavailable)
  const refused = error as Unavailable
  expect(
    `${refused.message} ${refused.mend} ${refused.stack} ${JSON.stringify(refused)} ${refused.cause}`,
  ).not.toContain('canary')
  return refused
}

describe.each([
  { kind: 'file', base: 'file:data/' },
  { kind: 's3', base: 's3://acme-models/registry/' },
])('the $kind store', ({ base, kind }) => {
  let store: ObjectStore
  beforeEach(() => {
    store = openStore({ root, prefixes: [base.replace(/\/$/, '')], s3: { timeoutMs: 400 } })
  })

  test('gives back what was put, and nothing where nothing was', async () => {
    await store.put(`${base}a/b.json`, bytes('first'))
    await store.put(`${base}a/b.json`, bytes('second'))
    expect(await store.get(`${base}a/b.json`)).toEqual(bytes('second'))
    expect(await store.get(`${base}a/c.json`)).toBeUndefined()
  })

  test('copies an object into a folder and says its digest and size', async () => {
    const content = new Uint8Array(3 * MB).map((_, index) => (index * 7919) % 251)
    await store.put(`${base}churn/1.4.0/model.onnx`, content)
    const file = await store.fetch(`${base}churn/1.4.0/model.onnx`, job, { maxBytes: 4 * MB })
    expect(file).toMatchObject({ digest: digest(content), size_bytes: content.length })
    expect(file.path.startsWith(job) && file.path.endsWith('.onnx')).toBe(true)
    expect(Buffer.compare(readFileSync(file.path), content)).toBe(0)
    expect(readdirSync(job)).toHaveLength(1)
  })

  test('an object over the limit is refused, and nothing of it stays', async () => {
    await store.put(`${base}big.bin`, new Uint8Array(MB))
    const error = await refusal(() => store.fetch(`${base}big.bin`, job, { maxBytes: MB - 1 }))
    expect(error).toBeInstanceOf(TooLarge)
    expect(error.message).toContain(`${MB - 1} bytes`)
    expect(readdirSync(job)).toEqual([])
    expect((await store.fetch(`${base}big.bin`, job, { maxBytes: MB })).size_bytes).toBe(MB)
  })

  test('an object that is not there is missing, by name', async () => {
    const error = await refusal(() => store.fetch(`${base}none.onnx`, job, { maxBytes: MB }))
    expect(error).toMatchObject({ status: 'missing', message: `${base}none.onnx does not exist` })
  })

  test('lists everything below a prefix, sorted, page after page', async () => {
    const names = ['a.txt', 'b/1.txt', 'b/2.txt', 'b/c/3.txt', 'd.txt', 'e.txt', 'f.txt', 'g&h.txt']
    for (const name of [...names].reverse()) await store.put(`${base}w/${name}`, bytes(name))
    await store.put(`${base}wx/other.txt`, bytes('no'))
    expect(await store.list(`${base}w/`)).toEqual(
      names.map((name) => ({ uri: `${base}w/${name}`, size_bytes: name.length })),
    )
    expect(await store.list(`${base}nothing/`)).toEqual([])
    expect((await store.list(base)).length).toBe(names.length + 1)
  })

  test('two writers of one object leave one of the two, whole', async () => {
    const [one, two] = [new Uint8Array(MB).fill(1), new Uint8Array(MB).fill(2)]
    await Promise.all([store.put(`${base}x`, one), store.put(`${base}x`, two)])
    const found = (await store.get(`${base}x`))!
    expect(found.every((byte) => byte === found[0]) && found.length === MB).toBe(true)
    expect(await store.list(base)).toHaveLength(1)
  })

  test('the same object fetched twice at once is whole both times', async () => {
    await store.put(`${base}x.csv`, new Uint8Array(MB))
    const files = await Promise.all([1, 2].map(() => store.fetch(`${base}x.csv`, job, { maxBytes: MB })))
    expect(files[0]).toEqual(files[1])
    expect(readdirSync(job)).toHaveLength(1)
  })

  test.each(['..', '../secret', 'a/../../secret', 'a/./b', 'a//b', 'a%2e%2e/b', 'a\\b', 'a?b', 'a#b', 'a\nb'])(
    'a URI with %j is refused before anything is asked',
    async (path) => {
      for (const act of [
        () => store.fetch(base + path, job, { maxBytes: 1 }),
        () => store.get(base + path),
        () => store.put(base + path, bytes('x')),
        () => store.list(`${base}${path}/`),
      ])
        expect((await refusal(act)).status).toBe('missing')
      expect(server.requests).toEqual([])
    },
  )

  test('what lies outside the prefixes is refused, and the message names them', async () => {
    const outside =
      kind === 's3'
        ? ['s3://acme-models/registry-evil/x', 's3://other/registry/x', 's3://acme-models/x', 'file:data/x']
        : ['file:data-evil/x', 'file:x', 'file:/etc/passwd', 's3://acme-models/x']
    for (const uri of outside) {
      const error = await refusal(() => store.fetch(uri, job, { maxBytes: MB }))
      expect(error.message).toBe(`${uri} lies outside the prefixes that may be read: ${base.replace(/\/$/, '')}`)
      expect((await refusal(() => store.put(uri, bytes('x')))).message).toContain('outside the prefixes')
    }
    expect(server.requests).toEqual([])
  })
})

describe('the file store and the disk', () => {
  const open = (prefixes = ['file:data', 'file:.git', 'file:link']) => openStore({ root, prefixes })
  beforeEach(() => {
    mkdirSync(join(root, 'data'))
    writeFileSync(join(root, 'data/plain.txt'), 'plain')
  })

  test('links inside the folder are followed, links out of it are refused', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'weighbridge-outside-'))
    writeFileSync(join(outside, 'secret.txt'), 'canary')
    symlinkSync('plain.txt', join(root, 'data/inner.txt'))
    symlinkSync(join(outside, 'secret.txt'), join(root, 'data/outer.txt'))
    symlinkSync(outside, join(root, 'data/outer'))
    symlinkSync(outside, join(root, 'link'))
    symlinkSync('/proc/self/environ', join(root, 'data/environ'))
    symlinkSync('loop', join(root, 'data/loop'))

    expect(await open().get('file:data/inner.txt')).toEqual(bytes('plain'))
    for (const path of ['data/outer.txt', 'data/outer/secret.txt', 'link/secret.txt', 'data/environ', 'data/loop']) {
      expect((await refusal(() => open().fetch(`file:${path}`, job, { maxBytes: MB }))).message).toContain(
        'leaves the folder',
      )
      expect((await refusal(() => open().get(`file:${path}`))).message).toContain('leaves the folder')
    }
    expect((await refusal(() => open().put('file:link/new.txt', bytes('x')))).message).toContain('leaves the folder')
    expect((await refusal(() => open().put('file:data/outer/deep/new.txt', bytes('x')))).message).toContain(
      'leaves the folder',
    )
    expect((await refusal(() => open().list('file:link/'))).message).toContain('leaves the folder')
    expect(readdirSync(outside)).toEqual(['secret.txt'])
    expect((await open().list('file:data/')).map(({ uri }) => uri)).toContain('file:data/outer.txt')
    rmSync(outside, { recursive: true })
  })

  test("Git's own folder is never read, whatever the prefixes say", async () => {
    mkdirSync(join(root, '.git'))
    writeFileSync(join(root, '.git/config'), 'canary')
    symlinkSync('../.git/config', join(root, 'data/config'))
    for (const uri of ['file:.git/config', 'file:data/config', 'file:.GIT/config'])
      await refusal(() => open(['file:.git', 'file:.GIT', 'file:data']).get(uri))
  })

  test('a folder, a pipe and a device are no objects, and none of them is waited for', async () => {
    execFileSync('mkfifo', [join(root, 'data/pipe')])
    mkdirSync(join(root, 'data/folder'))
    for (const name of ['pipe', 'folder'])
      expect((await refusal(() => open().fetch(`file:data/${name}`, job, { maxBytes: MB }))).message).toContain(
        'is not a regular file',
      )
  })

  test('a second name for the same file is the same file', async () => {
    linkSync(join(root, 'data/plain.txt'), join(root, 'data/again.txt'))
    expect((await open().fetch('file:data/again.txt', job, { maxBytes: MB })).digest).toBe(digest(bytes('plain')))
  })

  test('a link that appears while a file is being read never gives bytes from outside', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'weighbridge-outside-'))
    writeFileSync(join(outside, 'a.txt'), 'canary')
    mkdirSync(join(root, 'data/real'))
    writeFileSync(join(root, 'data/real/a.txt'), 'inside')
    const place = join(root, 'data/swapped')
    const swap = (target: string) => {
      rmSync(place, { force: true })
      symlinkSync(target, place)
    }
    swap('real')
    const found = new Set<string>()
    for (let turn = 0; turn < 60; turn++) {
      const reading = open()
        .get('file:data/swapped/a.txt')
        .then(
          (content) => found.add(content === undefined ? 'absent' : new TextDecoder().decode(content)),
          () => found.add('refused'),
        )
      for (let wait = 0; wait < turn % 12; wait++) await Promise.resolve()
      if (turn % 3 > 0) await new Promise((resolve) => setImmediate(resolve))
      swap(outside)
      await reading
      swap('real')
    }
    expect([...found]).not.toContain('canary')
    rmSync(outside, { recursive: true })
  })
})

describe('the S3 store and a world that fails', () => {
  const BASE = 's3://acme-models/registry/'
  const open = () =>
    openStore({
      root,
      prefixes: ['s3://acme-models/registry', 's3://forbidden/x', 's3://absent/x'],
      s3: { timeoutMs: 400, maxAttempts: 3 },
    })
  const fetched = (name: string, store = open()) => store.fetch(`${BASE}${name}`, job, { maxBytes: MB })

  test('a body that breaks off is fetched again, three times at most', async () => {
    server.objects.set('acme-models/registry/m.onnx', Buffer.alloc(200_000, 7))
    Object.assign(server.faults, { cutOff: 'm.onnx', cutTimes: 2 })
    expect((await fetched('m.onnx')).digest).toBe(digest(new Uint8Array(200_000).fill(7)))
    server.faults.cutTimes = 99
    expect((await refusal(() => fetched('m.onnx'))).status).toBe('unreachable')
    expect(server.requests.filter((request) => request.startsWith('GET'))).toHaveLength(6)
    expect(readdirSync(job)).toHaveLength(1)
  })

  test('a body that stands still is given up', async () => {
    server.objects.set('acme-models/registry/slow.onnx', Buffer.alloc(200_000))
    server.faults.standStill = 'slow.onnx'
    const started = performance.now()
    expect((await refusal(() => fetched('slow.onnx'))).status).toBe('unreachable')
    expect(performance.now() - started).toBeLessThan(4000)
  })

  test('a redirect is not followed', async () => {
    server.faults.redirect = 'moved'
    const error = await refusal(() => fetched('moved.onnx'))
    expect(error).toMatchObject({
      status: 'unreachable',
      message: expect.stringContaining('redirects are not followed'),
    })
    expect(new Set(server.requests)).toEqual(new Set(['GET /acme-models/registry/moved.onnx']))
  })

  test('forbidden, a missing bucket and a busy store are told apart', async () => {
    expect(await refusal(() => open().get('s3://forbidden/x/y'))).toMatchObject({
      status: 'unreachable',
      message: expect.stringContaining('403 AccessDenied'),
    })
    expect(await refusal(() => open().fetch('s3://absent/x/y', job, { maxBytes: 1 }))).toMatchObject({
      status: 'missing',
      message: expect.stringContaining('the bucket of'),
    })
    server.faults.failing = 'busy'
    expect(await refusal(() => fetched('busy.onnx'))).toMatchObject({
      status: 'unreachable',
      message: expect.stringContaining('503'),
    })
  })

  test('wrong keys, no keys and a closed door are unreachable, and no secret is in any message', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'canary-wrong-secret'
    expect((await refusal(() => fetched('x'))).message).toContain('403 SignatureDoesNotMatch')
    process.env.AWS_ACCESS_KEY_ID = 'AKIACANARY'
    expect((await refusal(() => fetched('x'))).message).toContain('403 InvalidAccessKeyId')
    process.env.AWS_ENDPOINT_URL_S3 = 'http://user:canary-password@127.0.0.1:9'
    expect((await refusal(() => fetched('x'))).status).toBe('unreachable')
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name]
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL_S3: server.endpoint })
    expect((await refusal(() => fetched('x'))).message).toContain('no AWS credentials were found')
    Object.assign(process.env, STORE_ENVIRONMENT)
  })

  test('what is stored is checked on the way: the server sees the digest of the bytes', async () => {
    await open().put(`${BASE}e.json`, bytes('{}'))
    expect(server.objects.get('acme-models/registry/e.json')?.toString()).toBe('{}')
  })

  test('a listing that never ends is ended', async () => {
    server.objects.set('acme-models/registry/w/1', Buffer.from('x'))
    server.faults.endlessList = true
    expect((await open().list(`${BASE}w/`)).length).toBeLessThan(10)
  })

  test('keys that no record could name are left out of a listing', async () => {
    for (const key of ['w/ok', 'w/', 'w/a//b', 'w/../x', 'w/a%b'])
      server.objects.set(`acme-models/registry/${key}`, Buffer.from('x'))
    expect(await open().list(`${BASE}w/`)).toEqual([{ uri: `${BASE}w/ok`, size_bytes: 1 }])
  })
})
