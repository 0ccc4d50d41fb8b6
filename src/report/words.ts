import type { Finding, Limit, Status } from '../gates/finding.ts'
import { exactText, intervalText, numberText, percentText } from '../gates/number-text.ts'

/** One sign a status; the word always stands beside it. */
export const SIGN: Readonly<Record<Status, string>> = { passed: '✓', failed: '✗', inconclusive: '?', skipped: '–' }

/** What a status means for the promotion. */
export const DECISION: Readonly<Record<Status, string>> = {
  passed: 'Passed',
  failed: 'Held',
  inconclusive: 'Held: could not decide',
  skipped: 'Nothing judged',
}

/** `at least 0.88`, `may drop by 0.01`: a limit as people read it, with all its digits. */
export function limitText(limit: Limit | null): string {
  if (limit === null) return ''
  const { min, max, max_drop, max_rise } = limit
  const parts = [
    min === undefined ? [] : [`at least ${exactText(min)}`],
    max === undefined ? [] : [`at most ${exactText(max)}`],
    max_drop === undefined ? [] : [`may drop by ${exactText(max_drop)}`],
    max_rise === undefined ? [] : [`may rise by ${exactText(max_rise)}`],
  ]
  return parts.flat().join(', ')
}

/** `0.9123`; `none` where a number does not exist. */
export function measuredText(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

/** `[0.9055, 0.9169] (90 %)`; empty when there is no interval. */
export function levelText({ interval, confidence }: Pick<Finding, 'interval' | 'confidence'>): string {
  if (interval === null) return ''
  return confidence === undefined ? intervalText(interval) : `${intervalText(interval)} (${percentText(confidence)})`
}

/** `0.8908, moved by 0.02037 [0.0177, 0.02305]`, the interval that decides; empty without an incumbent. */
export function incumbentText({ incumbent }: Finding): string {
  if (incumbent === undefined) return ''
  const { measured, difference, interval } = incumbent
  if (difference === null) return measuredText(measured)
  const decides = interval === null ? '' : ` ${intervalText(interval)}`
  return `${measuredText(measured)}, moved by ${numberText(difference)}${decides}`
}

/** `passed`, `failed (advisory)`, `inconclusive (review by approver)`, `inconclusive (advisory, taken by ann of approver)`. */
export function statusText({ status, advisory, waiver, review }: Finding): string {
  const extra = [
    advisory === true ? ['advisory'] : [],
    waiver === undefined ? [] : [`waived until ${waiver.until}`],
    review === undefined
      ? []
      : [review.by === undefined ? `review by ${review.role}` : `taken by ${review.by} of ${review.role}`],
  ].flat()
  return extra.length === 0 ? status : `${status} (${extra.join(', ')})`
}

/** `Waived by approver (account 7): labels come on Monday.`; nothing where nothing is waived. */
export function waiverText({ waiver }: Pick<Finding, 'waiver'>): string {
  return waiver === undefined ? '' : `Waived by ${waiver.by}: ${waiver.reason.replace(/[.!?]?$/, '.')}`
}

/** A finding's reason in two parts, so that its name stands out and is not said twice. */
export function namedReason({ title, because }: Finding): { readonly name: string; readonly rest: string } {
  const reason = /[.!?]$/.test(because) ? because : `${because}.`
  const rest = reason.slice(title.length)
  if (reason.startsWith(title) && /^[\s:.(]/.test(rest)) return { name: title, rest: rest.trim() }
  return { name: `${title}:`, rest: reason }
}

/** How a finding is coloured: advice never looks like something that holds. */
export function toneOf({ status, advisory }: Pick<Finding, 'status' | 'advisory'>): Status {
  return advisory === true ? 'skipped' : status
}

/** `policies/production.yml:6:5`, or nothing. */
export function placeText({ place }: Finding): string {
  return place === undefined ? '' : `${place.path}:${place.line}:${place.column}`
}

/** What would turn or decide a finding, a sentence each; what its reason says already is not said again. */
export function turnTexts({ because, flips = '', decides }: Finding): readonly string[] {
  const mend = flips === '' || because.includes(flips) ? '' : `To pass: ${flips}`
  return [mend, decides?.because ?? ''].filter((text) => text !== '').map(asSentence)
}

/** With a capital and one full stop. */
export function asSentence(text: string): string {
  const words = text.trim().replace(/\.+$/, '')
  return words === '' ? '' : `${words[0]?.toUpperCase()}${words.slice(1)}.`
}
