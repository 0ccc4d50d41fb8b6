import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { handle } from './api/handle.ts'
import type { GitHub } from './github-state.ts'

/** Answers what the API does not: Git over HTTP. False when the path is not its own. */
export type OtherPaths = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

export interface RunningServer {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

/** The emulated GitHub over HTTP on this machine. A bug of the world answers 500 with its message. */
export async function serveGitHub(
  github: GitHub,
  options: { readonly port?: number; readonly others?: OtherPaths } = {},
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(github, request, response, options.others).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: String(error) }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  github: GitHub,
  request: IncomingMessage,
  response: ServerResponse,
  others: OtherPaths | undefined,
): Promise<void> {
  if (others !== undefined && (await others(request, response))) return
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const)
  const answered = await handle(github, {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  })
  response.writeHead(answered.status, answered.headers)
  response.end(answered.body)
}
