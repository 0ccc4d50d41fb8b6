/** Shapes of secrets that we never saw but may meet in somebody's error message. */
const SHAPES: readonly RegExp[] = [
  /\bgh[a-z]_[A-Za-z0-9]{10,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:bearer|basic|token)\s+[A-Za-z0-9+/=._~-]{8,}/gi,
  /(?<=:\/\/)[^/\s@]+(?=@)/g,
  /(?<=[?&][^=&\s]{0,40}(?:token|secret|signature|credential|key|password)[^=&\s]{0,20}=)[^&\s]+/gi,
  /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g,
]
const HIDDEN = '[hidden]'
const MOST_TEXT = 500

/** Makes a text fit for the log: known secrets, everything of a secret's shape and addresses go; it is one short line. */
export type Scrub = (text: string) => string

/** @param secrets  values that must never appear anywhere, however they look */
export function openScrub(secrets: readonly string[]): Scrub {
  const known = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).filter((text) => text.length >= 6)
  return (text) => {
    const short = text.slice(0, 10 * MOST_TEXT)
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, HIDDEN), short)
    const clean = SHAPES.reduce((left, shape) => left.replace(shape, HIDDEN), withoutKnown)
    return clean.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MOST_TEXT)
  }
}
