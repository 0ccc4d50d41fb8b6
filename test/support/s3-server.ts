import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'

/** A small honest S3: path style, signatures checked, nothing stored that does not match its checksum. */
export interface S3Server {
  readonly endpoint: string
  readonly objects: Map<string, Buffer>
  /** `GET /bucket/key`, in order. */
  readonly requests: string[]
  /** What goes wrong from now on, for keys that contain the text. */
  readonly faults: {
    cutOff?: string
    cutTimes?: number
    standStill?: string
    redirect?: string
    failing?: string
    endlessList?: boolean
  }
  close(): Promise<void>
}

export const S3_KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIAWEIGHBRIDGETEST',
  AWS_SECRET_ACCESS_KEY: 'canary-secret-of-the-store',
  AWS_REGION: 'us-east-1',
}

/** Starts a server on a free port; `pageSize` bounds a page of a listing. */
export async function openS3Server({ pageSize = 1000 } = {}): Promise<S3Server> {
  const state = {
    objects: new Map<string, Buffer>(),
    requests: [] as string[],
    faults: {} as S3Server['faults'],
    pageSize,
  }
  const server = createServer((request, response) => {
    answer(request, response, state).catch((error: unknown) => {
      if (error instanceof S3Failure) fail(response, error)
      else response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...state, close }
}

type State = Omit<S3Server, 'endpoint' | 'close'> & { readonly pageSize: number }

class S3Failure extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

function fail(response: ServerResponse, { status, code }: S3Failure): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
  response.writeHead(status, { 'content-type': 'application/xml' }).end(response.req.method === 'HEAD' ? '' : body)
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const url = new URL(request.url!, 'http://s3')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(url.pathname)) ?? []
  state.requests.push(`${request.method} /${bucket}/${key}`)
  const body = await read(request)
  checkSignature(request, url, body)
  if (hits(state.faults.failing, key)) throw new S3Failure(503, 'SlowDown')
  if (hits(state.faults.redirect, key))
    return void response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
  if (bucket === 'forbidden') throw new S3Failure(403, 'AccessDenied')
  if (bucket === 'absent') throw new S3Failure(404, 'NoSuchBucket')
  if (request.method === 'PUT') return put(request, response, state, { name: `${bucket}/${key}`, body })
  if (request.method === 'GET' && url.searchParams.get('list-type') === '2') return list(response, state, bucket, url)
  if (request.method === 'GET' || request.method === 'HEAD') return get(request, response, state, `${bucket}/${key}`)
  throw new S3Failure(405, 'MethodNotAllowed')
}

const hits = (fault: string | undefined, key: string) => fault !== undefined && key.includes(fault)

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** AWS Signature Version 4 of a request with an Authorization header. */
function checkSignature(request: IncomingMessage, url: URL, body: Buffer): void {
  const header =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id, scope, region, names, signature] = header.exec(request.headers.authorization ?? '') ?? []
  if (id === undefined) throw new S3Failure(403, 'AccessDenied')
  if (id !== S3_KEYS.AWS_ACCESS_KEY_ID) throw new S3Failure(403, 'InvalidAccessKeyId')
  const payload = String(request.headers['x-amz-content-sha256'])
  if (/^[0-9a-f]{64}$/.test(payload) && payload !== sha256(body)) throw new S3Failure(400, 'XAmzContentSHA256Mismatch')
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = names!.split(';').map(
    (name) =>
      `${name}:${String(request.headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  )
  const canonical = [request.method, url.pathname, query, headers.join(''), names, payload].join('\n')
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [scope!.slice(0, 8), region!, 's3', 'aws4_request'].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${S3_KEYS.AWS_SECRET_ACCESS_KEY}`),
  )
  if (!timingSafeEqual(hmac(key, text), Buffer.from(signature!, 'hex')))
    throw new S3Failure(403, 'SignatureDoesNotMatch')
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

function put(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  object: { name: string; body: Buffer },
): void {
  const isChunked = String(request.headers['content-encoding'] ?? '').includes('aws-chunked')
  const { body, trailers } = isChunked ? unchunked(object.body) : { body: object.body, trailers: {} }
  checkChecksums({ ...request.headers, ...trailers }, body)
  if (request.headers['if-none-match'] === '*' && state.objects.has(object.name))
    throw new S3Failure(412, 'PreconditionFailed')
  state.objects.set(object.name, body)
  response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end()
}

/** Takes the frames of `aws-chunked` off: `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n`, then trailers. */
function unchunked(framed: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = framed.indexOf('\r\n', at)
    const size = end < 0 ? Number.NaN : Number.parseInt(framed.toString('latin1', at, end), 16)
    if (Number.isNaN(size)) throw new S3Failure(400, 'IncompleteBody')
    at = end + 2
    if (size === 0) break
    parts.push(framed.subarray(at, at + size))
    at += size + 2
  }
  const lines = framed
    .toString('latin1', at)
    .split('\r\n')
    .filter((line) => line.includes(':'))
  return {
    body: Buffer.concat(parts),
    trailers: Object.fromEntries(lines.map((line) => line.split(/:(.*)/s).slice(0, 2))),
  }
}

function checkChecksums(headers: Record<string, unknown>, body: Buffer): void {
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(body))
  const right: Record<string, string> = {
    'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
    'x-amz-checksum-crc32': crc.toString('base64'),
    'content-md5': createHash('md5').update(body).digest('base64'),
  }
  for (const [name, value] of Object.entries(right))
    if (headers[name] !== undefined && headers[name] !== value) throw new S3Failure(400, 'BadDigest')
}

function get(request: IncomingMessage, response: ServerResponse, state: State, name: string): void {
  const whole = state.objects.get(name)
  if (whole === undefined) throw new S3Failure(404, 'NoSuchKey')
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const body = from === undefined ? whole : whole.subarray(Number(from), to === '' ? whole.length : Number(to) + 1)
  const range =
    from === undefined ? {} : { 'content-range': `bytes ${from}-${Number(from) + body.length - 1}/${whole.length}` }
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': body.length,
    'accept-ranges': 'bytes',
    ...range,
  })
  if (request.method === 'HEAD') return void response.end()
  send(response, state, name, body)
}

function send(response: ServerResponse, { faults }: State, name: string, body: Buffer): void {
  const half = body.subarray(0, Math.floor(body.length / 2))
  if (hits(faults.cutOff, name) && (faults.cutTimes ?? 1) > 0) {
    faults.cutTimes = (faults.cutTimes ?? 1) - 1
    response.write(half, () => response.destroy())
  } else if (hits(faults.standStill, name)) response.write(half)
  else response.end(body)
}

function list(response: ServerResponse, state: State, bucket: string, url: URL): void {
  const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`
  const after = url.searchParams.get('continuation-token') ?? ''
  const names = [...state.objects.keys()].filter((name) => name.startsWith(prefix)).sort()
  const page = names.filter((name) => state.faults.endlessList === true || name > after).slice(0, state.pageSize)
  const last = page.at(-1) ?? ''
  const isTruncated = state.faults.endlessList === true || (last !== '' && last !== names.at(-1))
  const contents = page.map(
    (name) =>
      `<Contents><Key>${escaped(name.slice(bucket.length + 1))}</Key><Size>${state.objects.get(name)!.length}</Size></Contents>`,
  )
  const next = isTruncated ? `<NextContinuationToken>${escaped(last)}</NextContinuationToken>` : ''
  const xml = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml)
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
