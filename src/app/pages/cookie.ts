import { createHmac, timingSafeEqual } from 'node:crypto'

/** A cookie of ours: a name, and values that only we can have signed. */
export interface SignedCookie {
  /** The value of a `Cookie` header, when it is there and its signature ours. */
  read(header: string | readonly string[] | undefined): string | null
  /** A `Set-Cookie` line. */
  set(value: string, maxAgeS: number): string
}

/**
 * @param name  without prefix; over HTTPS it gets `__Host-`, so that no other host can set it
 * @param of.key  32 bytes or more
 * @param of.isSecure  the app is reached over HTTPS
 */
export function signedCookie(name: string, of: { readonly key: Uint8Array; readonly isSecure: boolean }): SignedCookie {
  const full = of.isSecure ? `__Host-${name}` : name
  const sign = (value: string) => createHmac('sha256', of.key).update(`${full}\n${value}`).digest('base64url')
  return {
    read: (header) => {
      const pairs = [header ?? '']
        .flat()
        .join(';')
        .split(';')
        .map((pair) => pair.trim())
      const found = pairs.find((pair) => pair.startsWith(`${full}=`))?.slice(full.length + 1)
      const [value = '', mac = ''] = (found ?? '').split('.')
      return value !== '' && isSame(mac, sign(value)) ? value : null
    },
    set: (value, maxAgeS) => {
      const secure = of.isSecure ? '; Secure' : ''
      return `${full}=${value}.${sign(value)}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`
    },
  }
}

/** In constant time for texts of one length; a signature's length is no secret. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
