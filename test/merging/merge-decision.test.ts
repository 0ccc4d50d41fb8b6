import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupClash } from '../../src/merging/group-clash.ts'
import { decideMerge, type MergeFacts, whyRefused } from '../../src/merging/merge-decision.ts'
import { BASE, check, facts, HEAD } from './facts.ts'

const OTHER = 'd'.repeat(40)
const review = { id: 1, author: { id: 1, login: 'ann', isBot: false }, submittedAt: '', commit: HEAD, published: [] }

test('what passed is merged with the very head that was weighed, in the way that the policy says (S34)', () => {
  expect(decideMerge(facts())).toEqual({
    do: 'merge',
    sha: HEAD,
    method: 'squash',
    because: 'the policy says merge: {automatic: true}',
  })
})

const TABLE: readonly (readonly [string, MergeFacts, string, string])[] = [
  ['its head moved (S34, S36)', facts({ head: { ref: 'promote', sha: OTHER } }), 'weigh', 'its head has moved'],
  ['its base moved (S35)', facts({ base: { ref: 'main', sha: OTHER } }), 'weigh', 'main has moved'],
  ['it was retargeted (S35)', facts({ base: { ref: 'lax', sha: BASE } }), 'weigh', 'another branch'],
  ['it is closed', facts({ state: 'closed' }), 'nothing', 'it is closed'],
  ['somebody merged it', facts({ state: 'merged' }), 'nothing', 'it is merged'],
  ['it failed', facts({}, { status: 'failed' }), 'nothing', 'it is held'],
  ['it could not be decided', facts({}, { status: 'inconclusive' }), 'nothing', 'it is held'],
  ['nothing was judged (S29)', facts({}, { status: 'skipped' }), 'nothing', 'it is held'],
  ['its verdict expired', facts({}, { validUntil: '2026-11-18T12:00:00Z' }), 'weigh', 'expired'],
  ['its verdict’s end cannot be read', facts({}, { validUntil: 'soon' }), 'weigh', 'expired'],
  ['it promotes nothing', facts({}, { merge: null }), 'leave', 'promotes nothing'],
  [
    'the policy leaves it to people',
    facts({}, { merge: { automatic: false, method: 'merge', because: 'no policy says so' } }),
    'leave',
    'no policy says so',
  ],
  ['it is a draft', facts({ isDraft: true }), 'leave', 'draft'],
  ['it comes from a fork', facts({ isFork: true }), 'leave', 'fork'],
  ['it touches a workflow', facts({}, { touchesWorkflows: true }), 'leave', 'workflow'],
  ['the app may bypass the rules (S63)', facts({}, {}, { mayBypass: true }), 'leave', 'may bypass'],
  ['whether it may bypass cannot be told (S63)', facts({}, {}, { mayBypass: null }), 'leave', 'cannot be told'],
  [
    'somebody asked for changes',
    facts({ reviews: [{ ...review, state: 'changes-requested' }] }),
    'leave',
    'ann asked for changes',
  ],
  ['it is behind its base', facts({}, { mergeBase: OTHER }), 'leave', 'not up to date'],
  ['it conflicts', facts({ mergeability: 'conflicting' }), 'leave', 'conflicts'],
  ['GitHub has not decided', facts({ mergeability: 'unknown' }), 'wait', 'has not said'],
  ['no check stands on its head', facts({ checks: [] }), 'wait', 'does not stand'],
  ['its check is red', facts({ checks: [check({ conclusion: 'failure' })] }), 'wait', 'does not stand'],
  [
    'its check was let through unjudged (S29)',
    facts({ checks: [check({ conclusion: 'neutral' })] }),
    'wait',
    'does not stand',
  ],
  [
    'its check shows another verdict (S27)',
    facts({ checks: [check({ externalId: 'forged' })] }),
    'wait',
    'does not stand',
  ],
  [
    'a newer check is in progress',
    facts({ checks: [check(), check({ id: 2, status: 'in_progress', conclusion: null })] }),
    'wait',
    'does not stand',
  ],
  ['it waits in the queue', facts({ baseHasMergeQueue: true, isInMergeQueue: true }), 'wait', 'queue'],
  ['its base has a queue', facts({ baseHasMergeQueue: true }), 'enqueue', 'queue'],
]
for (const [name, given, action, because] of TABLE) {
  test(`nothing is merged when ${name}`, () => {
    const decision = decideMerge(given)
    expect(decision.do).toBe(action)
    expect(decision.because).toContain(because)
  })
}

test('an approval of a reviewer does not stand in the way', () => {
  expect(decideMerge(facts({ reviews: [{ ...review, state: 'approved' }] })).do).toBe('merge')
})

test('a refused merge is explained by what is so now, and waits for others where nothing else is wrong', () => {
  expect(whyRefused(facts())).toEqual({ do: 'wait', for: 'rules', because: 'other checks or rules of main hold it' })
  expect(whyRefused(facts({ baseHasMergeQueue: true }))).toMatchObject({ do: 'wait', for: 'rules' })
  expect(whyRefused(facts({ base: { ref: 'main', sha: OTHER } })).do).toBe('weigh')
  expect(whyRefused(facts({ head: { ref: 'promote', sha: OTHER } })).do).toBe('weigh')
  expect(whyRefused(facts({ mergeability: 'conflicting' })).do).toBe('leave')
  expect(whyRefused(facts({ state: 'merged' })).do).toBe('nothing')
})

/** What is right nine times of ten, so that merges and single obstacles are both met often. */
const mostly = <T>(right: T, ...wrong: readonly T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) })
const manual = { automatic: false, method: 'merge' as const, because: 'no' }

const anyFacts: fc.Arbitrary<MergeFacts> = fc.record({
  now: mostly('2026-11-18T12:00:00Z', 'never'),
  mayBypass: mostly<boolean | null>(false, true, null),
  pull: fc
    .record({
      state: mostly<'open' | 'closed' | 'merged'>('open', 'closed', 'merged'),
      isDraft: mostly(false, true),
      isFork: mostly(false, true),
      base: fc.record({ ref: mostly('main', 'lax'), sha: mostly(BASE, OTHER) }),
      head: fc.record({ ref: fc.constant('promote'), sha: mostly(HEAD, OTHER) }),
      mergeability: mostly<'mergeable' | 'unknown' | 'conflicting'>('mergeable', 'unknown', 'conflicting'),
      isInMergeQueue: fc.boolean(),
      baseHasMergeQueue: mostly(false, true),
      reviews: mostly<MergeFacts['pull']['reviews']>(
        [{ ...review, state: 'approved' }],
        [],
        [{ ...review, state: 'changes-requested' }],
      ),
      checks: mostly<MergeFacts['pull']['checks']>(
        [check()],
        [],
        [check({ conclusion: 'failure' })],
        [check({ externalId: null })],
      ),
    })
    .map((now) => facts(now).pull),
  weighed: fc
    .record({
      status: mostly<MergeFacts['weighed']['status']>('passed', 'failed', 'inconclusive', 'skipped'),
      validUntil: mostly<string | null>(null, '2026-11-18T11:59:00Z', '2026-11-19T00:00:00Z', 'x'),
      touchesWorkflows: mostly(false, true),
      mergeBase: mostly(BASE, OTHER),
      merge: mostly(facts().weighed.merge, null, manual),
    })
    .map((then) => facts({}, then).weighed),
})

test('whatever the facts, there is one decision, and a merge needs every one of them to be right', () => {
  let merges = 0
  fc.assert(
    fc.property(anyFacts, (given) => {
      const decision = decideMerge(given)
      const { pull, weighed } = given
      expect(['merge', 'enqueue', 'wait', 'leave', 'weigh', 'nothing']).toContain(decision.do)
      expect(decision.because).not.toBe('')
      expect(whyRefused(given).do).not.toMatch(/^(merge|enqueue)$/)
      const isRight =
        pull.state === 'open' &&
        !pull.isDraft &&
        !pull.isFork &&
        pull.head.sha === weighed.head &&
        pull.base.sha === weighed.base &&
        pull.base.ref === weighed.baseRef &&
        weighed.status === 'passed' &&
        weighed.merge?.automatic === true &&
        !weighed.touchesWorkflows &&
        weighed.mergeBase === weighed.base &&
        given.mayBypass === false &&
        (weighed.validUntil === null || Date.parse(given.now) < Date.parse(weighed.validUntil)) &&
        pull.checks.some(
          ({ conclusion, externalId }) => conclusion === 'success' && externalId === weighed.externalId,
        ) &&
        !pull.reviews.some(({ state }) => state === 'changes-requested') &&
        pull.mergeability !== 'conflicting'
      const isDirect = isRight && !pull.baseHasMergeQueue && pull.mergeability === 'mergeable'
      expect(decision.do === 'merge').toBe(isDirect)
      expect(decision.do === 'enqueue').toBe(isRight && pull.baseHasMergeQueue && !pull.isInMergeQueue)
      if (decision.do === 'merge') merges++
    }),
    { numRuns: 4000 },
  )
  expect(merges).toBeGreaterThan(200)
})

test('two promotions of one model and environment in a merge group clash, and both are named', () => {
  const one = { pull: 7, environment: 'production', model: 'churn', to: '1.4.0' }
  expect(groupClash([one, { ...one, pull: 8, to: '1.5.0' }])).toBe(
    'churn in production is promoted twice: #7 to 1.4.0, #8 to 1.5.0',
  )
  expect(groupClash([one, { ...one, pull: 8, environment: 'staging' }, { ...one, pull: 9, model: 'fraud' }])).toBe(null)
})
