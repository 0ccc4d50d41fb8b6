import { z } from 'zod'
import { type Finding, finding } from './finding.ts'
import type { ComposedGate, Gate, GateSubject } from './gate.ts'
import { isInForce, ledgerStateOf, untilText } from './ledger-findings.ts'
import type { Part } from './part.ts'
import { gateFinding, nothingDeclared, ruleFinding } from './rule-finding.ts'
import {
  ABSOLUTE_MOMENT,
  isEmptyWindow,
  isInWindow,
  isTimezone,
  nextBoundary,
  type TimeWindow,
  WEEKLY_MOMENT,
} from './time-window.ts'

const NAME = 'freeze'

const moment = z
  .string()
  .refine(
    (text) => WEEKLY_MOMENT.test(text) || (ABSOLUTE_MOMENT.test(text) && !Number.isNaN(Date.parse(text))),
    'must be a weekly moment such as "Fri 16:00" or a date and time such as 2026-12-20T00:00',
  )

interface Moments {
  readonly from: string
  readonly until: string
  readonly timezone?: string | undefined
}

/** What is wrong with two moments that are each sound; nothing while one of them is not. */
function windowRefusal({ from, until, timezone }: Moments): string | undefined {
  if (![from, until].every((text) => moment.safeParse(text).success)) return undefined
  if (WEEKLY_MOMENT.test(from) !== WEEKLY_MOMENT.test(until))
    return 'from and until must both be weekly, or both have a date'
  if (from === until) return 'must not be the moment of from'
  if (WEEKLY_MOMENT.test(from) || (timezone !== undefined && !isTimezone(timezone))) return undefined
  return isEmptyWindow({ from, until, timezone: timezone ?? 'UTC' }) ? 'must come after from' : undefined
}

const rule = z
  .strictObject({
    from: moment.describe('Start of the window, which belongs to it.'),
    until: moment.describe('End of the window, which does not.'),
    timezone: z
      .string()
      .refine(isTimezone, 'must be a time zone such as Europe/Berlin')
      .optional()
      .describe('IANA time zone of both moments; default UTC.'),
  })
  .superRefine((window, context) => {
    const message = windowRefusal(window)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['until'], message })
  })
export type FreezeRule = z.infer<typeof rule>

function windowOf({ from, until, timezone }: FreezeRule): TimeWindow {
  return { from, until, timezone: timezone ?? 'UTC' }
}

function judged(terms: FreezeRule, subject: GateSubject, now: number): Part {
  const window = windowOf(terms)
  const title = `${window.from} until ${window.until} ${window.timezone}`
  const part = (status: Part['status'], because: string) => ({ status, title, because, straddles: false })
  if (Number.isNaN(now)) return part('inconclusive', 'the time of this weighing is not known')
  if (!isInWindow(window, now)) return part('passed', 'not frozen now')
  const boundary = nextBoundary(window, now)
  const frozen = part('failed', `${subject.environment.name} is frozen until ${window.until} ${window.timezone}`)
  return boundary === null
    ? frozen
    : { ...frozen, flips: `Weigh again at ${new Date(boundary).toISOString()} or later.` }
}

/** A freeze that somebody commanded, as the ledger holds it. */
function commanded(subject: GateSubject): readonly Finding[] {
  const frozen = ledgerStateOf(subject)?.frozen ?? null
  if (frozen === null || !isInForce(frozen.until, subject.now)) return []
  const because = `${subject.environment.name} was frozen at ${frozen.at} by account ${frozen.by} ${untilText(frozen.until)}: ${frozen.reason}`
  return [finding(NAME, 'frozen by command', 'failed', because, { flips: `/unfreeze ${subject.environment.name}` })]
}

/**
 * The next moments at which a freeze begins or ends.
 *
 * @param now       milliseconds since 1970
 * @returns milliseconds since 1970, one for each window that still has one
 */
export function freezeBoundaries(gate: ComposedGate<FreezeRule>, now: number): readonly number[] {
  if (Number.isNaN(now)) return []
  return gate.rules.flatMap((composed) => nextBoundary(windowOf(composed.rule), now) ?? [])
}

/** Times at which nothing is promoted; a rollback is never held by one. */
export const freezeGate: Gate<FreezeRule> = {
  name: NAME,
  about: 'Holds promotions in windows of time, weekly or absolute, in a time zone. Never holds a rollback.',
  shape: 'list',
  always: false,
  measuring: false,
  needsGitHub: false,
  rule,
  idParts: ({ from, until, timezone }) => [from, until, timezone ?? 'UTC'],
  plan: () => [],
  judge(subject, gate) {
    if (subject.rollback) return finding(NAME, NAME, 'skipped', 'a rollback is never held by a freeze')
    const byCommand = commanded(subject)
    if (gate.rules.length + byCommand.length === 0) {
      return nothingDeclared(subject, gate, 'The policy has no freeze.', 'Add a window to gates.freeze.')
    }
    const now = Date.parse(subject.now)
    const windows = gate.rules.map((composed) => ruleFinding(NAME, composed, judged(composed.rule, subject, now)))
    return gateFinding(gate, [...byCommand, ...windows])
  },
}
