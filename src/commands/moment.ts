import { z } from 'zod'

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 }
const DURATION = /^([1-9]\d{0,4})([mhdw])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = z.iso.datetime({ offset: true })
const DATE_TIME_SHORT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})$/

/** Whether a text says a moment: a day, a moment with its zone, or how long from now. */
export function isMomentText(text: string): boolean {
  return DURATION.test(text) || statedMs(text) !== null
}

/**
 * The moment that `until=` names. A day begins at 00:00 UTC, and a duration is counted from now.
 *
 * @param text  as `isMomentText` takes it
 * @param now   ISO 8601
 * @returns ISO 8601 in UTC; null when the text says none, or one that is not after now or lies beyond the year 9999
 * @example momentOf('48h', '2026-11-18T10:00:00Z') // => '2026-11-20T10:00:00.000Z'
 * @example momentOf('2026-12-01', '2026-11-18T10:00:00Z') // => '2026-12-01T00:00:00.000Z'
 */
export function momentOf(text: string, now: string): string | null {
  const nowMs = Date.parse(now)
  const [, count, unit] = DURATION.exec(text) ?? []
  const ms = count === undefined ? statedMs(text) : nowMs + Number(count) * MINUTES[unit!]! * 60_000
  return ms === null || ms <= nowMs || ms > Date.parse('9999-12-31T00:00:00Z') ? null : new Date(ms).toISOString()
}

/**
 * The moment that a text states by itself: a day, which begins at 00:00 UTC, or a moment with its zone.
 *
 * @returns milliseconds since 1970; null where it states none
 * @example statedMs('2026-12-01T18:00Z') // => 1796148000000
 * @example statedMs('2026-02-30') // => null
 */
export function statedMs(text: string): number | null {
  if (DAY.test(text)) return z.iso.date().safeParse(text).success ? Date.parse(`${text}T00:00:00Z`) : null
  const full = text.replace(DATE_TIME_SHORT, '$1:00$2')
  return text.length <= 40 && DATE_TIME.safeParse(full).success ? Date.parse(full) : null
}
