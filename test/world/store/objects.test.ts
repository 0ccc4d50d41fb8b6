import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyHostIsHere, openStoreWorld, refusalOf } from './s3-client.ts'

const PLACE = { Bucket: 'models', Key: 'churn/1.4.0/model.onnx' }
const MILLION = Buffer.alloc(1_000_000, 'weighbridge ')

async function bytesOf(answer: { readonly Body?: { transformToByteArray(): Promise<Uint8Array> } | undefined }) {
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? [])
}

test('an object comes back as it was put, with its type, metadata and ETag', async () => {
  const { client } = await openStoreWorld()

  const put = await client.send(
    new PutObjectCommand({
      ...PLACE,
      Body: MILLION,
      ContentType: 'application/onnx',
      Metadata: { digest: 'sha256:aa' },
    }),
  )
  const got = await client.send(new GetObjectCommand(PLACE))
  const head = await client.send(new HeadObjectCommand(PLACE))

  expect((await bytesOf(got)).equals(MILLION)).toBe(true)
  expect(put.ETag).toBe(`"${createHash('md5').update(MILLION).digest('hex')}"`)
  for (const answer of [got, head])
    expect(answer).toMatchObject({
      ETag: put.ETag,
      ContentLength: 1_000_000,
      ContentType: 'application/onnx',
      Metadata: { digest: 'sha256:aa' },
    })
})

test("a stream under the client's own checksums is stored without the frames it was sent in", async () => {
  const { client, server } = await openStoreWorld()
  const pieces = Array.from({ length: 10 }, (_, index) => MILLION.subarray(index * 100_000, (index + 1) * 100_000))

  await client.send(new PutObjectCommand({ ...PLACE, Body: Readable.from(pieces), ContentLength: MILLION.length }))

  expect(server.objects.get('models/churn/1.4.0/model.onnx')?.equals(MILLION)).toBe(true)
})

test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
  'a %s that the client computes is checked, kept and given back',
  async (algorithm: ChecksumAlgorithm) => {
    const { client, server } = await openStoreWorld()

    await client.send(new PutObjectCommand({ ...PLACE, Body: 'a body', ChecksumAlgorithm: algorithm }))
    const head = await client.send(new HeadObjectCommand({ ...PLACE, ChecksumMode: 'ENABLED' }))
    const wrong = client.send(
      new PutObjectCommand({
        ...PLACE,
        Key: 'wrong',
        Body: 'other',
        [`Checksum${algorithm}`]: head[`Checksum${algorithm}`],
      }),
    )

    expect(head[`Checksum${algorithm}`]).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(await refusalOf(wrong)).toEqual(['BadDigest', 400])
    expect(server.objects.get('models/wrong')).toBeUndefined()
  },
)

test('known answers of the checksums are those of their standards', async () => {
  const { client } = await openStoreWorld()
  const known = { ChecksumCRC32: 'y/Q5Jg==', ChecksumCRC32C: '4waSgw==' }

  for (const [name, value] of Object.entries(known))
    await client.send(new PutObjectCommand({ ...PLACE, Body: '123456789', [name]: value }))

  expect(Buffer.from(known.ChecksumCRC32, 'base64').toString('hex')).toBe('cbf43926')
  expect(Buffer.from(known.ChecksumCRC32C, 'base64').toString('hex')).toBe('e3069283')
})

test.each([
  { range: 'bytes=0-3', status: 206, text: '0123', place: 'bytes 0-3/10' },
  { range: 'bytes=7-', status: 206, text: '789', place: 'bytes 7-9/10' },
  { range: 'bytes=-3', status: 206, text: '789', place: 'bytes 7-9/10' },
  { range: 'bytes=-30', status: 206, text: '0123456789', place: 'bytes 0-9/10' },
  { range: 'bytes=5-99', status: 206, text: '56789', place: 'bytes 5-9/10' },
  { range: 'bytes=4-2', status: 200, text: '0123456789', place: undefined },
  { range: 'pages=1', status: 200, text: '0123456789', place: undefined },
])('$range gives $text', async ({ range, status, text, place }) => {
  const { client } = await openStoreWorld()
  await client.send(new PutObjectCommand({ ...PLACE, Body: '0123456789' }))

  const answer = await client.send(new GetObjectCommand({ ...PLACE, Range: range }))

  expect(answer.$metadata.httpStatusCode).toBe(status)
  expect((await bytesOf(answer)).toString()).toBe(text)
  expect(answer.ContentRange).toBe(place)
})

test('a range behind the end, an absent key, version and bucket each have their own answer', async () => {
  const { client } = await openStoreWorld()
  await client.send(new PutObjectCommand({ ...PLACE, Body: '0123456789' }))
  const get = (more: object) => refusalOf(client.send(new GetObjectCommand({ ...PLACE, ...more })))

  expect(await get({ Range: 'bytes=10-' })).toEqual(['InvalidRange', 416])
  expect(await get({ Key: 'none' })).toEqual(['NoSuchKey', 404])
  expect(await get({ VersionId: 'none' })).toEqual(['NoSuchVersion', 404])
  expect(await get({ Bucket: 'elsewhere' })).toEqual(['NoSuchBucket', 404])
  expect(await refusalOf(client.send(new HeadObjectCommand({ ...PLACE, Key: 'none' })))).toEqual(['NotFound', 404])
})

test('a reader that has it already is told so, and one that wants another is refused', async () => {
  const { client } = await openStoreWorld()
  const { ETag } = await client.send(new PutObjectCommand({ ...PLACE, Body: 'x' }))
  const get = (more: object) => refusalOf(client.send(new GetObjectCommand({ ...PLACE, ...more })))

  expect((await get({ IfNoneMatch: ETag }))[1]).toBe(304)
  expect(await get({ IfMatch: '"another"' })).toEqual(['PreconditionFailed', 412])
  expect((await client.send(new GetObjectCommand({ ...PLACE, IfMatch: ETag }))).ETag).toBe(ETag)
})

test('a copy has the bytes and the metadata, or new metadata when asked for', async () => {
  const { client } = await openStoreWorld()
  await client.send(new PutObjectCommand({ ...PLACE, Body: 'x', Metadata: { digest: 'one' } }))
  const CopySource = `models/${PLACE.Key}`

  await client.send(new CopyObjectCommand({ Bucket: 'models', Key: 'same', CopySource }))
  await client.send(
    new CopyObjectCommand({
      Bucket: 'models',
      Key: 'new',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { a: 'b' },
    }),
  )

  const [same, renewed] = await Promise.all(
    ['same', 'new'].map((Key) => client.send(new GetObjectCommand({ Bucket: 'models', Key }))),
  )
  expect(same?.Metadata).toEqual({ digest: 'one' })
  expect(renewed?.Metadata).toEqual({ a: 'b' })
  expect((await bytesOf(same ?? {})).toString()).toBe('x')
})

test('any key that S3 takes is kept apart from every other: dots, spaces, plus signs, letters of all scripts', async () => {
  const { client, server } = await openStoreWorld()
  const text = fc.string({
    unit: fc.constantFrom('a', '/', '.', ' ', '+', '%', '?', '#', '&', '=', "'", 'é', '模', '~'),
    minLength: 1,
    maxLength: 12,
  })

  await fc.assert(
    fc.asyncProperty(text, async (name) => {
      const Key = `k${name}k`
      await client.send(new PutObjectCommand({ Bucket: 'models', Key, Body: name }))
      expect((await bytesOf(await client.send(new GetObjectCommand({ Bucket: 'models', Key })))).toString()).toBe(name)
      expect(server.objects.get(`models/${Key}`)?.toString()).toBe(name)
      await client.send(new DeleteObjectCommand({ Bucket: 'models', Key }))
      expect(server.objects.get(`models/${Key}`)).toBeUndefined()
    }),
    { numRuns: 60 },
  )
})

test('a bucket may stand in the path or in the name of the host', async () => {
  const { server, clientWith } = await openStoreWorld()
  const port = new URL(server.endpoint).port
  const client = clientWith({
    endpoint: `http://localhost:${port}`,
    forcePathStyle: false,
    requestHandler: everyHostIsHere(),
  })

  await client.send(new PutObjectCommand({ ...PLACE, Body: 'by host' }))

  expect(server.objects.get(`models/${PLACE.Key}`)?.toString()).toBe('by host')
  expect((await bytesOf(await client.send(new GetObjectCommand(PLACE)))).toString()).toBe('by host')
})
