import { createHash } from 'node:crypto'
import { type Checksums, checkedChecksums } from './checksums.ts'
import { checkWriteConditions, conflict } from './conditions.ts'
import { answerOfVersion, readableVersion } from './get-object.ts'
import type { Payload } from './payload.ts'
import { S3Failure } from './s3-failure.ts'
import { element, empty, type S3Answer, type S3Request, xml } from './s3-message.ts'
import { bucketNamed, keptHeaders, type Store } from './store.ts'
import { hits } from './store-faults.ts'
import { nextMark, type ObjectVersion, versionId, withVersion } from './store-state.ts'

const MAX_KEY_BYTES = 1024

/** PutObject. */
export function putObject(store: Store, request: S3Request, { bytes, trailers }: Payload): S3Answer {
  const checksums = checkedChecksums({ ...request.headers, ...trailers }, bytes)
  const version = addVersion(store, request, {
    since: request.mark,
    content: { ...contentOf(store, bytes), checksums, headers: keptHeaders(request.headers) },
  })
  return empty(200, answerOfVersion(version, true))
}

/** CopyObject: the bytes stay, the version is new. */
export function copyObject(store: Store, request: S3Request): S3Answer {
  const source = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(request.headers['x-amz-copy-source'] ?? '')
  if (source === null) throw new S3Failure('InvalidArgument', 'Invalid copy source object key')
  const [bucket = '', key = '', id] = source.slice(1).map((part) => part && decodeURIComponent(part))
  const from = readableVersion(bucketNamed(store, bucket), key, id)
  const headers =
    request.headers['x-amz-metadata-directive'] === 'REPLACE' ? keptHeaders(request.headers) : from.headers
  const { sha256, sizeBytes, etag, checksums } = from
  const version = addVersion(store, request, {
    since: request.mark,
    content: { sha256, sizeBytes, etag, checksums, headers },
  })
  const modified = new Date(version.modifiedMs).toISOString()
  const answer = xml(200, 'CopyObjectResult', element('ETag', `"${etag}"`) + element('LastModified', modified))
  return { ...answer, headers: { ...answer.headers, ...answerOfVersion(version, false) } }
}

export type Content = Pick<ObjectVersion, 'sha256' | 'sizeBytes' | 'etag' | 'checksums' | 'headers'>

/** What an object of these bytes is, once they are kept. */
export function contentOf({ bodies }: Store, bytes: Buffer): Pick<Content, 'sha256' | 'sizeBytes' | 'etag'> {
  const etag = createHash('md5').update(bytes).digest('hex')
  return { sha256: bodies.keep(bytes), sizeBytes: bytes.length, etag }
}

/** Conditions and effect in one turn, so that of two writers only one can win. */
export function addVersion(
  store: Store,
  request: S3Request,
  { since, content }: { readonly since: number; readonly content: Content & { readonly checksums: Checksums } },
): ObjectVersion {
  const { state, faults, clock } = store
  const bucket = bucketNamed(store, request.bucket)
  if (Buffer.byteLength(request.key) > MAX_KEY_BYTES) throw new S3Failure('KeyTooLongError', 'Your key is too long')
  if (faults.ignoresConditions !== true) {
    if (hits(faults.conflicting, request.key)) throw conflict()
    checkWriteConditions(state, request, { bucket, since })
  }
  const id = versionId(bucket, nextMark(state))
  const version = { ...content, id, isDeleteMarker: false, modifiedMs: clock.now() }
  withVersion(bucket, request.key, version)
  store.changed({ is: 'key', bucket: request.bucket, key: request.key })
  return version
}
