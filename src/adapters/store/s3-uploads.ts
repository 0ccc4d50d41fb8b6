import { readFile } from 'node:fs/promises'
import type { LocalFile } from '../../ports.ts'
import { s3Checksum } from './s3-checksum.ts'
import { type OpenedS3, openS3Client, placedInBucket, type S3Options } from './s3-client.ts'
import { sendParts } from './s3-multipart.ts'
import { attempted, openBody } from './s3-store.ts'
import { httpStatus, isTaken, s3Error } from './store-errors.ts'
import { streamDigest } from './stream-digest.ts'
import type { Found, UploadPlace } from './upload-place.ts'

const GRANT_WRITING =
  'Grant s3:PutObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts there, and check the keys.'

/** Larger files are sent in parts. */
const WHOLE_BYTES = 16 * 2 ** 20
/** A part over a slow line takes its time. */
const TIMEOUT_MS = 300_000

type Open = () => Promise<OpenedS3>

/** Uploads to S3, with checksums that the store checks, and only where no object is. */
export function openS3Uploads({ maxAttempts = 3, timeoutMs = TIMEOUT_MS, roleArn }: S3Options): UploadPlace {
  let opening: Promise<OpenedS3> | null = null
  const opened: Open = () => {
    opening ??= openS3Client({ maxAttempts, timeoutMs, ...(roleArn !== undefined && { roleArn }) })
    return opening
  }
  return {
    find: (uri) => find(opened, uri),
    hash: (uri, told) =>
      attempted(uri, maxAttempts, async () =>
        streamDigest(await openBody(opened, uri, { maxBytes: Number.POSITIVE_INFINITY, timeoutMs }), told),
      ),
    write: async (file, uri, told) => {
      const { sdk, client } = await opened()
      try {
        if (file.size_bytes > WHOLE_BYTES) return await sendParts({ sdk, client, ...placedInBucket(uri), file, told })
        await sendWhole(opened, file, uri)
        told(file.size_bytes)
        return { resumed_bytes: 0 }
      } catch (error) {
        // what lies there is read and compared
        if (isTaken(error)) return { resumed_bytes: 0 }
        throw s3Error(uri, error, GRANT_WRITING)
      }
    },
  }
}

async function find(opened: Open, uri: string): Promise<Found | null> {
  try {
    const { sdk, client } = await opened()
    const { ContentLength, VersionId } = await client.send(new sdk.HeadObjectCommand(placedInBucket(uri)))
    return { size_bytes: ContentLength ?? 0, version_id: VersionId ?? null }
  } catch (error) {
    if ((error as Error).name !== 'NoSuchBucket' && httpStatus(error) === 404) return null
    throw s3Error(uri, error)
  }
}

async function sendWhole(opened: Open, file: LocalFile, uri: string): Promise<void> {
  const { sdk, client } = await opened()
  const Body = await readFile(file.path)
  const ChecksumSHA256 = s3Checksum(Body)
  await client.send(new sdk.PutObjectCommand({ ...placedInBucket(uri), IfNoneMatch: '*', Body, ChecksumSHA256 }))
}
