import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type OpenedStore, openStoreState, STORE_KEY, type StoreOptions } from './open-store.ts'
import type { S3Answer } from './s3-message.ts'
import { hits } from './store-faults.ts'

/** An S3 store on a port of this machine. */
export interface StoreServer extends Omit<OpenedStore, 'answer' | 'mark'> {
  readonly endpoint: string
  close(): Promise<void>
}

/** What a client of the store needs in its environment, besides the endpoint. */
export const STORE_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: STORE_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: STORE_KEY.secretAccessKey,
  AWS_REGION: 'us-east-1',
}

/** What a body may weigh: S3 takes 5 GiB at once, this world keeps it in memory. */
const MAX_BODY_BYTES = 512 * 2 ** 20

/** Starts the store on a free port of 127.0.0.1; path style, or a bucket's name below `localhost`. */
export async function openStoreServer(options: StoreOptions = {}): Promise<StoreServer> {
  const store = openStoreState(options)
  const { objects, requests, faults, snapshot, restore } = store
  return { objects, requests, faults, snapshot, restore, ...(await serveStore(store)) }
}

/** Puts an opened store on a free port. */
export async function serveStore(store: OpenedStore): Promise<Pick<StoreServer, 'endpoint' | 'close'>> {
  const server = createServer((request, response) => {
    serve(store, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

async function serve(store: OpenedStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const mark = store.mark()
  const body = await bodyOf(request)
  const { method = 'GET', url: target = '/' } = request
  const answer = store.answer({ method, target, headers: headersOf(request), body, mark })
  const isWrite = method !== 'GET' && method !== 'HEAD'
  if (isWrite && hits(store.faults.answerLost, decodeURIComponent(target))) response.destroy()
  else send(response, { answer, target: decodeURIComponent(target.split('?')[0] ?? ''), faults: store.faults })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    sizeBytes += part.length
    if (sizeBytes > MAX_BODY_BYTES) throw new RangeError(`a body is over ${MAX_BODY_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
    ),
  )
}

interface Sending {
  readonly answer: S3Answer
  readonly target: string
  readonly faults: OpenedStore['faults']
}

function send(response: ServerResponse, { answer, target, faults }: Sending): void {
  const { status, headers, body } = answer
  const isHead = response.req.method === 'HEAD'
  const sized = status === 204 || status === 304 ? {} : { 'content-length': String(body.length) }
  response.writeHead(status, { ...sized, ...headers, 'x-amz-request-id': '0000000000000001' })
  const isObject = response.req.method === 'GET' && status < 300
  const half = body.subarray(0, Math.floor(body.length / 2))
  if (isHead) response.end()
  else if (isObject && hits(faults.cutOff, target) && (faults.cutTimes ?? 1) > 0) {
    faults.cutTimes = (faults.cutTimes ?? 1) - 1
    response.write(half, () => response.destroy())
  } else if (isObject && hits(faults.standStill, target)) response.write(half)
  else response.end(body)
}
