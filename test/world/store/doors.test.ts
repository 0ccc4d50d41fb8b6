import { createHash, createHmac } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import type { SourceData } from '@smithy/types'
import { expect, onTestFinished, test } from 'vitest'
import { openStoreState, STORE_KEY } from '../../../src/world/store/open-store.ts'
import { openStoreServer, type StoreServer } from '../../../src/world/store/store-server.ts'
import { openStoreWorld, refusalOf } from './s3-client.ts'

const PLACE = { Bucket: 'models', Key: 'a b/ü.onnx' }

/** Node's hashes in the shape that the AWS signer takes. */
class Sha256 {
  readonly #hash
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesIn(secret))
  }
  update(bytes: SourceData) {
    this.#hash.update(bytesIn(bytes))
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}

function bytesIn(source: SourceData): Buffer {
  if (typeof source === 'string') return Buffer.from(source)
  return source instanceof ArrayBuffer
    ? Buffer.from(source)
    : Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}

async function presigned(server: StoreServer, more: { readonly expiresIn: number; readonly signingDate: Date }) {
  const url = new URL(server.endpoint)
  const signer = new SignatureV4({
    service: 's3',
    region: 'us-east-1',
    credentials: STORE_KEY,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })
  const headers = { host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const request = {
    method: 'GET',
    protocol: 'http:',
    hostname: url.hostname,
    path: '/models/a%20b/%C3%BC.onnx',
    headers,
  }
  const { path, query } = await signer.presign(request, more)
  const text = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return `${server.endpoint}${path}?${text.join('&')}`
}

test('a signed link opens one object until it expires, and no other', async () => {
  const { server, client } = await openStoreWorld()
  await client.send(new PutObjectCommand({ ...PLACE, Body: 'shared' }))
  const now = new Date()

  const link = await presigned(server, { expiresIn: 60, signingDate: now })
  const old = await presigned(server, { expiresIn: 60, signingDate: new Date(now.getTime() - 61_000) })

  expect(await (await fetch(link)).text()).toBe('shared')
  expect((await fetch(link.replace('%C3%BC', 'u'))).status).toBe(403)
  expect((await fetch(link.replace('Expires=60', 'Expires=600'))).status).toBe(403)
  expect(await (await fetch(old)).text()).toContain('Request has expired')
})

test('a wrong secret, an unknown key, an old signature and no signature are refused, each by its name', async () => {
  const { server, clientWith } = await openStoreWorld({ wallClock: () => Date.now() })
  const put = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    refusalOf(clientWith({ credentials }).send(new PutObjectCommand({ ...PLACE, Body: 'x' })))

  expect(await put({ ...STORE_KEY, secretAccessKey: 'guessed' })).toEqual(['SignatureDoesNotMatch', 403])
  expect(await put({ ...STORE_KEY, accessKeyId: 'AKIANOBODY' })).toEqual(['InvalidAccessKeyId', 403])
  expect((await fetch(`${server.endpoint}/models/x`)).status).toBe(403)
  const late = clientWith({ systemClockOffset: -16 * 60_000 })
  expect(await refusalOf(late.send(new PutObjectCommand({ ...PLACE, Body: 'x' })))).toEqual([
    'RequestTimeTooSkewed',
    403,
  ])
  expect(server.objects.keys()).toEqual([])
})

test('a body that was changed on its way is refused', async () => {
  const { server, client } = await openStoreWorld()
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Buffer }
      request.body = Buffer.from('forged')
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'forge' },
  )

  const answer = await refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: 'honest' })))

  expect(answer).toEqual(['XAmzContentSHA256Mismatch', 400])
  expect(server.objects.keys()).toEqual([])
})

test('a key that is bound to a prefix opens nothing else: not to read, list, copy or write (S46)', async () => {
  const key = { ...STORE_KEY, allows: ['models/team-x/'] }
  const { server, client } = await openStoreWorld({ keys: [key] })
  server.objects.set('models/team-x/a', Buffer.from('mine'))
  server.objects.set('models/team-y/a', Buffer.from('theirs'))
  const list = (Prefix?: string) =>
    client.send(new ListObjectsV2Command({ Bucket: 'models', ...(Prefix && { Prefix }) }))

  expect((await list('team-x/')).KeyCount).toBe(1)
  for (const act of [
    () => list('team-y/'),
    () => list(),
    () => client.send(new GetObjectCommand({ Bucket: 'models', Key: 'team-y/a' })),
    () =>
      client
        .send(new PutObjectCommand({ Bucket: 'models', Key: 'team-x/../team-y/b', Body: 'x' }))
        .then(() => list('team-y/')),
  ])
    expect(await refusalOf(act())).toEqual(['AccessDenied', 403])
  expect(server.objects.get('models/team-y/b')).toBeUndefined()
})

test('chunks that are signed one by one are checked one by one', () => {
  const store = openStoreState({ buckets: ['models'] })
  const honest = signedChunks(['first ', 'second'])
  const forged = { ...honest, body: Buffer.from(honest.body.toString('latin1').replace('second', 'sneaky'), 'latin1') }

  expect(store.answer(forged).status).toBe(403)
  expect(store.objects.get('models/chunks')).toBeUndefined()
  expect(store.answer(honest).status).toBe(200)
  expect(store.objects.get('models/chunks')?.toString()).toBe('first second')
})

test('what the store does not know it refuses, instead of taking it for something else', async () => {
  const { client, server } = await openStoreWorld()
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { query: Record<string, string> }
      request.query.tagging = ''
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'ask for tags' },
  )

  expect(await refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: 'x' })))).toEqual(['NotImplemented', 501])
  expect(server.objects.keys()).toEqual([])
})

test('buckets are made once and looked for by name', async () => {
  const { client } = await openStoreWorld()

  await client.send(new CreateBucketCommand({ Bucket: 'evidence' }))

  expect((await client.send(new HeadBucketCommand({ Bucket: 'evidence' }))).$metadata.httpStatusCode).toBe(200)
  expect(await refusalOf(client.send(new CreateBucketCommand({ Bucket: 'evidence' })))).toEqual([
    'BucketAlreadyOwnedByYou',
    409,
  ])
  expect((await refusalOf(client.send(new HeadBucketCommand({ Bucket: 'none' }))))[1]).toBe(404)
})

test('a store in a folder is there again when it is opened again, also after it was killed in the middle of a line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const first = await openStoreWorld({ folder })
  await first.client.send(new PutObjectCommand({ ...PLACE, Body: 'kept', Metadata: { a: 'b' } }))
  await first.server.close()
  appendFileSync(join(folder, 'journal.jsonl'), '{"is":"key","buck')

  const second = await openStoreWorld({ folder })
  await second.client.send(new PutObjectCommand({ Bucket: 'models', Key: 'later', Body: 'x' }))
  const third = await openStoreWorld({ folder })

  const got = await third.client.send(new GetObjectCommand(PLACE))
  expect(got.Metadata).toEqual({ a: 'b' })
  expect(await got.Body?.transformToString()).toBe('kept')
  expect(third.server.objects.keys()).toHaveLength(2)
})

test('a snapshot of a thousand objects costs under 10 ms and never changes', async () => {
  const server = await openStoreServer({ buckets: ['models'] })
  onTestFinished(() => server.close())
  for (let index = 0; index < 1000; index++) server.objects.set(`models/${index}`, Buffer.from(`${index}`))

  const started = performance.now()
  const snapshot = server.snapshot()
  const tookMs = performance.now() - started
  server.objects.clear()
  const other = openStoreState({ from: snapshot })
  other.objects.set('models/new', Buffer.from('x'))

  console.info(`snapshot of 1000 objects: ${tookMs.toFixed(2)} ms`)
  expect(tookMs).toBeLessThan(10)
  expect(openStoreState({ from: snapshot }).objects.keys()).toHaveLength(1000)
  server.restore(snapshot)
  expect(server.objects.get('models/7')?.toString()).toBe('7')
})

/** A request as clients make it that sign each chunk with the signature before it; no client of ours does. */
function signedChunks(chunks: readonly string[]) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
  const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest()
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const key = scope
    .split('/')
    .reduce<Buffer | string>((from, text) => hmac(from, text), `AWS4${STORE_KEY.secretAccessKey}`)
  const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  const signed = { host: 'localhost', 'x-amz-content-sha256': payload, 'x-amz-date': date }
  const names = Object.keys(signed).join(';')
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['PUT', '/models/chunks', '', lines.join(''), names, payload].join('\n')
  const seed = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex')
  let previous = seed
  const frames = [...chunks, ''].map((chunk) => {
    previous = hmac(
      key,
      ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, sha256(''), sha256(chunk)].join('\n'),
    ).toString('hex')
    return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`
  })
  const authorization = `AWS4-HMAC-SHA256 Credential=${STORE_KEY.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${seed}`
  const headers = { ...signed, authorization, 'content-encoding': 'aws-chunked' }
  return { method: 'PUT', target: '/models/chunks', headers, body: Buffer.from(frames.join('')), mark: 0 }
}
