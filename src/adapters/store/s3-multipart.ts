import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { CompletedPart, Part } from '@aws-sdk/client-s3'
import type { LocalFile } from '../../ports.ts'
import { s3Checksum } from './s3-checksum.ts'
import type { OpenedS3 } from './s3-client.ts'
import { httpStatus } from './store-errors.ts'

const MIB = 2 ** 20
const SMALLEST_PART_BYTES = 16 * MIB
/** S3 takes 10,000 parts. */
const MOST_PARTS = 9_000
/** Parts on their way at once. */
const AT_ONCE = 3

export interface Sending extends OpenedS3 {
  readonly Bucket: string
  readonly Key: string
  readonly file: LocalFile
  readonly told: (bytes: number) => void
}

interface Slice {
  readonly number: number
  readonly from: number
  readonly size: number
}

/**
 * Sends a large file in parts, and puts them together only where no object is.
 *
 * An upload of this key that broke off goes on: each part that lies there and has the size and the checksum of the
 * file's own is kept. One that is given up half-way stays, so that it can go on; the bucket's lifecycle removes it.
 *
 * @throws what the AWS client throws; 412 and 409 when an object is there
 */
export async function sendParts(sending: Sending): Promise<{ readonly resumed_bytes: number }> {
  const begun = await uploadInProgress(sending)
  const uploadId = begun ?? (await begin(sending))
  const there = begun === null ? new Map<number, Part>() : await partsOf(sending, begun)
  const source = await open(sending.file.path, 'r')
  try {
    const { parts, resumed_bytes } = await sendMissing(sending, { uploadId, there, source })
    await complete(sending, uploadId, parts)
    return { resumed_bytes }
  } finally {
    await source.close()
  }
}

/** The newest upload of this very key; a store that does not say which there are has none. */
async function uploadInProgress({ sdk, client, Bucket, Key }: Sending): Promise<string | null> {
  try {
    const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key }))
    return Uploads.filter((one) => one.Key === Key).at(-1)?.UploadId ?? null
  } catch {
    return null
  }
}

async function begin({ sdk, client, Bucket, Key }: Sending): Promise<string> {
  const command = new sdk.CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' })
  const { UploadId } = await client.send(command)
  if (UploadId === undefined) throw new Error('the store began an upload without an id')
  return UploadId
}

/** Parts by number, page after page; none where the upload has ended meanwhile or may not be looked at. */
async function partsOf({ sdk, client, Bucket, Key }: Sending, UploadId: string): Promise<Map<number, Part>> {
  const found = new Map<number, Part>()
  let PartNumberMarker: string | undefined
  try {
    do {
      const page = await client.send(
        new sdk.ListPartsCommand({
          Bucket,
          Key,
          UploadId,
          ...(PartNumberMarker !== undefined && { PartNumberMarker }),
        }),
      )
      for (const part of page.Parts ?? []) if (part.PartNumber !== undefined) found.set(part.PartNumber, part)
      const next = page.IsTruncated === true ? page.NextPartNumberMarker : undefined
      PartNumberMarker = next === PartNumberMarker ? undefined : next
    } while (PartNumberMarker !== undefined)
  } catch {
    return new Map()
  }
  return found
}

async function sendMissing(
  sending: Sending,
  of: { readonly uploadId: string; readonly there: ReadonlyMap<number, Part>; readonly source: FileHandle },
): Promise<{ readonly parts: readonly CompletedPart[]; readonly resumed_bytes: number }> {
  const slices = slicesOf(sending.file.size_bytes)
  const parts: CompletedPart[] = []
  let [sent, resumed] = [0, 0]
  const sendOne = async (slice: Slice): Promise<void> => {
    const bytes = await readSlice(of.source, slice)
    const kept = keptPart(of.there.get(slice.number), bytes)
    parts[slice.number - 1] = kept ?? (await sendPart(sending, of.uploadId, { number: slice.number, bytes }))
    sent += slice.size
    resumed += kept === null ? 0 : slice.size
    sending.told(sent)
  }
  await together(slices, sendOne)
  return { parts, resumed_bytes: resumed }
}

/** A few at once; after a failure none is begun any more, and those on their way are waited for. */
async function together(slices: readonly Slice[], send: (slice: Slice) => Promise<void>): Promise<void> {
  const waiting = slices.values()
  let hasFailed = false
  const work = async () => {
    for (const slice of waiting) {
      if (hasFailed) return
      await send(slice).catch((error: unknown) => {
        hasFailed = true
        throw error
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** Cut the same way for the same size, so that a later attempt cuts where the first did. */
function slicesOf(sizeBytes: number): readonly Slice[] {
  const size = Math.max(SMALLEST_PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS / MIB) * MIB)
  return Array.from({ length: Math.ceil(sizeBytes / size) }, (_, index) => ({
    number: index + 1,
    from: index * size,
    size: Math.min(size, sizeBytes - index * size),
  }))
}

async function readSlice(source: FileHandle, { from, size }: Slice): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await source.read(bytes, at, size - at, from + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  // a file that shrank meanwhile: what is stored then has another digest, and is refused
  return bytes.subarray(0, at)
}

/** A part that lies there, if it is this slice's bytes; by SHA-256, or MD5 from a store that keeps no other. */
function keptPart(part: Part | undefined, bytes: Buffer): CompletedPart | null {
  if (part?.PartNumber === undefined || part.Size !== bytes.length) return null
  const { PartNumber, ETag, ChecksumSHA256 } = part
  const isSame =
    ChecksumSHA256 === undefined
      ? ETag?.replaceAll('"', '') === createHash('md5').update(bytes).digest('hex')
      : ChecksumSHA256 === s3Checksum(bytes)
  if (!isSame) return null
  return { PartNumber, ETag, ...(ChecksumSHA256 !== undefined && { ChecksumSHA256 }) }
}

async function sendPart(
  { sdk, client, Bucket, Key }: Sending,
  UploadId: string,
  { number, bytes }: { readonly number: number; readonly bytes: Buffer },
): Promise<CompletedPart> {
  const ChecksumSHA256 = s3Checksum(bytes)
  const part = { Bucket, Key, UploadId, PartNumber: number, Body: bytes, ChecksumSHA256 }
  const { ETag } = await client.send(new sdk.UploadPartCommand(part))
  return { PartNumber: number, ETag, ChecksumSHA256 }
}

/** Where an object lies already the parts are of no more use. */
async function complete(
  { sdk, client, Bucket, Key }: Sending,
  UploadId: string,
  parts: readonly CompletedPart[],
): Promise<void> {
  const upload = { Bucket, Key, UploadId }
  try {
    const MultipartUpload = { Parts: [...parts] }
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload, IfNoneMatch: '*' }))
  } catch (error) {
    if (httpStatus(error) === 412) await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined)
    // another attempt has completed it, or our own, whose answer was lost
    if (httpStatus(error) !== 404) throw error
  }
}
