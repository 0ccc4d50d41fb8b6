import { type ObjectStore, TooLarge, Unavailable } from '../../ports.ts'
import { escapesItsPrefix } from '../../registry/names.ts'
import { hashedCopy } from './hashed-copy.ts'
import { s3Checksum } from './s3-checksum.ts'
import { type OpenedS3, openS3Client, placedInBucket, type S3Options } from './s3-client.ts'
import { isTaken, MAX_LISTED, MAX_SMALL_BYTES, s3Error, tooMany } from './store-errors.ts'
import { wholeBody } from './whole-body.ts'

/** Objects in S3 or in a store that speaks its protocol (`AWS_ENDPOINT_URL_S3`); opened at first use. */
export function openS3Store({ maxAttempts = 3, timeoutMs = 20_000, roleArn }: S3Options): ObjectStore {
  let opening: Promise<OpenedS3> | null = null
  const opened = (): Promise<OpenedS3> => {
    opening ??= openS3Client({ maxAttempts, timeoutMs, ...(roleArn !== undefined && { roleArn }) })
    return opening
  }
  const bodyOf = (uri: string, maxBytes: number) => openBody(opened, uri, { maxBytes, timeoutMs })
  return {
    fetch: (uri, folder, { maxBytes }) =>
      attempted(uri, maxAttempts, async () => hashedCopy(uri, await bodyOf(uri, maxBytes), { folder, maxBytes })),
    get: async (uri) => {
      try {
        return await attempted(uri, maxAttempts, async () => collected(uri, await bodyOf(uri, MAX_SMALL_BYTES)))
      } catch (error) {
        if (error instanceof Unavailable && error.status === 'missing') return undefined
        throw error
      }
    },
    put: (uri, bytes) => attempted(uri, 1, () => putObject(opened, uri, bytes)),
    putNew: (uri, bytes) => attempted(uri, 1, () => putNewObject(opened, uri, bytes)),
    list: (prefix) => attempted(prefix, 1, () => listObjects(opened, prefix)),
  }
}

/** Errors that another try may mend are tried again: a body that broke off is not the client's to repeat. */
export async function attempted<Value>(uri: string, times: number, act: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      const isBroken = (error as NodeJS.ErrnoException).code === 'BROKEN_BODY'
      if (!isBroken || attempt >= times) throw s3Error(uri, error)
    }
  }
}

/** The stream of an object's bytes; one that is too large is refused before its first byte. */
export async function openBody(
  opened: () => Promise<OpenedS3>,
  uri: string,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<AsyncIterable<Uint8Array>> {
  const { sdk, client } = await opened()
  const { Body, ContentLength } = await client.send(new sdk.GetObjectCommand(placedInBucket(uri)))
  const stream = Body as unknown as AsyncIterable<Uint8Array> & { destroy(): void }
  if (ContentLength !== undefined && ContentLength > maxBytes) {
    stream.destroy()
    throw new TooLarge(uri, maxBytes)
  }
  return wholeBody(stream, { sizeBytes: ContentLength ?? null, timeoutMs })
}

async function collected(uri: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of chunks) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_SMALL_BYTES) throw new TooLarge(uri, MAX_SMALL_BYTES)
    parts.push(chunk)
  }
  return new Uint8Array(Buffer.concat(parts))
}

type Condition = { readonly IfNoneMatch?: '*' }

async function putObject(opened: () => Promise<OpenedS3>, uri: string, bytes: Uint8Array, condition: Condition = {}) {
  const { sdk, client } = await opened()
  const ChecksumSHA256 = s3Checksum(bytes)
  await client.send(new sdk.PutObjectCommand({ ...placedInBucket(uri), ...condition, Body: bytes, ChecksumSHA256 }))
}

async function putNewObject(
  opened: () => Promise<OpenedS3>,
  uri: string,
  bytes: Uint8Array,
): Promise<'written' | 'exists'> {
  try {
    await putObject(opened, uri, bytes, { IfNoneMatch: '*' })
    return 'written'
  } catch (error) {
    if (isTaken(error)) return 'exists'
    throw error
  }
}

async function listObjects(
  opened: () => Promise<OpenedS3>,
  prefix: string,
): Promise<readonly { readonly uri: string; readonly size_bytes: number }[]> {
  const { sdk, client } = await opened()
  const { Bucket, Key } = placedInBucket(prefix)
  const found: { uri: string; size_bytes: number }[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new sdk.ListObjectsV2Command({
        Bucket,
        Prefix: Key,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      }),
    )
    for (const { Key: key, Size } of page.Contents ?? []) {
      const uri = `s3://${Bucket}/${key}`
      if (key !== undefined && isObject(uri, prefix)) found.push({ uri, size_bytes: Size ?? 0 })
    }
    if (found.length > MAX_LISTED) throw tooMany(prefix)
    ContinuationToken = nextPage(page.IsTruncated, page.NextContinuationToken, ContinuationToken)
  } while (ContinuationToken !== undefined)
  return found.sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

/** A store that gives the same page for ever ends here. */
function nextPage(isTruncated: boolean | undefined, next: string | undefined, last: string | undefined) {
  return isTruncated === true && next !== last ? next : undefined
}

/** Markers of folders and keys that no record could name are left out. */
function isObject(uri: string, prefix: string): boolean {
  return uri.startsWith(prefix) && !uri.endsWith('/') && !escapesItsPrefix(uri)
}
