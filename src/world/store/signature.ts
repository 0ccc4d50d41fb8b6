import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { S3Failure } from './s3-failure.ts'
import type { S3Request } from './s3-message.ts'

/** A key of the store, and where it opens. */
export interface StoreKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Prefixes `bucket/key...` that it may read and write; all when absent. */
  readonly allows?: readonly string[]
}

/** What a checked signature proves, and what the signatures of chunks continue from. */
export interface Signed {
  readonly key: StoreKey
  /** Hex sha256 of the body, or one of S3's words for "not this way". */
  readonly payload: string
  readonly date: string
  readonly scope: string
  readonly signature: string
  readonly signingKey: Buffer
}

interface Claim {
  readonly accessKeyId: string
  readonly scope: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly payload: string
  readonly token: string | undefined
  /** Seconds; null for a signature in the header. */
  readonly expiresS: number | null
}

const MAX_SKEW_MS = 15 * 60_000
const MAX_EXPIRY_S = 604_800

/**
 * Checks AWS Signature Version 4, in the header or in the query.
 *
 * @throws {S3Failure} with the code that S3 gives for this mistake
 */
export function checkedSignature(request: S3Request, keys: readonly StoreKey[], now: number): Signed {
  const claim = request.query.has('X-Amz-Signature') ? claimInQuery(request) : claimInHeader(request)
  const key = keys.find((one) => one.accessKeyId === claim.accessKeyId)
  if (key === undefined)
    throw new S3Failure('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  if (key.sessionToken !== claim.token)
    throw new S3Failure('InvalidToken', 'The provided token is malformed or otherwise invalid.')
  checkTime(claim, now)
  const signingKey = [claim.scope.slice(0, 8), claim.scope.split('/')[1] ?? '', 's3', 'aws4_request'].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${key.secretAccessKey}`),
  )
  const text = ['AWS4-HMAC-SHA256', claim.date, claim.scope, sha256(canonical(request, claim))].join('\n')
  if (!timingSafeEqual(hmac(signingKey, text), Buffer.from(claim.signature, 'hex')))
    throw new S3Failure('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature.')
  return { key, payload: claim.payload, date: claim.date, scope: claim.scope, signature: claim.signature, signingKey }
}

const SCOPE = '(\\d{8}/[^/]+/s3/aws4_request)'
const HEADER = new RegExp(
  `^AWS4-HMAC-SHA256 Credential=([^/]+)/${SCOPE}, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$`,
)

function claimInHeader({ headers }: S3Request): Claim {
  const [, accessKeyId, scope, signedHeaders, signature] = HEADER.exec(headers.authorization ?? '') ?? []
  if (accessKeyId === undefined || scope === undefined || signedHeaders === undefined || signature === undefined)
    throw new S3Failure('AccessDenied', 'Access Denied')
  const [date = '', payload = ''] = [headers['x-amz-date'], headers['x-amz-content-sha256']]
  const token = headers['x-amz-security-token']
  return { accessKeyId, scope, signedHeaders, signature, date, payload, token, expiresS: null }
}

function claimInQuery({ query }: S3Request): Claim {
  const credential = new RegExp(`^([^/]+)/${SCOPE}$`).exec(query.get('X-Amz-Credential') ?? '') ?? []
  const [, accessKeyId, scope] = credential
  const signature = /^[0-9a-f]{64}$/.exec(query.get('X-Amz-Signature') ?? '')?.[0]
  const expiresS = Number(query.get('X-Amz-Expires'))
  if (accessKeyId === undefined || scope === undefined || signature === undefined)
    throw new S3Failure('AccessDenied', 'Access Denied')
  if (!Number.isInteger(expiresS) || expiresS < 1 || expiresS > MAX_EXPIRY_S)
    throw new S3Failure('InvalidArgument', 'X-Amz-Expires must be between 1 second and a week.')
  return {
    accessKeyId,
    scope,
    signature,
    expiresS,
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    payload: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    token: query.get('X-Amz-Security-Token'),
  }
}

function checkTime({ date, scope, expiresS }: Claim, now: number): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(at) || !scope.startsWith(date.slice(0, 8)))
    throw new S3Failure('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
  if (expiresS !== null && now > at + expiresS * 1000) throw new S3Failure('AccessDenied', 'Request has expired')
  if (at > now + MAX_SKEW_MS || (expiresS === null && at < now - MAX_SKEW_MS))
    throw new S3Failure('RequestTimeTooSkewed', 'The difference between the request time and the time is too large.')
}

function canonical(request: S3Request, { signedHeaders, payload }: Claim): string {
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const names = signedHeaders.split(';')
  if (!names.includes('host')) throw new S3Failure('AccessDenied', 'The host header must be signed.')
  const lines = names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
  return [request.method, request.rawPath, query, lines.join(''), signedHeaders, payload].join('\n')
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
