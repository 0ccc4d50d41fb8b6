import { expect, test } from 'vitest'
import { FACT_SCHEMAS } from '../../src/ledger/fact-schema.ts'
import { decideLanded, type LandedPromotion, type LandedQuestion } from '../../src/merging/landing.ts'
import { landingComment, landingIssues } from '../../src/merging/landing-messages.ts'
import type { LandedCommit } from '../../src/ports/git-host.ts'

const KEY = 'c'.repeat(64)
const SHA = 'f'.repeat(40)
const promotion: LandedPromotion = {
  environment: 'production',
  model: 'churn',
  from: '1.3.0',
  to: '1.4.0',
  kind: 'promotion',
  artifactDigest: 'sha256:new',
  fromDigest: 'sha256:old',
  evaluationDigest: 'sha256:exam',
}
const landed = (pull: Partial<LandedCommit['pulls'][number]> = {}): LandedCommit => ({
  sha: SHA,
  parents: ['a'.repeat(40)],
  landedAt: '2026-11-18T12:00:00Z',
  pulls: [
    {
      number: 7,
      headSha: 'b'.repeat(40),
      baseRef: 'main',
      mergeCommit: SHA,
      mergedBy: { id: 1, login: 'ann', isBot: false },
      author: null,
      ...pull,
    },
  ],
})
const weighed = (more: Partial<LandedQuestion['weighed']> = {}): LandedQuestion['weighed'] => ({
  status: 'passed',
  because: '6 gates passed.',
  evidenceKey: KEY,
  policyDigest: 'p'.repeat(64),
  verdict: 'sha256:document',
  changes: [],
  promotions: [promotion],
  retired: [],
  ...more,
})
const question = (more: Partial<LandedQuestion> = {}): LandedQuestion => ({
  landed: landed(),
  weighed: weighed(),
  published: { conclusion: 'success', evidenceKey: KEY, completedAt: '2026-11-18T11:50:00Z' },
  approvals: [{ review: 101, by: 1 }],
  bots: [99],
  now: '2026-11-18T12:00:10Z',
  ...more,
})
const kinds = (of: LandedQuestion) => decideLanded(of).facts.map(({ fact }) => fact.kind)
const factOf = (of: LandedQuestion, kind: string) => decideLanded(of).facts.find(({ fact }) => fact.kind === kind)?.fact

test('a merge of exactly what was weighed is decided, deployed and looked at, once', () => {
  const landing = decideLanded(question())
  expect(landing.is).toBe('weighed')
  expect(kinds(question())).toEqual(['decided', 'deployed', 'looked'])
  expect(factOf(question(), 'decided')).toMatchObject({
    pull: 7,
    merge_commit: SHA,
    merged_by: 1,
    evidence_key: KEY,
    status: 'passed',
    approvals: [{ review: 101, by: 1 }],
  })
  expect(factOf(question(), 'deployed')).toMatchObject({
    version: '1.4.0',
    digest: 'sha256:new',
    from: '1.3.0',
    weighed: true,
  })
  expect(landingIssues(landing)).toEqual([])
  expect(landingComment(landing)).toBe(null)
})

test('telling it again, later, causes nothing new; another commit does', () => {
  const causes = (of: LandedQuestion) => decideLanded(of).facts.map(({ cause }) => cause)
  expect(causes(question({ now: '2026-11-19T00:00:00Z' }))).toEqual(causes(question()))
  const other = question({ landed: { ...landed({ mergeCommit: 'e'.repeat(40) }), sha: 'e'.repeat(40) } })
  expect(causes(other)[0]).not.toBe(causes(question())[0])
  expect(causes(other).at(-1)).toBe(causes(question()).at(-1))
})

const success = { conclusion: 'success', evidenceKey: KEY, completedAt: '2026-11-18T11:50:00Z' }
const UNWEIGHED: readonly (readonly [string, Partial<LandedQuestion>, string])[] = [
  ['a push past every pull request', { landed: { ...landed(), pulls: [] } }, 'it was pushed'],
  [
    'a commit that is no merge of its pull request',
    { landed: landed({ mergeCommit: 'e'.repeat(40) }) },
    'it was pushed',
  ],
  ['a merge without a check', { published: null }, 'no verdict of ours'],
  ['a merge over our red check', { published: { ...success, conclusion: 'failure' } }, 'our verdict held it'],
  ['a merge over an open check', { published: { ...success, conclusion: 'action_required' } }, 'our verdict held it'],
  [
    'a merge over a check that somebody let through (S29)',
    { published: { ...success, conclusion: 'neutral' } },
    'our verdict held it',
  ],
  [
    'a merge on a base that had moved (S35)',
    { published: { ...success, evidenceKey: 'd'.repeat(64) } },
    'not what was weighed',
  ],
  ['a merge over a check without a key', { published: { ...success, evidenceKey: null } }, 'not what was weighed'],
  ['a merge before its check', { published: { ...success, completedAt: '2026-11-18T12:00:01Z' } }, 'came after'],
]
for (const [name, more, because] of UNWEIGHED) {
  test(`${name} is recorded as unweighed, opens an issue, and is no known good until it has passed`, () => {
    const held = question({ ...more, weighed: weighed({ status: 'failed' }) })
    const landing = decideLanded(held)
    expect(landing.is).toBe('unweighed')
    expect(landing.because).toContain(because)
    expect(factOf(held, 'unweighed')).toMatchObject({ version: '1.4.0', status: 'failed' })
    expect(factOf(held, 'deployed')).toMatchObject({ weighed: false })
    expect(factOf(held, 'decided')).toBe(undefined)
    expect(landingIssues(landing)).toMatchObject([{ title: 'churn in production changed without a verdict' }])
    expect(factOf(question(more), 'deployed')).toMatchObject({ weighed: true })
    expect(factOf(question(more), 'unweighed')).toMatchObject({ status: 'passed' })
  })
}

test('a rollback by hand is recorded, the version left is quarantined, and nothing is undone', () => {
  const back = weighed({
    status: 'inconclusive',
    promotions: [{ ...promotion, kind: 'rollback', from: '1.4.0', to: '1.3.0' }],
  })
  const pushed = question({ weighed: back, landed: { ...landed(), pulls: [] }, published: null })
  const landing = decideLanded(pushed)
  expect(landing.is).toBe('by-hand')
  expect(kinds(pushed)).toEqual(['deployed', 'quarantined'])
  expect(factOf(pushed, 'deployed')).toMatchObject({ by_hand: true, version: '1.3.0' })
  expect(factOf(pushed, 'quarantined')).toMatchObject({
    digest: 'sha256:old',
    version: '1.4.0',
    until: '2026-12-02T12:00:10.000Z',
  })
  expect(landingIssues(landing)).toEqual([])
  expect(landingComment(landing)?.join(' ')).toContain('1.4.0 is quarantined until')
})

test('a rollback that our own mover merged is not by hand', () => {
  const back = weighed({ promotions: [{ ...promotion, kind: 'rollback' }] })
  const ours = question({ weighed: back, landed: landed({ mergedBy: { id: 99, login: 'app[bot]', isBot: true } }) })
  expect(decideLanded(ours).is).toBe('weighed')
  expect(factOf(ours, 'deployed')).not.toHaveProperty('by_hand')
  expect(kinds(ours)).not.toContain('quarantined')
})

test('a change of what serves that promotes nothing is unweighed too when nobody weighed it', () => {
  const changes = [
    {
      kind: 'serving-changed' as const,
      path: 'deploy/production/churn.yml',
      model: 'churn',
      environment: 'production',
    },
  ]
  const pushed = question({ weighed: weighed({ promotions: [], changes }), published: null })
  expect(decideLanded(pushed).facts).toMatchObject([
    { fact: { kind: 'unweighed', version: null }, scope: { model: 'churn' } },
  ])
  expect(decideLanded(question({ weighed: weighed({ promotions: [], changes }) })).is).toBe('nothing')
  expect(decideLanded(question({ weighed: weighed({ promotions: [] }), published: null })).is).toBe('nothing')
})

test('a version that is retired is told once, for every environment, with as much of its reason as a line holds', () => {
  const retired = [{ model: 'churn', version: '1.1.0', reason: 'x'.repeat(3000) }]
  const of = question({ weighed: weighed({ promotions: [], retired }), published: null })

  const { is, facts } = decideLanded(of)

  expect(is).toBe('nothing')
  expect(facts).toMatchObject([{ scope: 'budget', actorId: 1, fact: { kind: 'retired', version: '1.1.0', pull: 7 } }])
  expect(FACT_SCHEMAS.retired?.safeParse(facts[0]?.fact).success).toBe(true)
  expect(decideLanded({ ...of, now: '2027-01-01T00:00:00Z' }).facts[0]?.cause).toBe(facts[0]?.cause)
})

test('a version whose record cannot be read is unweighed, and nothing is said to be deployed', () => {
  const unread = weighed({
    status: 'failed',
    promotions: [{ ...promotion, artifactDigest: null, evaluationDigest: null }],
  })
  expect(kinds(question({ weighed: unread, published: null }))).toEqual(['unweighed'])
})
