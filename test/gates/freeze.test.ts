import { expect, test } from 'vitest'
import { freezeBoundaries, freezeGate } from '../../src/gates/freeze.ts'
import { isInWindow, nextBoundary } from '../../src/gates/time-window.ts'
import { compose, evidenceOf, mistakesIn, weighing } from '../policy/weighing.ts'

const gateOf = (freeze: string) =>
  compose({ 'policies/p.yml': `gates: {freeze: ${freeze}}\n` }).gates.find(({ gate }) => gate === 'freeze') as never
const WEEKEND = '[{from: "Fri 16:00", until: "Mon 08:00", timezone: Europe/Berlin}]'
const judge = (now: string, freeze = WEEKEND, rollback = false) =>
  freezeGate.judge({ ...weighing({ now }), rollback }, gateOf(freeze), evidenceOf())

test('a weekly freeze holds from Friday afternoon to Monday morning, in its own time zone', () => {
  // Berlin is UTC+1 in November: 16:00 there is 15:00Z.
  expect(judge('2026-11-20T14:59:59Z').status).toBe('passed')
  expect(judge('2026-11-20T15:00:00Z').status).toBe('failed')
  expect(judge('2026-11-22T12:00:00Z').status).toBe('failed')
  expect(judge('2026-11-23T06:59:59Z').status).toBe('failed')
  expect(judge('2026-11-23T07:00:00Z').status).toBe('passed')
})

test('a frozen promotion is told when to come back', () => {
  const [child] = judge('2026-11-21T12:00:00Z').children
  expect(child).toMatchObject({
    because: 'production is frozen until Mon 08:00 Europe/Berlin',
    flips: 'Weigh again at 2026-11-23T07:00:00.000Z or later.',
    rule: 'freeze/Fri 16:00/Mon 08:00/Europe/Berlin',
    place: { path: 'policies/p.yml', line: 1 },
  })
})

test('when the clocks change, the wall decides and not the number of hours', () => {
  const window = { from: 'Fri 16:00', until: 'Mon 08:00', timezone: 'Europe/Berlin' }
  // Summer time ended on Sunday 2026-10-25: Monday 08:00 is 07:00Z, Friday 16:00 was 14:00Z.
  expect(isInWindow(window, Date.parse('2026-10-23T14:00:00Z'))).toBe(true)
  expect(nextBoundary(window, Date.parse('2026-10-23T15:00:00Z'))).toBe(Date.parse('2026-10-26T07:00:00Z'))
  expect(nextBoundary(window, Date.parse('2026-10-20T12:00:00Z'))).toBe(Date.parse('2026-10-23T14:00:00Z'))
})

test('a freeze by date ends for ever, with or without an offset', () => {
  const christmas = '[{from: "2026-12-20T00:00", until: "2027-01-02T08:00", timezone: America/New_York}]'
  expect(judge('2026-12-20T04:59:00Z', christmas).status).toBe('passed')
  expect(judge('2026-12-20T05:00:00Z', christmas).status).toBe('failed')
  expect(judge('2027-01-02T13:00:00Z', christmas).status).toBe('passed')
  expect(freezeBoundaries(gateOf(christmas), Date.parse('2027-01-03T00:00:00Z'))).toEqual([])
  expect(
    judge('2026-12-25T00:00:00Z', '[{from: "2026-12-20T00:00:00Z", until: "2026-12-31T00:00:00+01:00"}]').status,
  ).toBe('failed')
})

test('a rollback is never held by a freeze', () => {
  expect(judge('2026-11-21T12:00:00Z', WEEKEND, true).status).toBe('skipped')
})

test('a time that can’t be read never passes', () => {
  expect(judge('yesterday').status).toBe('inconclusive')
})

test('windows that make no sense are refused when the policy is read', () => {
  for (const [rule, what] of [
    ['{from: "Fri 25:00", until: "Mon 08:00"}', 'must be a weekly moment'],
    ['{from: "Fri 16:00", until: "2026-12-20T00:00"}', 'must both be weekly'],
    ['{from: "Fri 16:00", until: "Fri 16:00"}', 'must not be the moment of from'],
    ['{from: "Fri 16:00", until: "Mon 08:00", timezone: Europe/Berln}', 'must be a time zone'],
    ['{from: "2026-12-20T00:00", until: "2026-12-10T00:00"}', 'must come after from'],
  ] as const) {
    expect(mistakesIn(`gates: {freeze: [${rule}]}\n`)).toEqual([expect.stringContaining(what)])
  }
})
