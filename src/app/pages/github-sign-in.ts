import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type SignedCookie, signedCookie } from './cookie.ts'
import { type Expiring, expiring } from './expiring.ts'
import { notHere, type PageAnswer, type PageRequest, redirect } from './page.ts'

/** The OAuth web flow of the GitHub App. */
export interface SignInOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** `https://github.com`, or the server's own. */
  readonly webUrl: string
  /** Where people reach the app: `https://weighbridge.example.org`. */
  readonly publicUrl: string
  readonly fetch: typeof fetch
  readonly now: () => number
}

export interface SignIn {
  /** The signed-in reader's token; it never leaves this process. */
  tokenOf(request: PageRequest): string | null
  /** Sends the browser to GitHub, and remembers where it wanted to go. */
  begin(path: string): PageAnswer
  /** Where GitHub sends it back to. */
  finish(request: PageRequest): Promise<PageAnswer>
}

export const CALLBACK = '/reports/signed-in'
const SESSION_S = 60 * 60
const BEGUN_S = 10 * 60

interface Begun {
  readonly verifier: string
  /** A path of ours that was asked for; never taken from what comes back. */
  readonly path: string
}
interface Flow {
  readonly options: SignInOptions
  readonly session: SignedCookie
  readonly started: SignedCookie
  readonly begun: Expiring<Begun>
  readonly tokens: Expiring<string>
}

/** Sign-in with state bound to the browser, PKCE, and sessions that live in memory for an hour. */
export function githubSignIn(options: SignInOptions): SignIn {
  const of = { key: randomBytes(32), isSecure: options.publicUrl.startsWith('https://') }
  const { now } = options
  const flow: Flow = {
    options,
    session: signedCookie('weighbridge-session', of),
    started: signedCookie('weighbridge-sign-in', of),
    begun: expiring({ forMs: BEGUN_S * 1000, atMost: 10_000, now }),
    tokens: expiring({ forMs: SESSION_S * 1000, atMost: 10_000, now }),
  }
  return {
    tokenOf: (request) => {
      const id = flow.session.read(request.headers.cookie)
      return id === null ? null : flow.tokens.get(id)
    },
    begin: (path) => begin(flow, path),
    finish: (request) => finish(flow, request),
  }
}

function begin({ options, started, begun }: Flow, path: string): PageAnswer {
  const state = randomBytes(32).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  begun.set(state, { verifier, path })
  const to = new URL(`${options.webUrl}/login/oauth/authorize`)
  to.search = new URLSearchParams({
    client_id: options.clientId,
    redirect_uri: `${options.publicUrl}${CALLBACK}`,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    allow_signup: 'false',
  }).toString()
  return redirect(to.href, started.set(state, BEGUN_S))
}

/** A state that this browser did not begin, or that was used before, signs nobody in. */
async function finish(flow: Flow, { query, headers }: PageRequest): Promise<PageAnswer> {
  const { started, session, begun, tokens } = flow
  const state = started.read(headers.cookie)
  const code = query.get('code')
  if (state === null || state !== query.get('state') || code === null) return notHere()
  const found = begun.take(state)
  if (found === null) return notHere()
  const token = await exchanged(flow.options, code, found.verifier)
  if (token === null) return notHere()
  const id = randomBytes(32).toString('base64url')
  tokens.set(id, token)
  return redirect(found.path, session.set(id, SESSION_S))
}

const tokenAnswer = z.object({ access_token: z.string().min(1).max(1024), token_type: z.string() })

async function exchanged(options: SignInOptions, code: string, verifier: string): Promise<string | null> {
  const answer = await options
    .fetch(`${options.webUrl}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: options.clientId,
        client_secret: options.clientSecret,
        code,
        redirect_uri: `${options.publicUrl}${CALLBACK}`,
        code_verifier: verifier,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    })
    .then((response) => (response.ok ? response.json() : null))
    .catch(() => null)
  const read = tokenAnswer.safeParse(answer)
  return read.success ? read.data.access_token : null
}
