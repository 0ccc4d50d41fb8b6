import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStoreWorld, refusalOf, type StoreWorld } from './s3-client.ts'

async function keep({ server }: StoreWorld, ...keys: readonly string[]) {
  for (const key of keys) server.objects.set(`models/${key}`, Buffer.from(key))
}

test('a listing shows folders as one row each, and starts behind a key', async () => {
  const world = await openStoreWorld()
  await keep(world, 'a.txt', 'b/1', 'b/2', 'c/d/3', 'e & <f>', 'é')

  const top = await world.client.send(new ListObjectsV2Command({ Bucket: 'models', Delimiter: '/' }))
  const below = await world.client.send(new ListObjectsV2Command({ Bucket: 'models', Prefix: 'c/', Delimiter: '/' }))
  const later = await world.client.send(new ListObjectsV2Command({ Bucket: 'models', StartAfter: 'b/1' }))

  expect(top.Contents?.map(({ Key }) => Key)).toEqual(['a.txt', 'e & <f>', 'é'])
  expect(top.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/', 'c/'])
  expect(below.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['c/d/'])
  expect(later.Contents?.map(({ Key }) => Key)).toEqual(['b/2', 'c/d/3', 'e & <f>', 'é'])
})

test('pages of any size together are the whole listing, each row once, in the order of bytes', async () => {
  const world = await openStoreWorld()
  const keys = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '😀', '\uffee'), minLength: 1, maxLength: 5 }),
    { maxLength: 25 },
  )

  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 7 }), fc.boolean(), async (names, MaxKeys, folders) => {
      world.server.objects.clear()
      await keep(world, ...names)
      const pages = await everyPage(world, { MaxKeys, ...(folders ? { Delimiter: '/' } : {}) })
      const whole = await everyPage(world, folders ? { Delimiter: '/' } : {})
      expect([...pages.flat()].sort(byBytes)).toEqual([...whole.flat()].sort(byBytes))
      expect(new Set(pages.flat()).size).toBe(pages.flat().length)
      expect(pages.every((page) => page.length <= MaxKeys)).toBe(true)
      if (!folders) expect(whole.flat()).toEqual([...names].sort(byBytes))
    }),
    { numRuns: 40 },
  )
})

test('a versioned bucket keeps what was overwritten and deleted, by id', async () => {
  const world = await openStoreWorld()
  const { client } = world
  const PLACE = { Bucket: 'models', Key: 'model.onnx' }
  await client.send(new PutObjectCommand({ ...PLACE, Body: 'before versions' }))
  await client.send(
    new PutBucketVersioningCommand({ Bucket: 'models', VersioningConfiguration: { Status: 'Enabled' } }),
  )

  const first = await client.send(new PutObjectCommand({ ...PLACE, Body: 'first' }))
  await client.send(new PutObjectCommand({ ...PLACE, Body: 'second' }))
  const deleted = await client.send(new DeleteObjectCommand(PLACE))
  const listed = await client.send(new ListObjectVersionsCommand({ Bucket: 'models' }))
  const old = await client.send(new GetObjectCommand({ ...PLACE, VersionId: first.VersionId }))

  expect(deleted).toMatchObject({ DeleteMarker: true })
  expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [deleted.VersionId, true],
  ])
  expect(listed.Versions?.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
    [6, false],
    [5, false],
    [15, false],
  ])
  expect(listed.Versions?.at(-1)?.VersionId).toBe('null')
  expect(await old.Body?.transformToString()).toBe('first')
  expect(await refusalOf(client.send(new GetObjectCommand(PLACE)))).toEqual(['NoSuchKey', 404])
  const marker = { ...PLACE, VersionId: deleted.VersionId }
  expect((await refusalOf(client.send(new HeadObjectCommand(marker))))[1]).toBe(405)

  await client.send(new DeleteObjectCommand(marker))
  expect(await (await client.send(new GetObjectCommand(PLACE))).Body?.transformToString()).toBe('second')
})

test('versions come page by page too, and many keys go in one request', async () => {
  const world = await openStoreWorld()
  const { client } = world
  await client.send(
    new PutBucketVersioningCommand({ Bucket: 'models', VersioningConfiguration: { Status: 'Enabled' } }),
  )
  for (const key of ['a', 'a', 'a', 'b', 'b', 'c']) await keep(world, key)

  const seen: (string | undefined)[] = []
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (let isTruncated = true; isTruncated; ) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: 'models', MaxKeys: 2, ...markers }))
    seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`))
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
    isTruncated = page.IsTruncated === true
  }
  const gone = await client.send(
    new DeleteObjectsCommand({ Bucket: 'models', Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } }),
  )

  expect(seen.map((one) => one?.[0])).toEqual(['a', 'a', 'a', 'b', 'b', 'c'])
  expect(new Set(seen).size).toBe(6)
  expect(gone.Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
    ['a', true],
    ['b', true],
  ])
  expect(world.server.objects.keys()).toEqual(['models/c'])
})

async function everyPage({ client }: StoreWorld, options: object): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = []
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'models', ...options, ...(ContinuationToken ? { ContinuationToken } : {}) }),
    )
    const rows = [
      ...(page.Contents ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map((one) => one.Prefix),
    ]
    pages.push(rows.map((row) => row ?? ''))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  return pages
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
