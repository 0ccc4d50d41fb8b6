import type { GitHub } from '../github-state.ts'
import { handle } from './handle.ts'
import type { WorldResponse } from './world-request.ts'

const REDIRECTS = [301, 302, 307]
const EMPTY = [204, 304]

/** A `fetch` that reaches the emulated GitHub without a network; redirects are followed as by the real one. */
export function worldFetch(github: GitHub): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const body = Buffer.from(await request.arrayBuffer())
    const { authorization, ...others } = Object.fromEntries(request.headers)
    // as every browser does it, a token is not carried to another host
    const headersFor = (to: string) =>
      authorization === undefined || new URL(to, request.url).origin !== new URL(request.url).origin
        ? others
        : { ...others, authorization }
    let url = request.url
    let answer = await handle(github, { method: request.method, url, headers: headersFor(url), body })
    const follows = request.redirect === 'follow'
    for (let hops = 0; follows && REDIRECTS.includes(answer.status) && hops < 5; hops++) {
      url = answer.headers.location ?? url
      answer = await handle(github, { method: request.method, url, headers: headersFor(url), body })
    }
    return shown(answer, url)
  }
}

function shown(answer: WorldResponse, url: string): Response {
  const body = EMPTY.includes(answer.status) ? null : new Uint8Array(answer.body)
  const response = new Response(body, { status: answer.status, headers: answer.headers })
  Object.defineProperty(response, 'url', { value: url })
  return response
}
