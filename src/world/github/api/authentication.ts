import { createPublicKey, verify } from 'node:crypto'
import { type Actor, type GitHub, Refusal, type WorldApp } from '../github-state.ts'

const ANONYMOUS: Actor = { kind: 'anonymous' }
const EXPIRED =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
const TOO_FAR = "'Expiration time' claim ('exp') is too far in the future"
const ISSUED = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
const LONGEST_S = 600
const LEEWAY_S = 60

/**
 * Who sends a request, by its Authorization header: an app by JWT, an installation or a person by token.
 *
 * @throws {Refusal} 401 for credentials that are wrong, expired or revoked; 403 for a suspended installation
 */
export function identify(github: GitHub, authorization: string | undefined): Actor {
  if (authorization === undefined) return ANONYMOUS
  const credentials = credentialsIn(authorization)
  return credentials.split('.').length === 3 ? byJwt(github, credentials) : byToken(github, credentials)
}

/** `Bearer x`, `token x`, or Basic with the token for a password, as Git sends it. */
export function credentialsIn(authorization: string): string {
  const [scheme = '', rest = ''] = authorization.split(/ +/)
  if (scheme.toLowerCase() !== 'basic') return rest
  return Buffer.from(rest, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
}

function byToken(github: GitHub, text: string): Actor {
  const { state, clock } = github
  const token = state.tokens.get(text)
  if (token === undefined || (token.expiresAt !== null && token.expiresAt <= clock.now())) throw badCredentials()
  if (token.kind === 'user') return { kind: 'user', account: known(state.accounts.get(token.user)) }
  const installation = known(state.installations.get(token.installation))
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
  const app = known(state.apps.get(installation.app))
  return {
    kind: 'installation',
    account: known(state.accounts.get(app.bot)),
    app,
    installation: installation.id,
    permissions: token.permissions,
    // the installation may cover less today than when the token was made
    repositories: both(token.repositories, installation.repositories),
  }
}

type Coverage = 'all' | readonly number[]

function both(one: Coverage, other: Coverage): Coverage {
  if (one === 'all') return other
  return other === 'all' ? one : one.filter((id) => other.includes(id))
}

function known<T>(record: T | undefined): T {
  if (record === undefined) throw badCredentials()
  return record
}

function byJwt(github: GitHub, text: string): Actor {
  const [head = '', payload = '', signature = ''] = text.split('.')
  const claims = claimsOf(payload)
  const app = [...github.state.apps.values()].find(
    (one) => String(one.id) === claims.iss || one.clientId === claims.iss,
  )
  if (app === undefined) throw new Refusal(401, 'Integration not found')
  checkTimes(claims, Math.floor(github.clock.now() / 1000))
  if (!isSignedBy(app, `${head}.${payload}`, signature)) {
    throw new Refusal(401, 'A JSON web token could not be decoded')
  }
  const account = github.state.accounts.get(app.bot)
  if (account === undefined) throw badCredentials()
  return { kind: 'app', account, app }
}

interface Claims {
  readonly iss: string
  readonly iat: number
  readonly exp: number
}

function claimsOf(payload: string): Claims {
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>
    return { iss: String(claims.iss), iat: Number(claims.iat), exp: Number(claims.exp) }
  } catch {
    throw new Refusal(401, 'A JSON web token could not be decoded')
  }
}

function checkTimes({ iat, exp }: Claims, now: number): void {
  if (!(exp > now)) throw new Refusal(401, EXPIRED)
  if (exp - now > LONGEST_S + LEEWAY_S) throw new Refusal(401, TOO_FAR)
  if (!(iat <= now + LEEWAY_S)) throw new Refusal(401, ISSUED)
}

const keys = new Map<string, ReturnType<typeof createPublicKey>>()

function isSignedBy(app: WorldApp, signed: string, signature: string): boolean {
  const key = keys.get(app.publicKey) ?? createPublicKey(app.publicKey)
  keys.set(app.publicKey, key)
  return verify('RSA-SHA256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))
}

function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials')
}
