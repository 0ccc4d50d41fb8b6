import { checkWriteConditions } from './conditions.ts'
import type { Payload } from './payload.ts'
import { S3Failure } from './s3-failure.ts'
import { element, elementIn, elementsIn, empty, type S3Answer, type S3Request, xml } from './s3-message.ts'
import { bucketNamed, type Store } from './store.ts'
import { nextMark, type ObjectVersion, versionId, withoutVersion, withVersion } from './store-state.ts'

interface Deleted {
  readonly versionId: string | null
  readonly isMarker: boolean
}

/** DeleteObject: a version for ever, or a marker over all of them. */
export function deleteObject(store: Store, request: S3Request): S3Answer {
  const bucket = bucketNamed(store, request.bucket)
  if (store.faults.ignoresConditions !== true)
    checkWriteConditions(store.state, request, { bucket, since: request.mark })
  const { versionId: id, isMarker } = remove(store, request, request.query.get('versionId'))
  return empty(204, {
    ...(id === null ? {} : { 'x-amz-version-id': id }),
    ...(isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  })
}

/** DeleteObjects: up to a thousand keys in one request. */
export function deleteObjects(store: Store, request: S3Request, { bytes }: Payload): S3Answer {
  const asked = elementsIn(bytes.toString(), 'Object').map((inner) => ({
    key: elementIn(inner, 'Key'),
    id: elementIn(inner, 'VersionId'),
  }))
  if (asked.length === 0 || asked.length > 1000 || asked.some(({ key }) => key === undefined))
    throw new S3Failure('MalformedXML', 'The XML you provided was not well-formed.')
  bucketNamed(store, request.bucket)
  const isQuiet = elementIn(bytes.toString(), 'Quiet') === 'true'
  const rows = asked.map(({ key = '', id }) => {
    const done = remove(store, { bucket: request.bucket, key }, id)
    return `<Deleted>${element('Key', key)}${element('VersionId', id)}${
      done.isMarker ? element('DeleteMarker', true) + element('DeleteMarkerVersionId', done.versionId ?? undefined) : ''
    }</Deleted>`
  })
  return xml(200, 'DeleteResult', isQuiet ? '' : rows.join(''))
}

function remove(
  store: Store,
  { bucket: name, key }: { readonly bucket: string; readonly key: string },
  id: string | undefined,
): Deleted {
  const { state } = store
  const bucket = bucketNamed(store, name)
  const mark = nextMark(state)
  const wasThere = bucket.keys.has(key)
  if (wasThere) state.deletions.set(`${name}/${key}`, mark)
  const found = bucket.keys.get(key)?.find((one) => one.id === id)
  if (id !== undefined) withoutVersion(bucket, key, id)
  else if (bucket.versioning === 'off') bucket.keys.delete(key)
  else withVersion(bucket, key, markerOf(store, versionId(bucket, mark)))
  store.changed({ is: 'key', bucket: name, key })
  if (id !== undefined) return { versionId: id, isMarker: found?.isDeleteMarker === true }
  const isMarker = bucket.versioning !== 'off'
  return { versionId: isMarker ? (bucket.keys.get(key)?.[0]?.id ?? null) : null, isMarker }
}

function markerOf({ clock }: Store, id: string): ObjectVersion {
  const modifiedMs = clock.now()
  return { id, isDeleteMarker: true, sha256: '', sizeBytes: 0, etag: '', checksums: {}, headers: {}, modifiedMs }
}
