import { S3Failure } from './s3-failure.ts'
import type { S3Request } from './s3-message.ts'
import { type Bucket, currentVersion, type ObjectVersion, type StoreState } from './store-state.ts'

/**
 * Whether a conditional write may happen, asked in the moment in which it would.
 *
 * The first writer to finish wins, the others get 412; 409 when the key was deleted while the write was on its way.
 *
 * @param since  mark at which the write began
 */
export function checkWriteConditions(
  state: StoreState,
  { headers, bucket: name, key }: S3Request,
  { bucket, since }: { readonly bucket: Bucket; readonly since: number },
): void {
  const [ifNone, ifMatch] = [headers['if-none-match'], headers['if-match']]
  if (ifNone === undefined && ifMatch === undefined) return
  if (ifNone !== undefined && ifNone !== '*')
    throw new S3Failure('NotImplemented', 'A header you provided implies functionality that writes do not have.')
  if ((state.deletions.get(`${name}/${key}`) ?? 0) > since) throw conflict()
  const current = currentVersion(bucket, key)
  if (ifNone !== undefined && current !== undefined) throw unmet('If-None-Match')
  if (ifMatch === undefined) return
  if (current === undefined) throw new S3Failure('NoSuchKey', 'The specified key does not exist.')
  if (!matches(ifMatch, current)) throw unmet('If-Match')
}

export function conflict(): S3Failure {
  return new S3Failure('ConditionalRequestConflict', 'A conflicting operation occurred during the upload.')
}

function unmet(condition: string): S3Failure {
  const message = `At least one of the pre-conditions you specified did not hold: ${condition}`
  return new S3Failure('PreconditionFailed', message)
}

/** Conditions of a read: 412 when it must be this one, 304 when the reader has it already. */
export function checkReadConditions({ headers }: S3Request, version: ObjectVersion): void {
  const [ifMatch, ifNone] = [headers['if-match'], headers['if-none-match']]
  const seconds = Math.floor(version.modifiedMs / 1000) * 1000
  const after = (name: string) => seconds > Date.parse(headers[name] ?? '')
  if (ifMatch !== undefined && !matches(ifMatch, version)) throw unmet('If-Match')
  if (ifMatch === undefined && after('if-unmodified-since')) throw unmet('If-Unmodified-Since')
  const has =
    ifNone === undefined ? seconds <= Date.parse(headers['if-modified-since'] ?? '') : matches(ifNone, version)
  if (has) throw new S3Failure('NotModified', 'Not Modified', { etag: `"${version.etag}"` })
}

function matches(header: string, { etag }: ObjectVersion): boolean {
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^"|"$/g, '') === etag)
}
