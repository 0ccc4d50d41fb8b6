import { createHash } from 'node:crypto'
import type { Annotation, CheckButton, Conclusion } from '../ports/check-run.ts'
import { canonicalJson } from '../registry/canonical-json.ts'

/** GitHub's limits for a check run, in characters. */
const LONGEST_TITLE = 255
export const MOST_ANNOTATIONS = 50

/** A check run as it should stand on a commit. */
export interface DesiredCheck {
  readonly name: string
  readonly status: 'in_progress' | 'completed'
  /** null while in progress. */
  readonly conclusion: Conclusion | null
  readonly title: string
  readonly summary: string
  readonly text: string | null
  readonly annotations: readonly Annotation[]
  readonly buttons: readonly CheckButton[]
  readonly detailsUrl: string | null
  readonly externalId: string
}

/** What a check run is about, so that a button pressed on an old one can be told. */
export interface CheckOrigin {
  /** Name and version of the program. */
  readonly engine: string
  /** Governed branch; of several pull requests with one head all of them, joined by +. */
  readonly baseRef: string
  readonly pulls: readonly number[]
}

const KEY_LINE = /^Evidence key: `([0-9a-f]{64})`$/

/** The last line of a check's text: which evidence it showed. */
export function keyLine(evidenceKey: string): string {
  return `Evidence key: \`${evidenceKey}\``
}

/**
 * The evidence key that a published text shows, null when it shows none. Only the last line counts: everything above
 * holds texts of others.
 *
 * @example evidenceKeyIn('Held.') // => null
 */
export function evidenceKeyIn(text: string | null): string | null {
  const last = text?.trimEnd().split('\n').at(-1)?.trimEnd() ?? ''
  return KEY_LINE.exec(last)?.[1] ?? null
}

/**
 * One key for a commit that is the head of several pull requests: theirs where all weigh the same, else one that is
 * nobody's, so that an approval given to one counts for no other.
 */
export function jointKey(keys: readonly string[]): string {
  const [first = '', ...others] = [...new Set(keys)].sort()
  return others.length === 0 ? first : sha256([first, ...others])
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** What of a check must stand in a run of its own: GitHub appends annotations, and keeps which key stood when. */
function standing({ status, conclusion, annotations, text }: Omit<DesiredCheck, 'externalId'>): unknown {
  return { status, conclusion, annotations, key: evidenceKeyIn(text) }
}

/**
 * Digest of what is published: 32 hexadecimal digits of what must stand in a run of its own, 32 of everything. Moments
 * of judging are left out: the same verdict an hour later is the same check.
 */
function digestOf(check: Omit<DesiredCheck, 'externalId'>, moments: readonly string[]): string {
  const timeless = moments
    .filter((moment) => moment !== '')
    .reduce((text, moment) => text.replaceAll(moment, ''), canonicalJson(check))
  return `${sha256(standing(check)).slice(0, 32)}${sha256(timeless).slice(0, 32)}`
}

/**
 * A check with its external id, `<engine>:<base ref>:<pull numbers>:<digest of what is published>`.
 *
 * @param moments  texts of moments of judging, which do not count
 */
export function withExternalId(
  check: Omit<DesiredCheck, 'externalId'>,
  { engine, baseRef, pulls }: CheckOrigin,
  moments: readonly string[] = [],
): DesiredCheck {
  return { ...check, externalId: `${engine}:${baseRef}:${pulls.join('+')}:${digestOf(check, moments)}` }
}

/** The parts of an external id of ours; null for anything else. */
export function parseExternalId(
  externalId: string | null,
): { readonly pulls: readonly number[]; readonly standing: string; readonly digest: string } | null {
  const match = /:(\d+(?:\+\d+)*)?:([0-9a-f]{32})([0-9a-f]{32})$/.exec(externalId ?? '')
  if (match === null) return null
  const [, pulls = '', own = '', whole = ''] = match
  return { pulls: pulls === '' ? [] : pulls.split('+').map(Number), standing: own, digest: `${own}${whole}` }
}

/** Text of one line as a title: cut to GitHub's limit in UTF-16 units. */
export function titleText(text: string): string {
  if (text.length <= LONGEST_TITLE) return text
  let cut = ''
  for (const point of text) {
    if (cut.length + point.length > LONGEST_TITLE - 1) break
    cut += point
  }
  return `${cut.trimEnd()}…`
}
