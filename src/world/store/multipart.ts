import { createHash } from 'node:crypto'
import { type Checksums, checkedChecksums, compositeChecksum } from './checksums.ts'
import { answerOfVersion } from './get-object.ts'
import type { Payload } from './payload.ts'
import { addVersion, contentOf } from './put-object.ts'
import { S3Failure } from './s3-failure.ts'
import { element, elementIn, elementsIn, empty, type S3Answer, type S3Request, xml } from './s3-message.ts'
import { bucketNamed, keptHeaders, type Store } from './store.ts'
import { nextMark, type Upload, type UploadedPart } from './store-state.ts'

const MIN_PART_BYTES = 5 * 2 ** 20
const MAX_PART_NUMBER = 10_000

/** CreateMultipartUpload. */
export function createUpload(store: Store, request: S3Request): S3Answer {
  bucketNamed(store, request.bucket)
  const { bucket, key, headers } = request
  const mark = nextMark(store.state)
  const id = `upload-${mark}`
  const algorithm = headers['x-amz-checksum-algorithm']?.toLowerCase() ?? null
  const upload: Upload = { bucket, key, headers: keptHeaders(headers), algorithm, mark, parts: new Map() }
  store.state.uploads.set(id, upload)
  store.changed({ is: 'upload', upload: id })
  return xml(
    200,
    'InitiateMultipartUploadResult',
    [element('Bucket', bucket), element('Key', key), element('UploadId', id)].join(''),
  )
}

/** UploadPart: a part sent again replaces the one before. */
export function uploadPart(store: Store, request: S3Request, { bytes, trailers }: Payload): S3Answer {
  const { id, upload } = uploadOf(store, request)
  const number = Number(request.query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER)
    throw new S3Failure('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
  const checksums = checkedChecksums({ ...request.headers, ...trailers }, bytes)
  if (upload.algorithm !== null && checksums[upload.algorithm] === undefined)
    throw new S3Failure('InvalidRequest', `The upload was created using the ${upload.algorithm} checksum mode.`)
  const part = { number, ...contentOf(store, bytes), checksums, modifiedMs: store.clock.now() }
  store.state.uploads.set(id, { ...upload, parts: new Map(upload.parts).set(number, part) })
  store.changed({ is: 'upload', upload: id })
  const stated = Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value])
  return empty(200, { etag: `"${part.etag}"`, ...Object.fromEntries(stated) })
}

/** CompleteMultipartUpload: the parts named, in order, become one object, if its conditions hold now. */
export function completeUpload(store: Store, request: S3Request, { bytes }: Payload): S3Answer {
  const { id, upload } = uploadOf(store, request)
  const parts = partsNamed(upload, bytes.toString())
  const whole = Buffer.concat(parts.map((part) => store.bodies.read(part.sha256)))
  const etag = createHash('md5')
    .update(Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))
    .digest('hex')
  const version = addVersion(store, request, {
    since: upload.mark,
    content: {
      ...contentOf(store, whole),
      etag: `${etag}-${parts.length}`,
      checksums: checksumsOf(upload, parts),
      headers: upload.headers,
    },
  })
  store.state.uploads.delete(id)
  store.changed({ is: 'upload', upload: id })
  const answer = xml(
    200,
    'CompleteMultipartUploadResult',
    [
      element('Bucket', request.bucket),
      element('Key', request.key),
      element('ETag', `"${version.etag}"`),
      ...Object.entries(version.checksums).map(([name, value]) => element(`Checksum${name.toUpperCase()}`, value)),
    ].join(''),
  )
  return { ...answer, headers: { ...answer.headers, ...answerOfVersion(version, false) } }
}

/** AbortMultipartUpload. */
export function abortUpload(store: Store, request: S3Request): S3Answer {
  const { id } = uploadOf(store, request)
  store.state.uploads.delete(id)
  store.changed({ is: 'upload', upload: id })
  return empty(204)
}

/** ListParts, a page at a time. */
export function listParts(store: Store, request: S3Request): S3Answer {
  const { id, upload } = uploadOf(store, request)
  const marker = Number(request.query.get('part-number-marker') ?? 0)
  const limit = Math.min(Number(request.query.get('max-parts') ?? 1000), store.pageSize)
  const left = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number)
  const page = left.slice(0, limit)
  return xml(
    200,
    'ListPartsResult',
    [
      element('Bucket', request.bucket),
      element('Key', request.key),
      element('UploadId', id),
      element('PartNumberMarker', marker),
      element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
      element('MaxParts', limit),
      element('IsTruncated', left.length > page.length),
      ...page.map(partRow),
    ].join(''),
  )
}

/** ListMultipartUploads: all of them, below a prefix. */
export function listUploads(store: Store, request: S3Request): S3Answer {
  bucketNamed(store, request.bucket)
  const prefix = request.query.get('prefix') ?? ''
  const mine = [...store.state.uploads].filter(
    ([, upload]) => upload.bucket === request.bucket && upload.key.startsWith(prefix),
  )
  const rows = mine.map(([id, { key }]) => `<Upload>${element('Key', key)}${element('UploadId', id)}</Upload>`)
  return xml(
    200,
    'ListMultipartUploadsResult',
    element('Bucket', request.bucket) + element('IsTruncated', false) + rows.join(''),
  )
}

function uploadOf(
  { state }: Store,
  { query, bucket, key }: S3Request,
): { readonly id: string; readonly upload: Upload } {
  const id = query.get('uploadId') ?? ''
  const upload = state.uploads.get(id)
  if (upload === undefined || upload.bucket !== bucket || upload.key !== key)
    throw new S3Failure('NoSuchUpload', 'The specified multipart upload does not exist.')
  return { id, upload }
}

function partsNamed(upload: Upload, text: string): readonly UploadedPart[] {
  const named = elementsIn(text, 'Part').map((inner) => ({
    number: Number(elementIn(inner, 'PartNumber')),
    etag: elementIn(inner, 'ETag')?.replace(/^"|"$/g, ''),
  }))
  if (named.length === 0) throw new S3Failure('MalformedXML', 'The XML you provided was not well-formed.')
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0)))
    throw new S3Failure('InvalidPartOrder', 'The list of parts was not in ascending order.')
  return named.map(({ number, etag }, index) => {
    const part = upload.parts.get(number)
    if (part === undefined || part.etag !== etag)
      throw new S3Failure('InvalidPart', 'One or more of the specified parts could not be found.')
    if (index < named.length - 1 && part.sizeBytes < MIN_PART_BYTES)
      throw new S3Failure('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.')
    return part
  })
}

/** Of a checksum that every part brought; none else. */
function checksumsOf({ algorithm }: Upload, parts: readonly UploadedPart[]): Checksums {
  const values = algorithm === null ? [] : parts.flatMap((part) => part.checksums[algorithm] ?? [])
  return algorithm === null || values.length < parts.length ? {} : { [algorithm]: compositeChecksum(algorithm, values) }
}

function partRow({ number, etag, sizeBytes, modifiedMs, checksums }: UploadedPart): string {
  return `<Part>${[
    element('PartNumber', number),
    element('ETag', `"${etag}"`),
    element('Size', sizeBytes),
    element('LastModified', new Date(modifiedMs).toISOString()),
    ...Object.entries(checksums).map(([name, value]) => element(`Checksum${name.toUpperCase()}`, value)),
  ].join('')}</Part>`
}
