import type { Payload } from './payload.ts'
import { S3Failure } from './s3-failure.ts'
import { element, elementIn, empty, type S3Answer, type S3Request, xml } from './s3-message.ts'
import { bucketNamed, type Store } from './store.ts'

/** CreateBucket. */
export function createBucket(store: Store, { bucket }: S3Request): S3Answer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new S3Failure('InvalidArgument', 'The specified bucket is not valid.')
  if (store.state.buckets.has(bucket))
    throw new S3Failure('BucketAlreadyOwnedByYou', 'You already own a bucket of this name.')
  store.state.buckets.set(bucket, { versioning: 'off', keys: new Map() })
  store.changed({ is: 'bucket', bucket })
  return empty(200, { location: `/${bucket}` })
}

/** DeleteBucket: only an empty one. */
export function deleteBucket(store: Store, { bucket }: S3Request): S3Answer {
  if (bucketNamed(store, bucket).keys.size > 0)
    throw new S3Failure('BucketNotEmpty', 'The bucket you tried to delete is not empty')
  store.state.buckets.delete(bucket)
  store.changed({ is: 'bucket', bucket })
  return empty(204)
}

/** ListBuckets. */
export function listBuckets({ state }: Store): S3Answer {
  const rows = [...state.buckets.keys()].sort().map((name) => `<Bucket>${element('Name', name)}</Bucket>`)
  return xml(200, 'ListAllMyBucketsResult', `<Buckets>${rows.join('')}</Buckets>`)
}

/** GetBucketVersioning: says nothing of a bucket that never kept versions. */
export function getVersioning(store: Store, { bucket }: S3Request): S3Answer {
  const { versioning } = bucketNamed(store, bucket)
  return xml(200, 'VersioningConfiguration', versioning === 'off' ? '' : element('Status', versioning))
}

/** PutBucketVersioning. */
export function putVersioning(store: Store, { bucket }: S3Request, { bytes }: Payload): S3Answer {
  const versioning = elementIn(bytes.toString(), 'Status')
  if (versioning !== 'Enabled' && versioning !== 'Suspended')
    throw new S3Failure('MalformedXML', 'The XML you provided was not well-formed.')
  store.state.buckets.set(bucket, { ...bucketNamed(store, bucket), versioning })
  store.changed({ is: 'bucket', bucket })
  return empty(200)
}
