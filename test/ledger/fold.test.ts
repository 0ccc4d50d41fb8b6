import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyState, type Fact, type LedgerState } from '../../src/ledger/fact.ts'
import { foldLine, foldLines } from '../../src/ledger/fold.ts'
import { beforeFirst, type Line, makeLine } from '../../src/ledger/line.ts'
import { CHURN, deployed, fact, OUR_KEY, quarantine } from '../adapters/ledger/ledger-world.ts'

const EMPTY = emptyState('production', 'churn')

/** Lines without signatures: the fold looks at none. */
function linesOf(facts: readonly Fact[]): readonly Line[] {
  const [form] = [makeLine(fact(1), { seq: 0, digest: beforeFirst(42) }, OUR_KEY)]
  return facts.map((one, index) => ({
    ...form,
    seq: index + 1,
    fact: one,
    at: `2026-11-${String((index % 28) + 1).padStart(2, '0')}T10:00:00Z`,
  }))
}
const stateAfter = (...facts: readonly Fact[]): LedgerState => foldLines(EMPTY, linesOf(facts))
const verified = (version: string): Fact => ({
  kind: 'verified',
  version,
  digest: `sha256:${version}`,
  commit: `commit of ${version}`,
})
const unweighed = (version: string | null, status: 'passed' | 'failed' = 'failed'): Fact => ({
  kind: 'unweighed',
  version,
  commit: `commit of ${version}`,
  pull: null,
  status,
  because: 'an administrator merged it',
})

const anyVersion = fc.constantFrom('1.0.0', '1.1.0', '1.2.0')
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(anyVersion, fc.boolean()).map(([version, weighed]) => deployed(version, { weighed })),
  anyVersion.map(verified),
  fc
    .tuple(fc.option(anyVersion), fc.constantFrom('passed' as const, 'failed' as const))
    .map(([version, status]) => unweighed(version, status)),
  anyVersion.map(quarantine),
  anyVersion.map((version): Fact => ({ kind: 'released', digest: `sha256:${version}`, reason: 'fixed' })),
  fc.constant<Fact>({ kind: 'frozen', until: null, reason: 'audit' }),
  fc.constant<Fact>({ kind: 'unfrozen', reason: 'done' }),
  fc.integer({ min: 1, max: 3 }).map((pull): Fact => ({ kind: 'held', pull, reason: 'wait' })),
  fc.integer({ min: 1, max: 3 }).map((pull): Fact => ({ kind: 'unheld', pull, reason: 'go' })),
  anyVersion.map((version): Fact => ({ kind: 'looked', version, evaluation: 'sha256:exam', artifact: version })),
  anyVersion.map(
    (gate): Fact => ({
      kind: 'waived',
      gate,
      evidence_key: 'k',
      until: '2026-12-01T00:00:00Z',
      role: 'approver',
      reason: 'r',
    }),
  ),
  fc.constant<Fact>({ kind: 'erased', uri: 's3://x', digest: 'd' }),
)

test('folding again from any prefix, in any order, or twice, gives the same state', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 30 }), fc.nat(), (facts, cut) => {
      const lines = linesOf(facts)
      const whole = foldLines(EMPTY, lines)
      const prefix = foldLines(EMPTY, lines.slice(0, cut % (lines.length + 1)))
      expect(foldLines(prefix, lines)).toEqual(whole)
      expect(foldLines(EMPTY, [...lines].reverse())).toEqual(whole)
      expect(foldLines(whole, lines)).toBe(whole)
    }),
  )
})

test('an opposite without its fact is no error and changes nothing', () => {
  expect(
    stateAfter(
      { kind: 'unfrozen', reason: '' },
      { kind: 'released', digest: 'x', reason: '' },
      { kind: 'unheld', pull: 1, reason: '' },
    ),
  ).toEqual({ ...EMPTY, seq: 3 })
})

test('a line of another model is never folded in', () => {
  const line = { ...linesOf([quarantine('1.0.0')])[0]!, scope: { ...CHURN, model: 'fraud' } }
  expect(() => foldLine(EMPTY, line)).toThrow('line 1 does not belong to production/churn')
})

test('a kind that is not known moves the state on and nothing else', () => {
  expect(stateAfter({ kind: 'teleported' } as never)).toEqual({ ...EMPTY, seq: 1 })
})

test('the newest word on a digest holds, under whichever version name', () => {
  const again = { ...quarantine('1.0.0'), version: '2.0.0', reason: 'again' } as Fact
  expect(stateAfter(quarantine('1.0.0'), again).quarantined).toEqual([
    { digest: 'sha256:1.0.0', version: '2.0.0', until: null, reason: 'again', by: 7 },
  ])
  expect(stateAfter(quarantine('1.0.0'), { kind: 'released', digest: 'sha256:1.0.0', reason: '' }).quarantined).toEqual(
    [],
  )
})

test('a landing without a verdict stays until it passes, or until another version stands there', () => {
  const landing = [deployed('1.1.0', { weighed: false }), unweighed('1.1.0')]
  expect(stateAfter(...landing)).toMatchObject({ unweighed: [{ version: '1.1.0' }], deployed: [{ weighed: false }] })
  expect(stateAfter(...[...landing].reverse())).toMatchObject({ unweighed: [{ version: '1.1.0' }] })
  expect(stateAfter(...landing, unweighed('1.1.0', 'passed'))).toMatchObject({
    unweighed: [],
    deployed: [{ weighed: true }],
  })
  expect(stateAfter(...landing, deployed('1.0.0')).unweighed).toEqual([])
  expect(stateAfter(unweighed(null), deployed('1.0.0', { weighed: false })).unweighed).toHaveLength(1)
  expect(stateAfter(unweighed(null), deployed('1.0.0')).unweighed).toEqual([])
})

test('a merged pull request has nothing left to hold', () => {
  const decided = { kind: 'decided', pull: 3, status: 'passed' } as Fact
  expect(
    stateAfter({ kind: 'held', pull: 3, reason: '' }, { kind: 'held', pull: 4, reason: '' }, decided).held,
  ).toMatchObject([{ pull: 4 }])
})

test('verified belongs to the deployment of its commit, else to the newest of its digest', () => {
  const state = stateAfter(
    deployed('1.0.0'),
    deployed('1.1.0'),
    deployed('1.0.0', { commit: 'again' }),
    verified('1.0.0'),
  )
  expect(state.deployed.map((one) => one.verified)).toEqual([true, false, false])
  expect(
    stateAfter(deployed('1.0.0', { commit: 'a' }), deployed('1.0.0', { commit: 'b' }), verified('1.0.0')).deployed.map(
      (one) => one.verified,
    ),
  ).toEqual([false, true])
})

test('after a thousand deployments the newest 200 are kept, and what could be rolled back to', () => {
  const flapping = Array.from({ length: 1000 }, (_, index) =>
    deployed(index % 2 === 0 ? '2.0.0' : '2.1.0', { weighed: false, commit: `c${index}` }),
  )
  const state = stateAfter(deployed('1.0.0'), verified('1.0.0'), deployed('1.1.0'), ...flapping)

  expect(state.deployed).toHaveLength(200)
  expect(state.deployed.slice(0, 2)).toMatchObject([
    { version: '1.0.0', verified: true },
    { version: '1.1.0', weighed: true },
  ])
  expect(state.deployed.at(-1)).toMatchObject({ commit: 'c999' })
})

const DECIDED: Fact = {
  kind: 'decided',
  pull: 7,
  head: 'head',
  base: 'base',
  merge_commit: 'landed here',
  merged_by: 1,
  evidence_key: 'mine',
  policy_digest: 'policy',
  status: 'passed',
  verdict: 'verdict',
  approvals: [],
}

test('a waiver outlives the merge of the evidence that it is for, and says with which commit that landed', () => {
  const waived = (evidence_key: string): Fact => ({
    kind: 'waived',
    gate: 'metrics',
    evidence_key,
    until: '2026-12-01T00:00:00Z',
    role: 'approver',
    reason: 'labels',
  })
  const { waived: kept } = stateAfter(waived('mine'), waived('another'), DECIDED)

  expect(kept.map(({ evidence_key, landed }) => [evidence_key, landed])).toEqual([
    ['mine', 'landed here'],
    ['another', undefined],
  ])
})

test('a waiver of what has landed already, said anew, is of that landing too', () => {
  const waived = (until: string): Fact => {
    return { kind: 'waived', gate: 'metrics', evidence_key: 'mine', until, role: 'approver', reason: 'labels' }
  }

  const { waived: kept } = stateAfter(waived('2026-12-01T00:00:00Z'), DECIDED, waived('2027-01-01T00:00:00Z'))

  expect(kept).toMatchObject([{ until: '2027-01-01T00:00:00Z', landed: 'landed here' }])
})
