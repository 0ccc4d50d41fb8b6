import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BudgetState, EMPTY_BUDGET, isOpen } from '../../src/ledger/budget-state.ts'
import { budgetText } from '../../src/ledger/documents.ts'
import type { Fact } from '../../src/ledger/fact.ts'
import { foldBudget, foldBudgetLine } from '../../src/ledger/fold-budget.ts'
import { beforeFirst, type Line, makeLine, readLine } from '../../src/ledger/line.ts'
import { signedText } from '../../src/ledger/signature.ts'
import type { EndConclusion } from '../../src/ledger/training-fact.ts'
import { correlationOf, dispatched, ended, fact, OUR_KEY, ofBudget } from '../adapters/ledger/ledger-world.ts'

interface Said {
  readonly fact: Fact
  readonly at?: string
  readonly by?: number
}

/** Lines without signatures: the fold looks at none. */
function linesOf(said: readonly Said[]): readonly Line[] {
  const form = makeLine(ofBudget(dispatched(1)), { seq: 0, digest: beforeFirst(42) }, OUR_KEY)
  return said.map(({ fact: one, at = '2026-11-21T10:00:00Z', by = 7 }, index) => ({
    ...form,
    seq: index + 1,
    fact: one,
    at,
    actorId: by,
  }))
}
const after = (...facts: readonly Fact[]) => foldBudget(EMPTY_BUDGET, linesOf(facts.map((one) => ({ fact: one }))))
const spentIn = ({ spent }: BudgetState) => spent.reduce((sum, row) => sum + row.gpu_seconds, 0)
const reservedIn = ({ runs }: BudgetState) => runs.filter(isOpen).reduce((sum, run) => sum + run.gpu_seconds, 0)

test('a dispatch reserves all that it may take, and its end replaces that by what it took', () => {
  const open = after(dispatched(1), dispatched(2, { gpu_seconds: 7200 }))
  expect([spentIn(open), reservedIn(open)]).toEqual([0, 10_800])

  const done = after(dispatched(1), dispatched(2, { gpu_seconds: 7200 }), ended(1))
  expect([spentIn(done), reservedIn(done)]).toEqual([1840, 7200])
  expect(done.spent).toEqual([
    { month: '2026-11', team: 'data-science', model: 'churn', account: 7, gpu_seconds: 1840, runs: 1 },
  ])
})

test('a run that goes on into the next month counts where it was reserved', () => {
  const budget = foldBudget(
    EMPTY_BUDGET,
    linesOf([
      { fact: dispatched(1), at: '2026-10-31T23:50:00Z' },
      { fact: ended(1), at: '2026-11-01T02:00:00Z' },
    ]),
  )
  expect(budget.spent).toMatchObject([{ month: '2026-10', gpu_seconds: 1840 }])
})

test('the first word about a dispatch and about its end counts, and an end without a dispatch is nothing', () => {
  const budget = after(
    ended(9),
    dispatched(1),
    dispatched(1, { gpu_seconds: 1 }),
    ended(1, { gpu_seconds: 100 }),
    ended(1, { gpu_seconds: 1, conclusion: 'lost' }),
    ended(1, { attempt: 2 }),
  )
  expect(budget.runs).toMatchObject([{ gpu_seconds: 3600, ended: { gpu_seconds: 100, conclusion: 'success' } }])
  expect(spentIn(budget)).toBe(100)
})

test('an ended run keeps what its follower needs, so that one killed after the end goes on', () => {
  const budget = after(dispatched(1), ended(1))
  expect(budget.runs).toMatchObject([
    {
      request: { parameters: { epochs: 20 } },
      issue: 12,
      comment: 7001,
      account: 7,
      ended: { run: 901 },
      registered: null,
    },
  ])
})

test('what was trained is found again by its identity, and gets its version when that is registered', () => {
  const registered: Fact = {
    kind: 'registered',
    correlation: correlationOf(1),
    model: 'churn',
    version: '1.5.0',
    digest: `sha256:${'a'.repeat(64)}`,
    commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    run: 901,
    attempt: 1,
    workflow: 'train.yml',
    pull: null,
  }
  const outcome = { identity: '0'.repeat(32), correlation: correlationOf(1), run: 901 }
  expect(after(dispatched(1), ended(1)).outcomes).toEqual([{ ...outcome, version: null }])
  expect(after(dispatched(1), ended(1), registered).outcomes).toEqual([{ ...outcome, version: '1.5.0' }])
  expect(after(dispatched(1), ended(1, { conclusion: 'failure' })).outcomes).toEqual([])
})

test('attempts after the first are no new wish of their user; only trainings that succeeded say how long one takes', () => {
  const budget = after(
    dispatched(1),
    ended(1, { conclusion: 'preempted' }),
    dispatched(1, { attempt: 2 }),
    ended(1, { attempt: 2 }),
    dispatched(2, { command: 'tune' }),
    ended(2),
  )
  expect(budget.asked).toEqual([{ day: '2026-11-21', account: 7, runs: 2 }])
  expect(budget.lasted).toMatchObject([{ model: 'churn', seconds: 1840 }])
})

test('a dispatch of a version that trained nothing yet is read, and folds nothing', () => {
  const text = signedText(
    {
      ...{ kind: 'dispatched', gpu_seconds: 60, format: 1, seq: 1, id: beforeFirst(1), at: '2026-11-21T10:00:00Z' },
      ...{ scope: 'budget', actor_id: 0, prev: beforeFirst(42) },
    },
    OUR_KEY,
  )
  expect(foldBudgetLine(EMPTY_BUDGET, readLine(text))).toEqual({ ...EMPTY_BUDGET, seq: 1 })
})

test('a dispatch that lacks what following needs is never written', () => {
  const { correlation: _, ...nameless } = dispatched(1)
  const write = (one: unknown) => makeLine(ofBudget(one as Fact), { seq: 0, digest: beforeFirst(42) }, OUR_KEY)
  expect(() => write(nameless)).toThrow('is no "dispatched": correlation')
  expect(() => write(dispatched(1, { gpu_seconds: Number.NaN }))).toThrow()
  expect(() => write(dispatched(1, { gpu_seconds: -1 }))).toThrow('gpu_seconds')
  expect(() => write(ended(1, { conclusion: 'fine' as EndConclusion }))).toThrow('conclusion')
})

test('a line of an environment is never folded into the budget', () => {
  const line = makeLine(fact(1), { seq: 0, digest: beforeFirst(42) }, OUR_KEY)
  expect(() => foldBudgetLine(EMPTY_BUDGET, line)).toThrow('line 1 does not belong to the budget')
  expect(foldBudget(EMPTY_BUDGET, [line])).toBe(EMPTY_BUDGET)
})

/** What may happen to eight correlations in any order: also what makes no sense, told twice or never dispatched. */
const CONCLUSIONS = ['success', 'failure', 'cancelled', 'preempted', 'timed-out', 'lost', 'refused'] as const
const anySaid: fc.Arbitrary<Said> = fc
  .record({
    number: fc.nat(7),
    attempt: fc.integer({ min: 1, max: 3 }),
    seconds: fc.nat(90_000),
    conclusion: fc.constantFrom(...CONCLUSIONS),
    isEnd: fc.boolean(),
    by: fc.integer({ min: 1, max: 3 }),
    month: fc.constantFrom('2026-10', '2026-11', '2026-12'),
    model: fc.constantFrom('churn', 'fraud'),
  })
  .map(({ number, attempt, seconds, conclusion, isEnd, by, month, model }) => ({
    fact: isEnd
      ? ended(number, { attempt, gpu_seconds: seconds, conclusion })
      : dispatched(number, { attempt, gpu_seconds: seconds, model }),
    by,
    at: `${month}-21T10:00:00Z`,
  }))

/** The same sum, run by run, without a fold. */
function sumOfRuns(said: readonly Said[]): { readonly spent: number; readonly reserved: number } {
  const runs = new Map<string, { reserved: number; took: number | null }>()
  for (const { fact: one } of said) {
    if (one.kind !== 'dispatched' && one.kind !== 'ended') continue
    const name = `${one.correlation}.${one.attempt}`
    const run = runs.get(name)
    if (one.kind === 'dispatched' && run === undefined) runs.set(name, { reserved: one.gpu_seconds, took: null })
    if (one.kind === 'ended' && run !== undefined) run.took ??= one.gpu_seconds
  }
  const all = [...runs.values()]
  return {
    spent: all.reduce((sum, { took }) => sum + (took ?? 0), 0),
    reserved: all.reduce((sum, { reserved, took }) => sum + (took === null ? reserved : 0), 0),
  }
}

test('the sum of the ledger is the sum of the runs, whatever happened in whatever order', () => {
  fc.assert(
    fc.property(fc.array(anySaid, { maxLength: 80 }), (said) => {
      const budget = foldBudget(EMPTY_BUDGET, linesOf(said))
      expect({ spent: spentIn(budget), reserved: reservedIn(budget) }).toEqual(sumOfRuns(said))
    }),
    { numRuns: 200 },
  )
})

test('folding the budget again from any prefix, in any order, or twice, gives the same state', () => {
  fc.assert(
    fc.property(fc.array(anySaid, { maxLength: 40 }), fc.nat(), (said, cut) => {
      const lines = linesOf(said)
      const whole = foldBudget(EMPTY_BUDGET, lines)
      const prefix = foldBudget(EMPTY_BUDGET, lines.slice(0, cut % (lines.length + 1)))
      expect(foldBudget(prefix, lines)).toEqual(whole)
      expect(foldBudget(EMPTY_BUDGET, [...lines].reverse())).toEqual(whole)
      expect(foldBudget(whole, lines)).toBe(whole)
    }),
    { numRuns: 60 },
  )
})

const bytesOf = (state: BudgetState) =>
  Buffer.byteLength(budgetText({ ledger: 42, state, part: { name: '2026-11', digest: beforeFirst(1) } }, OUR_KEY))

test('the state stays far below what GitHub gives back, and its sum stays whole, after 3,000 of the largest lines', () => {
  const long = (letter: string, length: number) => letter.repeat(length)
  const said = Array.from({ length: 3000 }, (_, number): Said => {
    const isEnd = number % 3 === 2
    const model = `${number}-`.padEnd(63, 'm')
    const at = `${2020 + Math.floor(number / 600)}-11-${String(1 + (number % 28)).padStart(2, '0')}T10:00:00Z`
    const by = 4_000_000_000_000 + number
    if (isEnd) return { fact: ended(number - 1, { run: 4_000_000_000_000, because: long('\u0001', 2000) }), at, by }
    const text = number % 100 === 0 ? long('ü', 25_000) : long('ü', 900)
    const runner = Array.from({ length: 10 }, () => long('r', 255))
    const team = `${number}`.padEnd(100, 'ü')
    const request = { format: 1, command: 'train', parameters: { text } }
    return { fact: dispatched(number, { model, team, runner, workflow: long('w', 100), request }), at, by }
  })
  const lines = linesOf(said)
  let budget = EMPTY_BUDGET
  let largest = 0
  for (const [index, line] of lines.entries()) {
    budget = foldBudgetLine(budget, line)
    if (index % 50 === 0) largest = Math.max(largest, bytesOf(budget))
  }
  console.info(`the largest budget has ${largest} bytes; ${budget.runs.length} runs, ${budget.spent.length} rows`)
  expect(largest).toBeLessThan(450_000)
  // 1,000 ended well; of 1,000 that never did, those that had to be forgotten have taken all that they might
  expect(spentIn(budget) + reservedIn(budget)).toBe(1000 * 1840 + 1000 * 3600)
})
