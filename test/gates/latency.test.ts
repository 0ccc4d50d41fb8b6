import { expect, test } from 'vitest'
import type { LatencyFacts } from '../../src/gates/evidence.ts'
import { latencyGate } from '../../src/gates/latency.ts'
import { latencyRule } from '../../src/gates/latency-rule.ts'
import { judged, recordOf, subjectWith } from './measuring-world.ts'

const QUIET = { self_ratio: { p50: 1, p99: 1.05 }, round_spread: 0.1, is_quiet: true }
const NOISY = { ...QUIET, is_quiet: false, because: 'rounds of the same model lie 80 % apart' }

function timed(p99: number, interval: readonly [number, number] | null) {
  return { p50: { value: 1, interval: null }, p95: { value: 1, interval: null }, p99: { value: p99, interval } }
}

function facts(
  p99: number,
  interval: readonly [number, number] | null,
  more: Partial<LatencyFacts> = {},
): LatencyFacts {
  return {
    batch: 1,
    calls: 2000,
    confidence: 0.9,
    runner: null,
    candidate: { version: '1.4.0', ...timed(p99, interval) },
    incumbent: { version: '1.3.0', ...timed(1, [0.9, 1.1]) },
    ratio: timed(p99, interval),
    noise: QUIET,
    ...more,
  }
}

const judge = (rule: object, answer: LatencyFacts, more = {}) => judged(latencyGate, [rule], { latency: answer }, more)

test.each([
  ['as fast as allowed passes', 1.1, [1.05, 1.2], 'passed'],
  ['perhaps slower than allowed is undecided, and a reviewer may take it', 1.18, [1.1, 1.25], 'inconclusive'],
  ['slower than allowed is held', 1.4, [1.3, 1.5], 'failed'],
] as const)('a candidate that is %s', (_, value, interval, status) => {
  const found = judge({ p99_max_ratio: 1.2, against: 'incumbent' }, facts(value, interval), { review: 'approver' })

  expect(found).toMatchObject({ status, measured: value, limit: { max: 1.2 }, interval })
  expect(found.review).toEqual(status === 'inconclusive' ? { role: 'approver' } : undefined)
})

test('on a machine that is too noisy to tell nothing fails, and what keeps the limit all the same passes', () => {
  const slow = judge({ p99_max_ratio: 1.2 }, facts(1.4, [1.3, 1.5], { noise: NOISY }))
  const fast = judge({ p99_max_ratio: 1.2 }, facts(0.8, [0.6, 1.1], { noise: NOISY }))

  expect(slow.status).toBe('inconclusive')
  expect(slow.because).toContain('too noisy to tell: rounds of the same model lie 80 % apart')
  expect(fast.status).toBe('passed')
})

test('an interval that does not exist decides nothing', () => {
  expect(judge({ p99_max_ratio: 1.2 }, facts(0.5, null)).status).toBe('inconclusive')
})

test('without an incumbent nothing can be slower, and one that cannot run holds', () => {
  const missing = facts(1, [1, 1], {
    incumbent: null,
    ratio: null,
    incumbent_missing: 'it needs a column that is gone',
  })

  const first = subjectWith({ incumbent: null, incumbentSource: 'none' })

  expect(judge({ p99_max_ratio: 1.2 }, missing, { subject: first }).status).toBe('skipped')
  expect(judge({ p99_max_ratio: 1.2 }, missing)).toMatchObject({ status: 'inconclusive' })
})

test('milliseconds need the class of machine on which they hold, and a rule needs a limit', () => {
  expect(latencyRule.safeParse({ p99_max_ms: 5 }).error?.issues[0]?.message).toContain('p99_max_ms needs runner')
  expect(latencyRule.safeParse({}).error?.issues[0]?.message).toContain('latency needs a limit')
  const found = judge({ p99_max_ms: 5, runner: 'cpu-small' }, facts(4, [3.5, 4.5], { runner: 'cpu-small' }))
  expect(found).toMatchObject({ status: 'passed', measured: 4, title: 'p99 is 4 ms on cpu-small, 5 ms is the limit' })
})

test('an opaque artifact is never run, so its latency is not asked', () => {
  const record = recordOf('1.4.0', {
    artifact: { uri: 's3://a/b', digest: `sha256:${'0'.repeat(64)}`, format: 'opaque' },
  })
  const { candidate } = subjectWith()
  const subject = subjectWith({ candidate: { ...candidate, record } })

  expect(judge({ p99_max_ratio: 1.2 }, facts(1, [1, 1]), { subject }).status).toBe('skipped')
})
