import { expect, test } from 'vitest'
import type { AnalysisStep, Minute } from '../../src/rollout/analysis.ts'
import { judgeAnalysis } from '../../src/rollout/judge-analysis.ts'
import { prometheusAnswer } from '../../src/rollout/prometheus-answer.ts'
import { increaseBetween, type Reading } from '../../src/rollout/reading.ts'
import { binomial } from '../../src/statistics/binomial.ts'
import { DEEP, drawsFor } from '../statistics/draws.ts'
import { BEGAN, counts, goodMinutes, judged, MINUTE, minute, RULES, recorded, step, TRACK } from './observed.ts'

test('a canary that does as its baseline goes on once it has the stated requests, not before', () => {
  expect(judged(goodMinutes(9))).toMatchObject({
    outcome: 'inconclusive',
    why: 'too-few-requests',
    decides: '100 more requests of the canary',
  })
  const tenth = judged(goodMinutes(10))
  expect(tenth).toMatchObject({ outcome: 'fine', why: 'margin-shown', decides: null })
  expect(tenth.because).toBe(
    'errors canary 10 of 1000, baseline 190 of 19000: with 90 % confidence at most 0.675 % worse, the margin is 1 %',
  )
})

test('a canary with five times the errors is called worse within minutes, and stays so when the errors stop', () => {
  const bad = [0, 1, 2, 3, 4].map((at) => minute(at, { errors: counts(8, 19) }))
  const early = judged(bad)
  const later = judged([...bad, ...goodMinutes(30, 5)])

  expect(early).toMatchObject({ outcome: 'worse', why: 'evidence', decides: null })
  expect(later.outcome).toBe('worse')
  expect(later.numbers!.evidence).toBeLessThan(later.numbers!.bound)
  expect(judged(bad.slice(0, 3)).outcome).toBe('inconclusive')
})

test('a canary is worse from the very minute on in which the evidence reaches its bound', () => {
  const slowly = Array.from({ length: 40 }, (_, at) => minute(at, { errors: counts(3, 19) }))
  const answers = slowly.map((_, last) => judged(slowly.slice(0, last + 1), { minRequests: 9999 }))
  const first = answers.findIndex(({ outcome }) => outcome === 'worse')

  expect(answers[first]!.numbers!.peak).toBeGreaterThanOrEqual(20)
  expect(answers[first - 1]!.numbers!.peak).toBeLessThan(20)
  expect(answers.slice(first).every(({ outcome }) => outcome === 'worse')).toBe(true)
})

test('evidence beyond all numbers is not forgotten after a thousand good minutes', () => {
  const hours = (of: number, errors: Reading) => ({
    share: 0.05,
    began: BEGAN + of * 1000 * MINUTE,
    minutes: Array.from({ length: 1000 }, (_, at) => minute(of * 1000 + at, { errors })),
  })
  const steps = [hours(0, counts(90, 19)), hours(1, counts(90, 19)), hours(2, counts(0, 900))]

  expect(judgeAnalysis(steps, RULES, BEGAN + 3000 * MINUTE).outcome).toBe('worse')
})

const SILENT: readonly [string, Reading, string][] = [
  ['an empty result', prometheusAnswer(recorded('empty'), TRACK), 'nothing'],
  ['errors that nobody ever counted', prometheusAnswer(recorded('errors-of-one-arm'), TRACK), 'nothing'],
  ['NaN', prometheusAnswer(recorded('nan'), TRACK), 'not-a-number'],
  ['+Inf', prometheusAnswer(recorded('plus-inf'), TRACK), 'not-a-number'],
  ['a refused query', prometheusAnswer(recorded('bad-query'), TRACK), 'unusable'],
  ['no Prometheus', { is: 'unreachable', because: 'connect ECONNREFUSED' }, 'unreachable'],
  ['an answer from a cache', { is: 'too-old', seconds: 300 }, 'too-old'],
  ['a counter that restarted', increaseBetween(counts(90, 900), counts(4, 1000)), 'shrunk'],
  ['counts below zero', counts(-4, 19), 'negative'],
  ['a count that is NaN after all', counts(Number.NaN, 19), 'not-a-number'],
  ['an endless count', counts(1, Number.POSITIVE_INFINITY), 'not-a-number'],
]

test.each(SILENT)('%s is no data, and no data is inconclusive, never a pass (C30)', (_, reading, why) => {
  const always = (seen: object) => Array.from({ length: 30 }, (_, at) => minute(at, seen))
  const noErrors = judged(always({ errors: reading }))
  const noRequests = judged(always({ requests: reading }))
  const lately = judged([...goodMinutes(29), minute(29, { errors: reading })])

  for (const answer of [noErrors, noRequests, lately]) {
    expect(answer).toMatchObject({ outcome: 'inconclusive', why })
    expect(answer.because.length).toBeGreaterThan(20)
    expect(answer.decides).not.toBeNull()
  }
  expect(judged(goodMinutes(30)).outcome).toBe('fine')
})

test('a canary that ended before anything was measured is not verified (C30)', () => {
  const nothing = judgeAnalysis([], RULES, BEGAN)
  const noMinute = judged([])
  const onlyWarmUp = judged(goodMinutes(3), { warmUpMs: 3 * MINUTE })
  const lastStep = judgeAnalysis(
    [step(goodMinutes(20)), { share: 0.25, began: BEGAN + 20 * MINUTE, minutes: [] }],
    RULES,
    BEGAN + 20 * MINUTE,
  )

  for (const one of [nothing, noMinute, onlyWarmUp, lastStep]) {
    expect(one.outcome).toBe('inconclusive')
    expect(one.rates[0]!.why).toBe('nothing-measured')
  }
})

test('a rate whose query is not among the answers is not known, even when others are fine', () => {
  const rates = [...RULES.rates, { name: 'slow', better: 'lower', margin: 0.02 } as const]
  const answer = judged(goodMinutes(30), { rates })

  expect(answer.outcome).toBe('inconclusive')
  expect(answer.rates.map(({ outcome, why }) => [outcome, why])).toEqual([
    ['fine', 'margin-shown'],
    ['inconclusive', 'nothing'],
  ])
  const bad = goodMinutes(9).map((one) => ({ ...one, events: { errors: counts(50, 19) } }))
  expect(judged(bad, { rates }).outcome).toBe('worse')
  expect(judged(goodMinutes(30), { rates: [{ name: 'toString', better: 'lower', margin: 0.5 }] }).why).toBe('nothing')
})

const quiet = (requests: Reading) =>
  Array.from({ length: 30 }, (_, at) => minute(at, { requests, errors: counts(0, 0) }))

test('an arm without requests has not been compared, whichever it is (C30)', () => {
  expect(judged(quiet(counts(0, 0))).why).toBe('no-requests')
  expect(judged(quiet(counts(0, 3)))).toMatchObject({ outcome: 'inconclusive', why: 'no-canary-requests' })
  expect(judged(quiet(counts(3, 0)), {}, 0.95)).toMatchObject({ outcome: 'inconclusive', why: 'no-baseline-requests' })
  expect(judged(quiet(counts(0, 1900))).why).toBe('sample-ratio')
  expect(judged(goodMinutes(30), {}, 1).why).toBe('no-baseline-requests')
  expect(judged(goodMinutes(30), {}, 0).why).toBe('no-canary-requests')
})

test('a canary that was fine and gets no requests any more is not fine', () => {
  const silent = [12, 13].map((at) => minute(at, { requests: counts(0, 100), errors: counts(0, 1) }))

  expect(judged(goodMinutes(12)).outcome).toBe('fine')
  expect(judged([...goodMinutes(12), ...silent])).toMatchObject({ outcome: 'inconclusive', why: 'no-canary-requests' })
})

test('more errors than requests are two queries that count different things', () => {
  const answer = judged([...goodMinutes(20), minute(20, { errors: counts(150, 19) })])

  expect(answer).toMatchObject({ outcome: 'inconclusive', why: 'more-events-than-requests' })
  const all = judged(goodMinutes(1).map((one) => ({ ...one, events: { errors: counts(100.4, 19) } })))
  expect(all.numbers!.totals.canary).toEqual({ events: 100, requests: 100 })
})

test('requests that are not split as the weights say void the answer, also that it is worse', () => {
  const skewed = Array.from({ length: 20 }, (_, at) => minute(at, { requests: counts(200, 1800) }))
  const skewedAndBad = skewed.map((one) => ({ ...one, events: { errors: counts(90, 18) } }))

  expect(judged(skewed)).toMatchObject({ outcome: 'inconclusive', why: 'sample-ratio' })
  expect(judged(skewedAndBad)).toMatchObject({ outcome: 'inconclusive', why: 'sample-ratio' })
  expect(judged(skewed).because).toContain('gets 10 % of the requests and should get 5 %')
})

test('numbers that stop coming are too old, at the limit they are not', () => {
  const at = (ageMs: number) => judgeAnalysis([step(goodMinutes(20))], RULES, BEGAN + 20 * MINUTE + ageMs)

  expect(at(RULES.maxSilenceMs).outcome).toBe('fine')
  expect(at(RULES.maxSilenceMs + 1).rates[0]!.why).toBe('too-old')
})

test('minutes without numbers may have been the bad ones: one in ten does, more holds', () => {
  const lost = (minutes: readonly number[]) =>
    judged(
      goodMinutes(20).map((one, at) =>
        minutes.includes(at) ? { ...one, requests: { is: 'unreachable', because: 'timeout' } } : one,
      ),
    )

  expect(lost([3, 7]).outcome).toBe('fine')
  expect(lost([3, 7, 8])).toMatchObject({ outcome: 'inconclusive', why: 'missing-minutes' })
  expect(judged(goodMinutes(20).filter((_, at) => at < 5 || at > 9)).why).toBe('missing-minutes')
  expect(judged(goodMinutes(20, 4)).why).toBe('missing-minutes')
})

const ORDER: readonly [string, readonly Minute[]][] = [
  ['a minute twice', [...goodMinutes(20), minute(19)]],
  ['minutes out of order', [...goodMinutes(20)].reverse()],
  ['a minute before the step', [minute(-1), ...goodMinutes(20)]],
  ['half a minute', goodMinutes(20).map((one) => ({ ...one, until: one.from + MINUTE / 2 }))],
  ['no time at all', goodMinutes(20).map((one) => ({ ...one, from: Number.NaN }))],
]

test.each(ORDER)('%s cannot be believed, and nothing is made of it', (_, minutes) => {
  expect(judged(minutes)).toMatchObject({ outcome: 'inconclusive', why: 'out-of-order', numbers: null })
})

test('minutes of the future, steps that overlap and shares that are none are not believed', () => {
  const why = (steps: readonly AnalysisStep[], minutes: number) =>
    judgeAnalysis(steps, RULES, BEGAN + minutes * MINUTE).rates[0]!.why
  const whole = step(goodMinutes(20))

  expect(why([whole], 10)).toBe('out-of-order')
  expect(why([whole, { ...whole, began: BEGAN + 19 * MINUTE, minutes: goodMinutes(9, 20) }], 30)).toBe('out-of-order')
  expect(why([whole, { ...whole, began: BEGAN + 40 * MINUTE, minutes: [] }], 30)).toBe('out-of-order')
  for (const share of [-0.1, 1.1, 5, Number.NaN]) expect(why([{ ...whole, share }], 20)).toBe('out-of-order')
})

test('the margin is judged once: a canary that missed it does not try again until it gets lucky', () => {
  const unlucky = goodMinutes(10).map((one) => ({ ...one, events: { errors: counts(2, 19) } }))
  const missed = judged(unlucky)
  const later = judged([...unlucky, ...goodMinutes(200, 10)])

  expect(missed).toMatchObject({ outcome: 'inconclusive', why: 'margin-not-shown' })
  expect(later).toMatchObject({ outcome: 'inconclusive', why: 'margin-not-shown', decides: missed.decides })
  const close = judged(goodMinutes(10), { rates: [{ name: 'errors', better: 'lower', margin: 0.005 }] })
  expect(close.decides).toContain('min_requests of about 2578')
})

test('evidence of the steps before counts on, and two rates share the chance of a false alarm', () => {
  const bad = (at: number) => minute(at, { errors: counts(4, 19) })
  const first = step([0, 1, 2, 3].map(bad))
  const second = { share: 0.05, began: BEGAN + 4 * MINUTE, minutes: [4, 5, 6, 7].map(bad) }
  const at = (steps: readonly (typeof first)[], rates = RULES.rates) =>
    judgeAnalysis(steps, { ...RULES, rates }, BEGAN + 8 * MINUTE).rates[0]!

  const [one, both] = [at([first]).numbers!, at([first, second]).numbers!]
  expect(both.evidence).toBeCloseTo(one.evidence ** 2, 8)
  expect(both.totals.canary).toEqual({ events: 16, requests: 400 })
  expect(at([first, second], [...RULES.rates, { name: 'slow', better: 'lower', margin: 0.1 }]).numbers!.bound).toBe(40)
})

test('conversions are worse when they fall', () => {
  const rates = [{ name: 'sales', better: 'higher', margin: 0.02 } as const]
  const sold = (canary: number) =>
    goodMinutes(30).map((one) => ({
      ...one,
      requests: counts(1000, 1000),
      events: { sales: counts(canary, 100) },
    }))

  expect(judged(sold(50), { rates, minRequests: 10_000 }, 0.5).outcome).toBe('worse')
  expect(judged(sold(100), { rates, minRequests: 10_000 }, 0.5).outcome).toBe('fine')
  expect(judged(sold(200), { rates, minRequests: 10_000 }, 0.5).outcome).toBe('fine')
})

test('counts that the source has stretched are taken for what was seen', () => {
  const stretched = goodMinutes(12).map((one) => ({ ...one, requests: counts(400 / 3, 7600 / 3) }))
  const answer = judged(stretched, { extrapolation: 4 / 3 })

  expect(answer.numbers!.totals.canary.requests).toBeCloseTo(1200, 9)
  expect(answer.numbers!.totals.canary.events).toBeCloseTo(9, 9)
  expect(judged(goodMinutes(12), { extrapolation: 4 / 3 }).why).toBe('too-few-requests')
})

test('running totals become counts of the time between, and what was not known stays so', () => {
  const unknown: Reading = { is: 'unreachable', because: 'timeout' }

  expect(increaseBetween(counts(40, 900), counts(45, 1000))).toEqual(counts(5, 100))
  expect(increaseBetween(counts(40, 900), counts(45, 899))).toMatchObject({ is: 'shrunk', of: 'baseline' })
  expect(increaseBetween(unknown, counts(45, 1000))).toBe(unknown)
  expect(increaseBetween(counts(40, 900), unknown)).toBe(unknown)
})

test('rules under which an answer would mean nothing are refused, all at once', () => {
  const wrong = { alpha: 0, minRequests: Number.NaN, rates: [] }

  expect(() => judged(goodMinutes(3), wrong)).toThrow(
    'rules of the analysis: alpha must be over 0 and under 1; minRequests must be 1 or more; there must be a rate',
  )
  for (const margin of [0, 1, Number.NaN]) {
    expect(() => judged([], { rates: [{ name: 'errors', better: 'lower', margin }] })).toThrow(RangeError)
  }
  for (const extrapolation of [0.9, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => judged([], { extrapolation })).toThrow(RangeError)
  }
})

test('whatever becomes of the readings, fine is only said of minutes that are known', () => {
  const draws = drawsFor('any readings')
  const odd = SILENT.map(([, reading]) => reading)
  const any = (good: Reading) => (draws.uniform() < 0.2 ? odd[Math.floor(draws.uniform() * odd.length)]! : good)
  let fine = 0
  for (let run = 0; run < (DEEP ? 20_000 : 500); run++) {
    const minutes = goodMinutes(12).map((one) => ({
      ...one,
      requests: any(one.requests),
      events: { errors: any(one.events.errors!) },
    }))
    const { outcome, numbers } = judged(minutes)
    if (outcome !== 'fine') continue
    fine += 1
    expect(numbers!.minutes).toBeGreaterThanOrEqual(11)
    expect(numbers!.totals.canary.requests).toBeGreaterThanOrEqual(RULES.minRequests)
  }
  expect(fine).toBeGreaterThan(0)
})

test('over whole steps, equal canaries go on and are hardly ever called worse; doubled errors never go on unseen', () => {
  const draws = drawsFor('whole steps')
  const runs = DEEP ? 4000 : 200
  const outcomes = (ratio: number) => {
    const found = { worse: 0, fine: 0, inconclusive: 0 }
    for (let run = 0; run < runs; run++) found[judged(drawn(ratio)).outcome] += 1
    return found
  }
  const drawn = (ratio: number) =>
    Array.from({ length: 20 }, (_, at) => {
      const canary = binomial(draws, 4000, 0.05)
      const errors = counts(binomial(draws, canary, 0.01 * ratio), binomial(draws, 4000 - canary, 0.01))
      return minute(at, { requests: counts(canary, 4000 - canary), errors })
    })

  const [equal, doubled] = [outcomes(1), outcomes(2)]
  console.info(`of ${runs} equal ${JSON.stringify(equal)}, doubled ${JSON.stringify(doubled)}`)
  expect(equal.worse / runs).toBeLessThan(0.05)
  expect(equal.fine / runs).toBeGreaterThan(0.75)
  expect(doubled.fine / runs).toBeLessThan(0.1)
  expect(doubled.worse / runs).toBeGreaterThan(0.9)
})
