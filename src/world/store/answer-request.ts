import * as buckets from './buckets.ts'
import { deleteObject, deleteObjects } from './delete-object.ts'
import { getObject } from './get-object.ts'
import { listObjects, listVersions } from './list-objects.ts'
import * as multipart from './multipart.ts'
import { type Payload, payloadOf } from './payload.ts'
import { copyObject, putObject } from './put-object.ts'
import { S3Failure } from './s3-failure.ts'
import { element, empty, type S3Answer, type S3Request, xml } from './s3-message.ts'
import { checkedSignature, type StoreKey } from './signature.ts'
import { bucketNamed, type Store } from './store.ts'
import { hits } from './store-faults.ts'

type Operation = (store: Store, request: S3Request, payload: Payload) => S3Answer

/** An operation by method and the query parameter that names it; the first that fits is taken. */
interface Route {
  readonly method: string
  readonly about: 'store' | 'bucket' | 'object'
  /** Parameter, or header with `:` before it, that must be there. */
  readonly with?: string
  readonly run: Operation
}

const ROUTES: readonly Route[] = [
  { method: 'GET', about: 'store', run: buckets.listBuckets },
  { method: 'GET', about: 'bucket', with: 'versioning', run: buckets.getVersioning },
  { method: 'GET', about: 'bucket', with: 'versions', run: listVersions },
  { method: 'GET', about: 'bucket', with: 'uploads', run: multipart.listUploads },
  { method: 'GET', about: 'bucket', with: 'list-type', run: listObjects },
  { method: 'HEAD', about: 'bucket', run: (store, { bucket }) => empty(bucketNamed(store, bucket) && 200) },
  { method: 'PUT', about: 'bucket', with: 'versioning', run: buckets.putVersioning },
  { method: 'PUT', about: 'bucket', run: buckets.createBucket },
  { method: 'POST', about: 'bucket', with: 'delete', run: deleteObjects },
  { method: 'DELETE', about: 'bucket', run: buckets.deleteBucket },
  { method: 'GET', about: 'object', with: 'uploadId', run: multipart.listParts },
  { method: 'GET', about: 'object', run: getObject },
  { method: 'HEAD', about: 'object', run: getObject },
  { method: 'PUT', about: 'object', with: 'uploadId', run: multipart.uploadPart },
  { method: 'PUT', about: 'object', with: ':x-amz-copy-source', run: copyObject },
  { method: 'PUT', about: 'object', run: putObject },
  { method: 'POST', about: 'object', with: 'uploads', run: multipart.createUpload },
  { method: 'POST', about: 'object', with: 'uploadId', run: multipart.completeUpload },
  { method: 'DELETE', about: 'object', with: 'uploadId', run: multipart.abortUpload },
  { method: 'DELETE', about: 'object', run: deleteObject },
]

/** Parameters of a query that change what an object's operation is; those that no route knows are refused, not unread. */
const SUBRESOURCES = [
  'acl',
  'attributes',
  'cors',
  'lifecycle',
  'legal-hold',
  'policy',
  'retention',
  'select',
  'tagging',
]

/** What S3 answers: signature first, then the operation; a refusal is an answer too. */
export function answerRequest(
  store: Store,
  request: S3Request,
  { keys, wallClock }: { readonly keys: readonly StoreKey[]; readonly wallClock: () => number },
): S3Answer {
  try {
    const signed = checkedSignature(request, keys, wallClock())
    const payload = payloadOf(request, signed)
    checkAllowed(signed.key, request)
    if (hits(store.faults.failing, request.key)) throw new S3Failure('SlowDown', 'Please reduce your request rate.')
    if (hits(store.faults.redirect, request.key))
      return empty(307, { location: 'http://169.254.169.254/latest/meta-data/' })
    return routeOf(request)(store, request, payload)
  } catch (error) {
    if (error instanceof S3Failure) return refusal(error, request)
    throw error
  }
}

function routeOf(request: S3Request): Operation {
  const about = request.bucket === '' ? 'store' : request.key === '' ? 'bucket' : 'object'
  const has = ({ with: name }: Route) =>
    name === undefined || (name.startsWith(':') ? name.slice(1) in request.headers : request.query.has(name))
  const route = ROUTES.find((one) => one.method === request.method && one.about === about && has(one))
  const unknown = SUBRESOURCES.find((name) => request.query.has(name))
  if (route === undefined || unknown !== undefined)
    throw new S3Failure('NotImplemented', `This store does not know ${request.method} ?${unknown ?? about}.`)
  return route.run
}

/** A key that is bound to prefixes: objects below them, and listings that start with one. */
function checkAllowed({ allows }: StoreKey, request: S3Request): void {
  if (allows === undefined) return
  const place = `${request.bucket}/${request.key === '' ? (request.query.get('prefix') ?? '') : request.key}`
  const isAllowed = (at: string) => allows.some((prefix) => at.startsWith(prefix))
  const source = request.headers['x-amz-copy-source']
  const from = source === undefined ? place : decodeURIComponent(source.replace(/^\//, ''))
  const touchesMany = request.key === '' && request.method !== 'GET'
  if (!isAllowed(place) || !isAllowed(from) || touchesMany) throw new S3Failure('AccessDenied', 'Access Denied')
}

function refusal({ status, code, message, headers }: S3Failure, { rawPath }: S3Request): S3Answer {
  if (status === 304) return empty(304, headers)
  const content = [
    element('Code', code),
    element('Message', message),
    element('Resource', decodeURIComponent(rawPath)),
    element('RequestId', '0000000000000001'),
  ]
  const answer = xml(status, 'Error', content.join(''))
  return { ...answer, headers: { ...headers, ...answer.headers } }
}
