/**
 * Windows of wall-clock time in a time zone: weekly ("Fri 16:00") or absolute ("2026-12-20T00:00").
 * Everything is computed from the instant that is handed in; there is no clock here.
 */
export interface TimeWindow {
  readonly from: string
  readonly until: string
  /** IANA name; wall-clock moments without an offset are read in it. */
  readonly timezone: string
}

const MINUTE = 60_000
const WEEK_MINUTES = 7 * 24 * 60
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

export const WEEKLY_MOMENT = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$/
export const ABSOLUTE_MOMENT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/

/** Whether a name is a time zone that can be computed with. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What the clocks on the wall show at an instant, as if they showed UTC; milliseconds since 1970. */
function wallAt(instant: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}

/** The instant at which the wall shows `wall`; of a moment that the clocks skip, the hour after. */
function instantOf(wall: number, timezone: string): number {
  const guess = wall - (wallAt(wall, timezone) - wall)
  return wall - (wallAt(guess, timezone) - guess)
}

/** Minutes since Monday 00:00 of a weekly moment. */
function minuteOfWeek(moment: string): number {
  const [day = '', time = ''] = moment.split(' ')
  const [hour, minute] = time.split(':').map(Number)
  return DAYS.indexOf(day as (typeof DAYS)[number]) * 1440 + (hour ?? 0) * 60 + (minute ?? 0)
}

function isWeekly(window: TimeWindow): boolean {
  return WEEKLY_MOMENT.test(window.from)
}

/** Minutes since Monday 00:00 on the wall; 1970-01-05 was a Monday. */
function weekMinuteAt(instant: number, timezone: string): number {
  const minutes = Math.floor(wallAt(instant, timezone) / MINUTE) - 4 * 1440
  return ((minutes % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES
}

function absoluteInstant(moment: string, timezone: string): number {
  if (/(Z|[+-]\d{2}:\d{2})$/.test(moment)) return Date.parse(moment)
  return instantOf(Date.parse(`${moment}Z`), timezone)
}

/** Whether an absolute window ends before it begins; a weekly one goes round. */
export function isEmptyWindow(window: TimeWindow): boolean {
  if (isWeekly(window)) return false
  return absoluteInstant(window.until, window.timezone) <= absoluteInstant(window.from, window.timezone)
}

/**
 * Whether an instant lies in a window; the start belongs to it, the end does not.
 * @param instant  milliseconds since 1970
 */
export function isInWindow(window: TimeWindow, instant: number): boolean {
  if (isWeekly(window)) {
    const [from, until] = [minuteOfWeek(window.from), minuteOfWeek(window.until)]
    const at = weekMinuteAt(instant, window.timezone)
    return from <= until ? at >= from && at < until : at >= from || at < until
  }
  const { timezone } = window
  return instant >= absoluteInstant(window.from, timezone) && instant < absoluteInstant(window.until, timezone)
}

/**
 * When time alone next changes whether an instant lies in a window.
 * @returns milliseconds since 1970, later than `instant`; null when the window is over for ever
 */
export function nextBoundary(window: TimeWindow, instant: number): number | null {
  const moments = [window.from, window.until].map((moment) => {
    if (!isWeekly(window)) return absoluteInstant(moment, window.timezone)
    const ahead = (minuteOfWeek(moment) - weekMinuteAt(instant, window.timezone) + WEEK_MINUTES) % WEEK_MINUTES
    const wall = Math.floor(wallAt(instant, window.timezone) / MINUTE) * MINUTE
    return instantOf(wall + (ahead === 0 ? WEEK_MINUTES : ahead) * MINUTE, window.timezone)
  })
  const later = moments.filter((moment) => moment > instant)
  return later.length === 0 ? null : Math.min(...later)
}
