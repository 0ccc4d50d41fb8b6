import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_BUDGET, isOpen } from '../../src/ledger/budget-state.ts'
import type { EndConclusion } from '../../src/ledger/training-fact.ts'
import { budgetLimits, judgeBudget, reservedSeconds, secondsTaken } from '../../src/training/budget.ts'
import {
  dispatchedFact,
  requestInputs,
  requestOf,
  resumedRequest,
  tuneRequest,
} from '../../src/training/build-request.ts'
import { decideDispatch, decideEnd, mayResume } from '../../src/training/decide-dispatch.ts'
import { estimateRun, trialLimitMinutes } from '../../src/training/estimate.ts'
import { earlierTraining } from '../../src/training/identity.ts'
import {
  correlationOf,
  dispatched,
  ended,
  inMemory,
  ofBudget,
  openLedgerWorld,
} from '../adapters/ledger/ledger-world.ts'
import { budgetAfter, LIMITS, NOON, SHA, wish } from './training-world.ts'

const HOUR = 3600
const refusal = (decision: ReturnType<typeof decideDispatch>) =>
  'refused' in decision && decision.refused.is === 'over-budget' ? decision.refused.says : []
const spentHours = (hours: number, number = 50) => [
  ofBudget(dispatched(number, { gpu_seconds: hours * HOUR })),
  ofBudget(ended(number, { gpu_seconds: hours * HOUR, conclusion: 'failure' })),
]

test('a run that would go over the month is refused with the numbers', () => {
  const budget = budgetAfter(...spentHours(186.4), ofBudget(dispatched(51, { gpu_seconds: 12 * HOUR })))

  expect(refusal(decideDispatch(budget, wish(1)))).toEqual([
    '198.4 of 200 GPU hours of November are spent or reserved; this run may take 12',
  ])
})

test('a run that just fits is dispatched, and the next one is not', () => {
  const budget = budgetAfter(...spentHours(188))
  const decision = decideDispatch(budget, wish(1))
  expect(decision).toMatchObject([{ scope: 'budget', actorId: 7, fact: { gpu_seconds: 12 * HOUR } }])

  const after = budgetAfter(...spentHours(188), ...(decision as []))
  expect(refusal(decideDispatch(after, wish(2)))).toHaveLength(1)
})

test("a team's own budget holds beside everybody's, and both reasons are told", () => {
  const limits = { ...LIMITS, team: { name: 'data-science', hoursPerMonth: 10 } }
  const budget = budgetAfter(...spentHours(190))

  expect(refusal(decideDispatch(budget, wish(1, { limits })))).toEqual([
    '190 of 200 GPU hours of November are spent or reserved; this run may take 12',
    '190 of 10 GPU hours of November of data-science are spent or reserved; this run may take 12',
  ])
  const other = budgetAfter(ofBudget(dispatched(1, { team: 'fraud-desk', gpu_seconds: 9 * HOUR })))
  expect(secondsTaken(other, { month: '2026-11', team: 'data-science' })).toBe(0)
})

test('last month is forgotten on the first', () => {
  const budget = budgetAfter(...spentHours(200))
  expect(decideDispatch(budget, wish(1, { at: '2026-12-01T00:00:00Z' }))).toHaveLength(1)
})

test('an open run counts in the month in which it was dispatched, and never against itself', () => {
  const open = ofBudget(dispatched(1, { gpu_seconds: 12 * HOUR }), { at: '2026-11-30T23:00:00Z' })
  const budget = budgetAfter(open)
  expect(secondsTaken(budget, { month: '2026-11', team: null })).toBe(12 * HOUR)
  expect(secondsTaken(budget, { month: '2026-12', team: null })).toBe(0)
  expect(secondsTaken(budget, { month: '2026-11', team: null, but: dispatched(1) })).toBe(0)
  expect(secondsTaken(budget, { month: '2026-11', team: null, but: dispatched(1, { attempt: 2 }) })).toBe(12 * HOUR)
})

test('a command is not held up by the run that it started itself', () => {
  const budget = budgetAfter(...(decideDispatch(EMPTY_BUDGET, wish(1)) as []))
  const identity = wish(1).fact.identity ?? ''
  expect(earlierTraining(budget, identity, correlationOf(1))).toBeNull()
  expect(earlierTraining(budget, identity, correlationOf(2))).toMatchObject({ is: 'running' })
})

test('four runs are open: the fifth waits, and hears which they are', () => {
  const budget = budgetAfter(...[1, 2, 3, 4].map((number) => ofBudget(dispatched(number))))

  expect(refusal(decideDispatch(budget, wish(5)))).toEqual([
    `4 of 4 runs are open: ${[1, 2, 3, 4].map((number) => `churn ${correlationOf(number)}`).join(', ')}`,
  ])
})

test('a resumption opens no run more and is no new wish, but it is paid for', () => {
  const full = [1, 2, 3].map((number) => ofBudget(dispatched(number)))
  const first = wish(4)
  const before = budgetAfter(...full, ...(decideDispatch(budgetAfter(...full), first) as []))
  const lost = decideEnd(before, ended(4, { conclusion: 'preempted' }), NOON)
  const request = resumedRequest(requestOf(first.fact) as never, 's3://acme-models/registry/churn/checkpoints/a')
  const again = wish(4, { request, fact: dispatchedFact(request, first.fact) })

  const budget = budgetAfter(
    ...full,
    ...(decideDispatch(budgetAfter(...full), first) as []),
    ...lost,
    ofBudget(dispatched(9)),
  )
  expect(decideDispatch(budget, again)).toMatchObject([
    { fact: { attempt: 2, request: { resume_from: expect.any(String) } } },
  ])
  expect(refusal(decideDispatch(budget, { ...again, limits: { ...LIMITS, hoursPerMonth: 1 } }))).toHaveLength(1)
})

test('what is dispatched already is dispatched no second time', () => {
  const decision = decideDispatch(EMPTY_BUDGET, wish(1))
  expect(decideDispatch(budgetAfter(...(decision as [])), wish(1))).toEqual([])
})

test('the same code, data, parameters and seed are not trained twice unless asked: the earlier run is offered', () => {
  const first = decideDispatch(EMPTY_BUDGET, wish(1)) as []
  const same = { ...wish(1), fact: { ...wish(1).fact, correlation: correlationOf(2) } }

  expect(decideDispatch(budgetAfter(...first), same)).toMatchObject({
    refused: { is: 'trained-before', earlier: { is: 'running', run: { correlation: correlationOf(1) } } },
  })
  const done = budgetAfter(...first, ofBudget(ended(1)))
  expect(decideDispatch(done, same)).toEqual({
    refused: {
      is: 'trained-before',
      earlier: { is: 'trained', correlation: correlationOf(1), run: 901, version: null },
    },
  })
  expect(decideDispatch(done, { ...same, again: true })).toHaveLength(1)
  const failed = budgetAfter(...first, ofBudget(ended(1, { conclusion: 'failure' })))
  expect(decideDispatch(failed, same)).toHaveLength(1)
})

test('100 /train by one user in a minute: 20 runs at most, and the quota is said (S49)', async () => {
  const world = openLedgerWorld(inMemory())
  const limits = { ...LIMITS, hoursPerMonth: null, parallelRuns: 50 }

  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, number) =>
      world.open().appendBudget((budget) => decideDispatch(budget, wish(number + 1, { limits }))),
    ),
  )

  expect(answers.filter(({ is }) => is === 'appended')).toHaveLength(20)
  expect(answers.find(({ is }) => is === 'refused')).toMatchObject({
    refused: { says: ['you asked for 20 of 20 runs today; the day ends at 00:00 UTC'] },
  })
  expect(await world.lines()).toHaveLength(20)
}, 60_000)

test('the configuration gives the limits, and what it leaves out has a default', () => {
  expect(budgetLimits({}, 'data-science')).toEqual({ ...LIMITS, hoursPerMonth: null })
  const training = {
    ...{ gpu_hours_per_month: 200, gpu_hours_per_run: 3, parallel_runs: 2, runs_per_user_per_day: 5 },
    budgets: [{ team: 'data-science', gpu_hours_per_month: 40 }],
  }
  expect(budgetLimits({ training }, 'data-science')).toEqual({
    ...{ hoursPerMonth: 200, hoursPerRun: 3, parallelRuns: 2, parallelTrials: 256, runsPerUserPerDay: 5 },
    team: { name: 'data-science', hoursPerMonth: 40 },
  })
  expect(budgetLimits({ training }, null).team).toBeNull()
})

test('earlier runs say how long the next one takes, and how close a trial is watched', () => {
  const facts = [1260, 1500, 2040, 1300, 1400, 1700].flatMap((seconds, number) => [
    ofBudget(dispatched(number)),
    ofBudget(ended(number, { gpu_seconds: seconds })),
  ])
  const estimate = estimateRun(budgetAfter(...facts), 'churn')

  expect(estimate?.says).toBe('the last 5 runs of churn took 22 to 34 minutes')
  expect(trialLimitMinutes(LIMITS, estimate)).toBe(102)
  expect(trialLimitMinutes(LIMITS, null)).toBe(720)
  expect(estimateRun(budgetAfter(...facts), 'fraud')).toBeNull()
})

test('a search reserves every trial, and one that is too long to be sent is refused with a way out', () => {
  const frame = {
    ...{ correlation: correlationOf(1), attempt: 1, model: 'churn', sha: SHA, runner: 'gpu' },
    ...{ limitMinutes: 30, artifacts: 's3://acme-models/registry' },
  }
  const trial = (text: string) => (_: unknown, index: number) => ({
    ...{ trial: index, parameters: { text }, seed: 1, resume_from: null },
  })
  const request = tuneRequest(frame, {
    rung: 0,
    metric: 'roc_auc',
    parallel: 99,
    trials: Array.from({ length: 16 }, trial('x')),
  })
  expect(reservedSeconds(request)).toBe(16 * 30 * 60)
  expect(request.parallel).toBe(16)
  expect(requestInputs(request)).toMatchObject({ is: 'sendable', inputs: { correlation: `${correlationOf(1)}.1` } })

  const long = tuneRequest(frame, {
    rung: 0,
    metric: 'roc_auc',
    parallel: 4,
    trials: Array.from({ length: 256 }, trial('x'.repeat(300))),
  })
  expect(requestInputs(long)).toMatchObject({ is: 'refused', mend: 'Ask for fewer trials.' })
})

const CONCLUSIONS: readonly EndConclusion[] = [
  'success',
  'failure',
  'cancelled',
  'preempted',
  'timed-out',
  'lost',
  'refused',
]

test('whatever is asked for and however runs end, a month is never overspent, nor more open than may be', () => {
  const anyStep = fc.record({
    number: fc.nat(12),
    isEnd: fc.boolean(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    conclusion: fc.constantFrom(...CONCLUSIONS),
    account: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const facts: ReturnType<typeof ofBudget>[] = []
      const limits = { ...LIMITS, hoursPerMonth: 40, parallelRuns: 3, runsPerUserPerDay: 4 }
      for (const { number, isEnd, share, conclusion, account } of steps) {
        const budget = budgetAfter(...facts)
        const decided = isEnd
          ? decideEnd(budget, ended(number, { conclusion, gpu_seconds: Math.floor(share * 12 * HOUR) }), NOON)
          : decideDispatch(budget, wish(number, { account, limits }))
        if (!('refused' in decided)) facts.push(...decided)
      }
      const budget = budgetAfter(...facts)
      expect(secondsTaken(budget, { month: '2026-11', team: null })).toBeLessThanOrEqual(40 * HOUR)
      expect(budget.runs.filter(isOpen).length).toBeLessThanOrEqual(3)
      expect(Math.max(0, ...budget.asked.map(({ runs }) => runs))).toBeLessThanOrEqual(4)
    }),
    { numRuns: 40 },
  )
})

test('a run that asks for longer than one may take is refused', () => {
  const { request } = wish(1)
  const asked = { ...wish(1).fact, account: 7, gpuSeconds: 1, at: NOON }
  expect(judgeBudget(EMPTY_BUDGET, { ...LIMITS, hoursPerRun: 1 }, { ...asked, request })).toEqual({
    is: 'refused',
    says: ['it may run for 12 GPU hours; 1 at most'],
  })
})

test('what is open may fill the memory of the ledger: then one waits, and every open run can still be followed', () => {
  const text = 'ü'.repeat(24_000)
  const large = (number: number) => ofBudget(dispatched(number, { request: { parameters: { text } } }))
  const limits = { ...LIMITS, hoursPerMonth: null, parallelRuns: 50 }
  const budget = budgetAfter(large(2), large(3))

  expect(decideDispatch(budget, wish(1, { limits }))).toHaveLength(1)
  expect(refusal(decideDispatch(budgetAfter(large(2), large(3), large(4)), wish(1, { limits })))).toEqual([])
  const full = budgetAfter(
    large(2),
    large(3),
    large(4),
    ofBudget(dispatched(5, { request: { parameters: { text: text.slice(0, 5000) } } })),
  )
  expect(refusal(decideDispatch(full, wish(1, { limits })))).toEqual([
    'what is open now fills the memory of the ledger; wait until a run has ended',
  ])
  expect(full.runs.every(({ request }) => request !== null)).toBe(true)
})

test('the largest request that is sent fits into one line of the ledger, with the largest plan', () => {
  const { request } = wish(1)
  const { correlation, attempt, model, sha } = request
  const runner = Array.from({ length: 10 }, () => 'r'.repeat(255))
  const frame = {
    correlation,
    attempt,
    model,
    sha,
    runner,
    limitMinutes: 30,
    artifacts: `s3://acme/${'a'.repeat(900)}`,
  }
  const trialsOf = (length: number) =>
    Array.from({ length: 256 }, (_, trial) => ({
      trial,
      parameters: { text: 'x'.repeat(length) },
      seed: 1,
      resume_from: null,
    }))
  const of = (length: number) =>
    tuneRequest(frame, { rung: 0, metric: 'roc_auc', parallel: 4, trials: trialsOf(length) })
  const longest = Array.from({ length: 300 }, (_, length) => of(length)).findLast(
    (one) => requestInputs(one).is === 'sendable',
  )
  const by = { ...wish(1).fact, search: { plan: 'x'.repeat(8000) }, workflow: 'w'.repeat(100), team: 't'.repeat(100) }

  expect(longest).toBeDefined()
  expect(budgetAfter(ofBudget(dispatchedFact(longest ?? of(0), by))).runs).toHaveLength(1)
})

test('a search that cannot be paid for to its last rung is not begun', () => {
  const budget = budgetAfter(...spentHours(150))
  expect(decideDispatch(budget, wish(1))).toHaveLength(1)
  expect(refusal(decideDispatch(budget, wish(1, { wholeSeconds: 60 * HOUR })))).toEqual([
    '150 of 200 GPU hours of November are spent or reserved; this run may take 60',
  ])
})

test('a training is resumed until three attempts in a row were preempted', () => {
  const attempts = (...conclusions: readonly EndConclusion[]) =>
    conclusions.flatMap((conclusion, index) => [
      ofBudget(dispatched(1, { attempt: index + 1 })),
      ofBudget(ended(1, { attempt: index + 1, conclusion })),
    ])
  const may = (...conclusions: readonly EndConclusion[]) =>
    mayResume(budgetAfter(...attempts(...conclusions)), correlationOf(1))

  expect(may('preempted', 'preempted')).toBe(true)
  expect(may('preempted', 'preempted', 'preempted')).toBe(false)
  expect(may('preempted', 'preempted', 'success', 'preempted')).toBe(true)
})
