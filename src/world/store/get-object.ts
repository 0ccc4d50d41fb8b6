import { checkReadConditions } from './conditions.ts'
import { S3Failure } from './s3-failure.ts'
import type { S3Answer, S3Request } from './s3-message.ts'
import { bucketNamed, type Store } from './store.ts'
import type { Bucket, ObjectVersion } from './store-state.ts'

/** GetObject and HeadObject, whole or a range. */
export function getObject(store: Store, request: S3Request): S3Answer {
  const version = readableVersion(bucketNamed(store, request.bucket), request.key, request.query.get('versionId'))
  checkReadConditions(request, version)
  const range = rangeOf(request.headers.range, version.sizeBytes)
  const wantsChecksum = request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
  const whole = store.bodies.read(version.sha256)
  const body = range === null ? whole : whole.subarray(range.from, range.to + 1)
  const headers = {
    ...version.headers,
    ...overridden(request),
    ...answerOfVersion(version, wantsChecksum && range === null),
    'last-modified': new Date(version.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': String(body.length),
  }
  if (range === null) return { status: 200, headers, body }
  const place = `bytes ${range.from}-${range.to}/${version.sizeBytes}`
  return { status: 206, headers: { ...headers, 'content-range': place }, body }
}

/** A version by its id, or what is there now. */
export function readableVersion(bucket: Bucket, key: string, id: string | undefined): ObjectVersion {
  const versions = bucket.keys.get(key) ?? []
  const found = id === undefined ? versions[0] : versions.find((one) => one.id === id)
  if (id !== undefined && found === undefined)
    throw new S3Failure('NoSuchVersion', 'The specified version does not exist.')
  if (found?.isDeleteMarker === true) throw deleted(found, id)
  if (found === undefined) throw new S3Failure('NoSuchKey', 'The specified key does not exist.')
  return found
}

function deleted({ id: markerId }: ObjectVersion, asked: string | undefined): S3Failure {
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': markerId }
  return asked === undefined
    ? new S3Failure('NoSuchKey', 'The specified key does not exist.', headers)
    : new S3Failure('MethodNotAllowed', 'The specified method is not allowed against this resource.', headers)
}

/** Headers about a version: its ETag, its id where versions are kept, and its checksums. */
export function answerOfVersion(version: ObjectVersion, withChecksums: boolean): Readonly<Record<string, string>> {
  const { etag, id, checksums } = version
  const stated = withChecksums ? Object.entries(checksums) : []
  return {
    etag: `"${etag}"`,
    ...(id === 'null' ? {} : { 'x-amz-version-id': id }),
    ...Object.fromEntries(stated.map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value])),
    ...(stated.length === 0 ? {} : { 'x-amz-checksum-type': etag.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT' }),
  }
}

function overridden({ query }: S3Request): Readonly<Record<string, string>> {
  const wanted = [...query].filter(([name]) => /^response-(content-|cache-control|expires)/.test(name))
  return Object.fromEntries(wanted.map(([name, value]) => [name.slice('response-'.length), value]))
}

/** The range asked for; null for the whole, and for a header that is no range, which S3 leaves unread. */
function rangeOf(header: string | undefined, sizeBytes: number): { readonly from: number; readonly to: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  if (from >= sizeBytes) throw new S3Failure('InvalidRange', 'The requested range is not satisfiable')
  return { from, to }
}
