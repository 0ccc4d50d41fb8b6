import { createPrivateKey, createSign } from 'node:crypto'
import { z } from 'zod'
import type { HostClock } from './host-clock.ts'

/** One GitHub App; the private key is PEM text, PKCS#1 or PKCS#8. */
export interface AppKey {
  readonly appId: number
  readonly privateKey: string
}

const MINUTE = 60_000
/** GitHub takes at most ten minutes, and its clock may be a little behind ours. */
const JWT_LIFE_MS = 8 * MINUTE
const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) })

/** The app's own token (RS256), as GitHub wants it: issued a minute ago, for at most ten. */
function appToken({ appId, privateKey }: AppKey, now: number): string {
  const seconds = Math.floor(now / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iat: seconds - 60, exp: seconds + JWT_LIFE_MS / 1000, iss: String(appId) }
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(createPrivateKey(privateKey), 'base64url')}`
}

/** Tokens of one app, each kept until shortly before it ends; never written anywhere. */
export interface AppTokens {
  ofApp(): string
  /** @param ask  POSTs for a new one; whoever comes meanwhile waits for it */
  ofInstallation(installation: number, ask: () => Promise<unknown>): Promise<string>
  /** GitHub refused this token: it is not given out again. */
  forget(installation: number, token: string): void
}

/** How often somebody looks whether another's request for a token has ended. */
const LOOK_MS = 10

export function openAppTokens(key: AppKey, clock: HostClock): AppTokens {
  let own = { token: '', until: Number.NEGATIVE_INFINITY }
  const kept = new Map<number, { readonly token: string; readonly until: number }>()
  const asking = new Set<number>()
  const valid = (installation: number) => {
    const known = kept.get(installation)
    return known !== undefined && clock.now() < known.until ? known.token : null
  }
  const askAnew = async (installation: number, ask: () => Promise<unknown>) => {
    asking.add(installation)
    try {
      const { token, expires_at } = tokenSchema.parse(await ask())
      kept.set(installation, { token, until: Date.parse(expires_at) - MINUTE })
      return token
    } finally {
      asking.delete(installation)
    }
  }
  return {
    ofApp: () => {
      const now = clock.now()
      if (now >= own.until) own = { token: appToken(key, now), until: now + JWT_LIFE_MS - 2 * MINUTE }
      return own.token
    },
    ofInstallation: async (installation, ask) => {
      // by the clock, so that a clock which only runs when all sleep goes on
      while (valid(installation) === null && asking.has(installation)) await clock.sleep(LOOK_MS)
      return valid(installation) ?? askAnew(installation, ask)
    },
    forget: (installation, token) => {
      if (kept.get(installation)?.token === token) kept.delete(installation)
    },
  }
}
