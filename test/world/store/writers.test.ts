import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { openStoreWorld, refusalOf, type StoreWorld } from './s3-client.ts'

const PLACE = { Bucket: 'models', Key: 'ledger/tip' }
const FIVE_MB = Buffer.alloc(5 * 2 ** 20, 1)

test('of twenty writers who all say "only if there is none", exactly one wins', async () => {
  const { client, server } = await openStoreWorld()
  const writers = Array.from({ length: 20 }, (_, index) => `writer ${index}`)

  const answers = await Promise.all(
    writers.map((Body) => refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body, IfNoneMatch: '*' })))),
  )

  const winners = writers.filter((_, index) => answers[index]?.[0] === 'nothing was refused')
  const losers = answers.filter(([code]) => code !== 'nothing was refused')
  expect(winners).toEqual([server.objects.get('models/ledger/tip')?.toString()])
  expect(losers).toEqual(Array.from({ length: 19 }, () => ['PreconditionFailed', 412]))
})

test('of twenty writers who all move the same tip, exactly one wins', async () => {
  const { client, server } = await openStoreWorld()
  const { ETag: IfMatch } = await client.send(new PutObjectCommand({ ...PLACE, Body: 'first' }))

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: `${index}`, IfMatch }))),
    ),
  )

  expect(answers.filter(([, status]) => status === 412)).toHaveLength(19)
  expect(server.objects.get('models/ledger/tip')?.toString()).not.toBe('first')
})

test('a write on a key that is not there cannot match, and one that matches is made', async () => {
  const { client } = await openStoreWorld()
  const put = (more: object) => refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: 'x', ...more })))

  expect(await put({ IfMatch: '"any"' })).toEqual(['NoSuchKey', 404])
  expect(await put({ IfNoneMatch: '"any"' })).toEqual(['NotImplemented', 501])
  expect(await put({ IfNoneMatch: '*' })).toEqual(['nothing was refused', 0])
})

test('a key that was deleted while a conditional upload was on its way is a conflict', async () => {
  const world = await openStoreWorld()
  const { client } = world
  await client.send(new PutObjectCommand({ ...PLACE, Body: 'x' }))
  const upload = await uploaded(world, [Buffer.from('only')])

  await client.send(new DeleteObjectCommand(PLACE))
  const answer = await refusalOf(client.send(new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch: '*' })))

  expect(answer).toEqual(['ConditionalRequestConflict', 409])
})

test('a store that ignores conditions lets the last writer win, as some clones do', async () => {
  const { client, server } = await openStoreWorld()
  server.faults.ignoresConditions = true

  for (const Body of ['first', 'second']) await client.send(new PutObjectCommand({ ...PLACE, Body, IfNoneMatch: '*' }))

  expect(server.objects.get('models/ledger/tip')?.toString()).toBe('second')
})

test('a write whose answer is lost has happened, and one that is refused for a conflict has not', async () => {
  const { client, server } = await openStoreWorld()

  server.faults.answerLost = 'tip'
  const [lost] = await refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: 'lost' })))
  delete server.faults.answerLost
  server.faults.conflicting = 'tip'
  const refused = await refusalOf(client.send(new PutObjectCommand({ ...PLACE, Body: 'refused', IfMatch: '*' })))

  expect(lost).not.toBe('nothing was refused')
  expect(refused).toEqual(['ConditionalRequestConflict', 409])
  expect(server.objects.get('models/ledger/tip')?.toString()).toBe('lost')
})

test('parts become one object in the order of their numbers, under a checksum of checksums', async () => {
  const world = await openStoreWorld()
  const upload = await uploaded(world, [FIVE_MB, Buffer.from('the end')])
  const listed = await world.client.send(new ListPartsCommand({ ...PLACE, UploadId: upload.UploadId }))

  const done = await world.client.send(new CompleteMultipartUploadCommand(upload))

  expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 5 * 2 ** 20],
    [2, 7],
  ])
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
  expect(done.ChecksumSHA256).toMatch(/^.{44}-2$/)
  expect(world.server.objects.get('models/ledger/tip')?.subarray(-8).toString()).toBe('\u0001the end')
  const { Body } = await world.client.send(new GetObjectCommand(PLACE))
  expect((await Body?.transformToByteArray())?.length).toBe(5 * 2 ** 20 + 7)
})

test('parts that are missing, out of order, too small or of another upload are refused, and so is an aborted one', async () => {
  const world = await openStoreWorld()
  const { client } = world
  const upload = await uploaded(world, [Buffer.from('small'), Buffer.from('end')])
  const [first, second] = upload.MultipartUpload.Parts
  const complete = (Parts: readonly object[]) =>
    refusalOf(client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [...Parts] } })))

  expect(await complete([first!, second!])).toEqual(['EntityTooSmall', 400])
  expect(await complete([second!, first!])).toEqual(['InvalidPartOrder', 400])
  expect(await complete([{ ...first, ETag: '"another"' }])).toEqual(['InvalidPart', 400])
  expect(await complete([{ ...first, PartNumber: 9 }])).toEqual(['InvalidPart', 400])
  await client.send(new AbortMultipartUploadCommand({ ...PLACE, UploadId: upload.UploadId }))
  expect(await complete([first!])).toEqual(['NoSuchUpload', 404])
  expect(world.server.objects.keys()).toEqual([])
})

async function uploaded({ client }: StoreWorld, bodies: readonly Buffer[]) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...PLACE, ChecksumAlgorithm: 'SHA256' }))
  const Parts = await Promise.all(
    bodies.map(async (Body, index) => {
      const part = { ...PLACE, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' as const }
      const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part))
      return { PartNumber: index + 1, ETag, ChecksumSHA256 }
    }),
  )
  return { ...PLACE, UploadId, MultipartUpload: { Parts } }
}
