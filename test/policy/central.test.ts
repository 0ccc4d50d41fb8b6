import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CentralRules, Composed } from '../../src/policy/compose.ts'
import { leavesOf } from '../../src/policy/leaves.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { isSame, stricterTerms, type Terms } from '../../src/policy/stricter.ts'
import { compose, policyFile, printed } from './weighing.ts'

const PATH = 'policies/central.yml'
const NAME = `acme/policies:${PATH}`

/** The operator's policy, as it was read. */
function central(policy: object, more: Readonly<Record<string, object>> = {}): CentralRules {
  const file = (path: string, content: object) =>
    [path, policyFile(`acme/policies:${path}`, JSON.stringify(content))] as const
  const files = new Map([file(PATH, policy), ...Object.entries(more).map(([path, content]) => file(path, content))])
  return { name: NAME, path: PATH, files, mistakes: [] }
}

/** A repository with one policy, judged by the operator's too. */
function governed(own: object, by: CentralRules | null, roles?: readonly string[]): Composed {
  return compose({ 'policies/own.yml': JSON.stringify(own) }, { central: by, ...(roles && { roles }) })
}

const rulesOf = ({ gates }: Composed) =>
  new Map(
    gates.flatMap(({ gate, rules }) =>
      rules.map(({ id, rule, advisory, review, tasks }) => {
        const said: Terms = { ...(rule as object), ...(advisory && { advisory }), ...(tasks && { tasks }) }
        return [`${gate} ${id}`, { said, review }] as const
      }),
    ),
  )
const metrics = (...rules: readonly object[]) => ({ gates: { metrics: rules } })
const AUC = { metric: 'roc_auc', min: 0.9 }

test('its rules stand beside the repository’s, each with the place where it is written', () => {
  const composed = governed(metrics({ metric: 'recall', min: 0.5 }), central(metrics(AUC)))

  const places = composed.gates.flatMap(({ rules }) => rules.flatMap((rule) => rule.places.map(({ path }) => path)))
  expect([...rulesOf(composed).keys()]).toEqual(
    expect.arrayContaining(['metrics metrics/roc_auc', 'metrics metrics/recall']),
  )
  expect(places).toEqual(expect.arrayContaining([NAME, 'policies/own.yml']))
  expect(composed.sources).toEqual([NAME, 'policies/own.yml'])
  expect(composed.mistakes).toEqual([])
})

const share = fc.integer({ min: 1, max: 19 }).map((n) => n / 20)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const anyReview = fc.constantFrom('hold', { review: 'ml' })
const gates = fc.record({
  metrics: maybe(
    fc.uniqueArray(
      fc.record({
        metric: fc.constantFrom('roc_auc', 'recall'),
        min: share,
        confidence: maybe(fc.constantFrom(0.8, 0.95)),
        advisory: maybe(fc.boolean()),
        tasks: maybe(fc.constantFrom(['binary'], ['regression'])),
        on_inconclusive: maybe(anyReview),
      }),
      { selector: ({ metric }) => metric, maxLength: 2 },
    ),
  ),
  drift: maybe(fc.record({ max_drifted_share: maybe(share), advisory: maybe(fc.boolean()) })),
  'data-quality': maybe(
    fc.record({ max_missing_share: maybe(share), schema: maybe(fc.constantFrom('strict', 'lenient')) }),
  ),
  latency: maybe(
    fc.record({
      p99_max_ratio: share.map((n) => 1 + n),
      advisory: maybe(fc.boolean()),
      on_inconclusive: maybe(anyReview),
    }),
  ),
})
const IDS = ['metrics/roc_auc', 'metrics/recall', 'drift', 'latency', 'data-quality']
const policies = fc.record({
  gates,
  loosen: maybe(fc.subarray(IDS)),
  without: maybe(fc.subarray(IDS)),
  on_inconclusive: maybe(fc.record({ metrics: anyReview, drift: anyReview })),
})
const plain = (drawn: object): Record<string, unknown> => JSON.parse(JSON.stringify(drawn))

test('whatever a repository writes, nothing of it goes, none of its limits is looser, nobody reviews what it holds', () => {
  fc.assert(
    fc.property(gates, policies, (asked, own) => {
      const by = central({ gates: plain(asked) })
      const alone = rulesOf(governed({ gates: {} }, by))

      const texts = {
        'policies/base.yml': JSON.stringify({ gates: plain(asked) }),
        'policies/own.yml': JSON.stringify({ extends: 'policies/base.yml', ...plain(own) }),
      }
      const together = rulesOf(compose(texts, { use: ['policies/own.yml'], central: by }))

      for (const [id, { said, review }] of alone) {
        const now = together.get(id) ?? expect.fail(`${id} is gone`)
        const { terms, unordered } = stricterTerms(said, now.said)
        expect(unordered).toEqual([])
        expect(isSame(terms, now.said), `${id}: ${JSON.stringify([said, now.said])}`).toBe(true)
        if (review === null && said.advisory !== true) expect(now.review).toBeNull()
      }
    }),
    { numRuns: 300 },
  )
})

test('a file of the repository never stands in for one of its own', () => {
  const texts = {
    'policies/own.yml': '{"gates": {}}',
    'policies/base.yml': JSON.stringify(metrics({ ...AUC, min: 0.1 })),
  }
  const by = central({ extends: 'policies/base.yml', gates: {} })

  const composed = compose(texts, { use: ['policies/own.yml'], central: by })

  expect(printed(composed.mistakes)).toEqual([
    expect.stringContaining(`${NAME}:1:12 extends: policies/base.yml is not there`),
  ])
})

test('its own files may loosen each other, and that is shown with their names', () => {
  const by = central(
    { extends: 'policies/base.yml', loosen: ['metrics/roc_auc'], ...metrics({ ...AUC, min: 0.8 }) },
    { 'policies/base.yml': metrics(AUC) },
  )

  const { loosened, mistakes } = governed(metrics(), by)

  expect(loosened).toMatchObject([{ id: 'metrics/roc_auc', place: { path: NAME } }])
  expect(mistakes).toEqual([])
})

test('a role that it names must be one of the repository’s, or nothing passes', () => {
  const by = central({ gates: { approvals: [{ role: 'auditor' }] } })

  expect(governed(metrics(), by, ['auditor']).mistakes).toEqual([])
  expect(governed(metrics(), by, ['risk']).mistakes).toMatchObject([{ path: NAME, severity: 'error' }])
})

test('of one with mistakes no rule counts, and the mistakes stand in the composition', () => {
  const mistake = { path: NAME, line: 1, column: 1, where: '', what: 'is gone', mend: 'x', severity: 'error' } as const

  const composed = governed(metrics(AUC), { name: NAME, path: PATH, files: new Map(), mistakes: [mistake] })

  expect(composed.mistakes).toEqual([mistake])
  expect(composed.leaves.waivable.size).toBe(0)
})

test('it only takes leave away: what is waived it must let be waived, and nothing is merged because it says so', () => {
  const policy = (more: Partial<Policy>): Policy => ({ gates: {}, ...more })
  const yes = policy({ merge: { automatic: true }, waivable: { drift: { by: 'risk', max: '14d' } } })
  const shorter = policy({ waivable: { drift: { by: 'risk', max: '2d' } } })

  expect(leavesOf([[yes]], null, [policy({})]).waivable.size).toBe(0)
  expect(leavesOf([[yes]], null, [shorter]).waivable.get('drift')).toMatchObject({ max: '2d' })
  expect(leavesOf([[policy({})]], null, [yes])).toMatchObject({ merge: { automatic: false }, waivable: new Map() })
  expect(leavesOf([[yes]], null, [policy({})]).merge.automatic).toBe(true)
  expect(leavesOf([[yes]], null, [policy({ merge: { automatic: false } })]).merge.automatic).toBe(false)
})
