import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Composed } from '../../src/policy/compose.ts'
import { composePolicy } from '../../src/policy/compose.ts'
import { selectPolicies } from '../../src/policy/select-policies.ts'
import { isSame, stricterTerms } from '../../src/policy/stricter.ts'
import { churn, compose, configuration, policyFile, printed } from './weighing.ts'

const ruleOf = (composed: Composed, id: string) =>
  composed.gates.flatMap(({ rules }) => rules).find((rule) => rule.id === id)
const idsOf = (composed: Composed, gate: string) =>
  composed.gates.find((found) => found.gate === gate)?.rules.map(({ id }) => id)
const metrics = (...rules: readonly string[]) =>
  `gates:\n  metrics:\n${rules.map((rule) => `    - ${rule}\n`).join('')}`

const BASE = metrics(
  '{metric: roc_auc, min: 0.8}',
  '{metric: roc_auc, against: incumbent, max_drop: 0.01, confidence: 0.9}',
)

test('rules are named after what they ask, not after their limits', () => {
  const text = `gates:
  metrics:
    - {metric: roc_auc, against: incumbent, max_drop: 0.01}
    - {metric: recall, min: 0.6, where: 'age < 25'}
    - {unit: mean_reward, better: higher, min: 12}
  fairness:
    - {across: [sex, age_group], metric: disparate_impact, min: 0.8}
    - {across: sex, metric: disparate_impact, against: incumbent, max_drop: 0.05}
  custom: [{name: cheap, rule: "model.task == 'binary'"}]
  approvals: [{role: risk, id: second-pair-of-eyes}]
`
  const composed = compose({ 'policies/a.yml': text })
  expect(idsOf(composed, 'metrics')).toEqual([
    'metrics/roc_auc/incumbent',
    'metrics/recall/age < 25',
    'metrics/mean_reward',
  ])
  expect(idsOf(composed, 'fairness')).toEqual([
    'fairness/disparate_impact/sex,age_group',
    'fairness/disparate_impact/sex/incumbent',
  ])
  expect(idsOf(composed, 'custom')).toEqual(['custom/cheap'])
  expect(idsOf(composed, 'approvals')).toEqual(['second-pair-of-eyes'])
})

test('rules after extends are added; nothing of the baseline is replaced', () => {
  const composed = compose(
    {
      'policies/base.yml': BASE,
      'policies/own.yml': `extends: policies/base.yml\n${metrics('{metric: log_loss, max: 0.5}')}`,
    },
    { use: ['policies/own.yml'] },
  )
  expect(idsOf(composed, 'metrics')).toEqual(['metrics/roc_auc', 'metrics/roc_auc/incumbent', 'metrics/log_loss'])
  expect(composed.sources).toEqual(['policies/base.yml', 'policies/own.yml'])
})

test('of two limits the stricter counts, and a looser one is said to do nothing', () => {
  const own = `extends: policies/base.yml\n${metrics('{metric: roc_auc, min: 0.7}')}`
  const composed = compose({ 'policies/base.yml': BASE, 'policies/own.yml': own }, { use: ['policies/own.yml'] })
  expect(ruleOf(composed, 'metrics/roc_auc')?.rule).toEqual({ metric: 'roc_auc', min: 0.8 })
  expect(ruleOf(composed, 'metrics/roc_auc')?.places.map(({ path }) => path)).toEqual([
    'policies/base.yml',
    'policies/own.yml',
  ])
  expect(printed(composed.mistakes)).toEqual([
    'policies/own.yml:4:7 metrics/roc_auc: min is looser than policies/base.yml:3:7 ({"metric":"roc_auc","min":0.8} there), so it does not count. Add loosen: [metrics/roc_auc], or remove it.',
  ])
  expect(composed.mistakes[0]?.severity).toBe('warning')
})

test('loosen makes a rule looser, and the loosening is kept to be shown', () => {
  const own = `extends: policies/base.yml\nloosen: [metrics/roc_auc]\nwithout: [metrics/roc_auc/incumbent]\n${metrics('{metric: roc_auc, min: 0.7}')}`
  const composed = compose({ 'policies/base.yml': BASE, 'policies/own.yml': own }, { use: ['policies/own.yml'] })
  expect(printed(composed.mistakes)).toEqual([])
  expect(ruleOf(composed, 'metrics/roc_auc')?.rule).toEqual({ metric: 'roc_auc', min: 0.7 })
  expect(idsOf(composed, 'metrics')).toEqual(['metrics/roc_auc'])
  expect(composed.loosened.map(({ id, to, place }) => [id, to, place.line])).toEqual([
    ['metrics/roc_auc', 'min 0.7', 6],
    ['metrics/roc_auc/incumbent', null, 3],
  ])
})

test('single options can be loosened, whole gates left out, always-on gates never', () => {
  const base =
    'gates:\n  integrity: {max_mb: 100}\n  data-quality: {max_missing_share: 0.1}\n  drift: {max_drifted_share: 0.2}\n'
  const own = `extends: policies/base.yml
loosen: [integrity/max_mb]
without: [drift, integrity]
gates: {integrity: {max_mb: 900}, data-quality: {max_missing_share: 0.5}}
`
  const composed = compose({ 'policies/base.yml': base, 'policies/own.yml': own }, { use: ['policies/own.yml'] })
  expect(ruleOf(composed, 'integrity')?.rule).toEqual({ max_mb: 900 })
  expect(ruleOf(composed, 'data-quality')?.rule).toEqual({ max_missing_share: 0.1 })
  expect(composed.gates.find(({ gate }) => gate === 'drift')).toMatchObject({ declared: false, rules: [] })
  expect(printed(composed.mistakes)).toContain('policies/own.yml:3:18 without[1]: integrity is always on. Remove it.')
  expect(composed.loosened.map(({ id }) => id).sort()).toEqual(['drift/max_drifted_share', 'integrity/max_mb'])
})

test('a misspelt loosening is an error that says what was meant', () => {
  const own = `extends: policies/base.yml\nwithout: [metrics/roc_auk]\ngates: {}\n`
  const composed = compose({ 'policies/base.yml': BASE, 'policies/own.yml': own }, { use: ['policies/own.yml'] })
  expect(printed(composed.mistakes)).toEqual([
    expect.stringContaining(
      'policies/own.yml:2:11 without[0]: what this extends has no rule metrics/roc_auk. Did you mean metrics/roc_auc?',
    ),
  ])
})

test('a rule that somebody wants to bind binds, though another file marks it advisory', () => {
  const advisory = 'gates: {drift: {max_drifted_share: 0.3, advisory: true}}\n'
  const binding = 'gates: {drift: {max_drifted_share: 0.5}}\n'
  for (const texts of [
    { 'policies/a.yml': advisory, 'policies/b.yml': binding },
    { 'policies/a.yml': binding, 'policies/b.yml': advisory },
  ]) {
    expect(ruleOf(compose(texts), 'drift')).toMatchObject({ advisory: false, rule: { max_drifted_share: 0.3 } })
  }
  expect(ruleOf(compose({ 'policies/a.yml': advisory }), 'drift')?.advisory).toBe(true)
})

test('values that can’t be ordered are a mistake that names both places and the way out', () => {
  const a = metrics('{metric: recall, min: 0.5, min_rows: 50}')
  const b = metrics('{metric: recall, min: 0.6}')
  const composed = compose({ 'policies/a.yml': a, 'policies/b.yml': b })
  expect(printed(composed.mistakes)).toEqual([
    'policies/b.yml:3:7 metrics/recall: min_rows differs from policies/a.yml:3:7 ({"metric":"recall","min":0.5,"min_rows":50} there, {"metric":"recall","min":0.6} here), and neither is stricter. Make them equal, or give one of the rules an id: of its own.',
  ])
})

test('limits that contradict each other once they are united are shown, and the rule is not dropped in silence', () => {
  const composed = compose({
    'policies/a.yml': metrics('{metric: recall, min: 0.9}'),
    'policies/b.yml': metrics('{metric: recall, max: 0.5}'),
  })
  expect(printed(composed.mistakes)).toEqual([
    expect.stringMatching(/united from policies\/a\.yml:3 and policies\/b\.yml:3: .*min/),
  ])
  expect(composed.mistakes[0]?.severity).toBe('error')
})

test('policies that extend each other in a circle, or too deep, are refused with the chain (S19)', () => {
  const circle = compose(
    { 'policies/a.yml': `extends: policies/b.yml\n${BASE}`, 'policies/b.yml': `extends: policies/a.yml\ngates: {}\n` },
    { use: ['policies/a.yml'] },
  )
  expect(printed(circle.mistakes)).toEqual([
    'policies/b.yml:1:10 extends: policies/a.yml extends policies/b.yml extends policies/a.yml: a circle. Let one of them extend nothing.',
  ])
  const chain = Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((n) => [
      `policies/${n}.yml`,
      `${n === 6 ? '' : `extends: policies/${n + 1}.yml\n`}gates: {}\n`,
    ]),
  )
  expect(printed(compose(chain, { use: ['policies/2.yml'] }).mistakes)).toEqual([])
  expect(printed(compose(chain, { use: ['policies/1.yml'] }).mistakes)).toEqual([
    'policies/5.yml:1:10 extends: more than 5 policies extend each other. Join some of them.',
  ])
})

test('a policy that is not there holds, and names those that are', () => {
  const composed = compose(
    { 'policies/own.yml': 'extends: policies/bse.yml\ngates: {}\n', 'policies/base.yml': BASE },
    { use: ['policies/own.yml'] },
  )
  expect(printed(composed.mistakes)).toEqual([
    expect.stringContaining('policies/bse.yml is not there, or has mistakes. Did you mean policies/base.yml?'),
  ])
  expect(composed.mistakes[0]?.severity).toBe('error')
  expect(compose({}, { use: ['weighbridge/nothing'] }).mistakes).toHaveLength(1)
  expect(compose({}).mistakes).toMatchObject([{ what: 'no policy applies', severity: 'error' }])
})

test('the policy of a model adds rules and tightens limits, and can’t loosen', () => {
  const environment = `${BASE}evidence: {at_least: attested}\n`
  const modelPolicy = policyFile(
    'models/churn/policy.yml',
    `evidence: {workflows: [mine.yml]}
on_inconclusive: {metrics: {review: friend}}
gates:
  integrity: {max_mb: 4000}
  metrics: [{metric: roc_auc, min: 0.85}, {metric: recall, min: 0.5}]
`,
  )
  const composed = compose({ 'policies/p.yml': environment }, { modelPolicy })
  expect(ruleOf(composed, 'metrics/roc_auc')).toMatchObject({ rule: { min: 0.85 }, review: null })
  expect(ruleOf(composed, 'metrics/recall')).toMatchObject({ rule: { min: 0.5 }, review: 'friend' })
  expect(ruleOf(composed, 'metrics/roc_auc/incumbent')?.review).toBe(null)
  expect(ruleOf(composed, 'integrity')?.rule).toEqual({ max_mb: 500 })
  expect(composed.evidence.workflows).toEqual([])
})

test('a reviewer of one policy is lent to no rule of another one beside it', () => {
  const composed = compose({
    'policies/a.yml': metrics('{metric: recall, min: 0.5, confidence: 0.9}', '{metric: f1, min: 0.5, confidence: 0.9}'),
    'policies/b.yml': `${metrics('{metric: recall, min: 0.5, confidence: 0.9}', '{metric: precision, min: 0.5, confidence: 0.9}')}on_inconclusive: {metrics: {review: risk}}\n`,
  })
  expect(['recall', 'f1', 'precision'].map((name) => ruleOf(composed, `metrics/${name}`)?.review)).toEqual([
    null,
    null,
    'risk',
  ])
  expect(composed.onInconclusive).toEqual(new Map([['risk', ['metrics/precision']]]))
})

test('who extends names the reviewer here; hold stays hold unless it is loosened', () => {
  const base = `${metrics('{metric: recall, min: 0.5, confidence: 0.9}')}on_inconclusive: {metrics: {review: approver}}\n`
  const own = 'extends: policies/base.yml\ngates: {}\non_inconclusive: {metrics: {review: risk}}\n'
  const review = (texts: Record<string, string>) =>
    ruleOf(compose(texts, { use: ['policies/own.yml'] }), 'metrics/recall')?.review
  expect(review({ 'policies/base.yml': base, 'policies/own.yml': own })).toBe('risk')
  const hold = base.replace('{review: approver}', 'hold')
  expect(review({ 'policies/base.yml': hold, 'policies/own.yml': own })).toBe(null)
  expect(review({ 'policies/base.yml': hold, 'policies/own.yml': `loosen: [on_inconclusive/metrics]\n${own}` })).toBe(
    'risk',
  )
})

test('a role that the configuration lacks is an error with a suggestion', () => {
  const composed = compose(
    { 'policies/a.yml': 'gates: {approvals: [{role: aprover}]}\n' },
    { roles: ['approver', 'risk'] },
  )
  expect(printed(composed.mistakes)).toEqual([
    'policies/a.yml:1:21 approvals/aprover: the configuration has no role aprover. Did you mean approver? Roles there: approver, risk.',
  ])
})

test('conditions choose policies; one that can’t be decided switches nothing off', () => {
  const environment = {
    ...configuration.environments[1]!,
    policy: [
      { use: 'policies/all.yml' },
      { use: 'policies/high.yml', when: 'model.risk_class == "high"' },
      { use: 'policies/binary.yml', when: 'model.task == "binary" && environment.name == "production"' },
      { use: 'policies/regression.yml', when: 'model.task == "regression"' },
    ],
  }
  const selected = selectPolicies(environment, churn)
  expect(selected.use).toEqual(['policies/all.yml', 'policies/high.yml', 'policies/binary.yml'])
  expect(printed(selected.mistakes)).toEqual([
    `.github/weighbridge.yml:1:1 policy[1].when: model.risk_class == "high" can't be decided for churn: model.risk_class is not there. Give the model that field, or test it with has(...). Until then the policy applies.`,
  ])
  expect(selectPolicies(environment, { ...churn, risk_class: 'low' }).use).not.toContain('policies/high.yml')
})

const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20)
const confidence = fc.constantFrom(0.8, 0.9, 0.95)
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const limits = fc.record({
  metric: fc.constantFrom('roc_auc', 'recall'),
  min: share,
  confidence: optional(confidence),
  advisory: optional(fc.boolean()),
})
const file = fc.record({
  metrics: fc.uniqueArray(limits, { selector: ({ metric }) => metric, maxLength: 2 }),
  quality: optional(
    fc.record({ max_missing_share: optional(share), schema: optional(fc.constantFrom('strict', 'lenient')) }),
  ),
  drift: optional(
    fc.record({
      max_drifted_share: optional(share.map((n) => n / 2 + 0.1)),
      critical: optional(fc.constantFrom(['age'], ['tenure'])),
      advisory: optional(fc.boolean()),
    }),
  ),
  lineage: optional(
    fc.record({
      require: optional(fc.constantFrom(['commit'], ['data', 'commit'])),
      record: optional(fc.constantFrom('declared', 'registered')),
    }),
  ),
})
type Drawn = typeof file extends fc.Arbitrary<infer T> ? T : never

/** JSON is YAML: what was drawn, as a file. */
function textOf({ metrics: rules, quality, drift, lineage }: Drawn): string {
  return JSON.stringify({ gates: { metrics: rules, 'data-quality': quality, drift, lineage } })
}

/** What a composition holds anybody to, without places. */
function demands(composed: Composed): Record<string, unknown> {
  return Object.fromEntries(
    composed.gates.flatMap(({ rules }) =>
      rules.map(({ id, rule, advisory }) => [id, { ...(rule as object), advisory }]),
    ),
  )
}
const together = (...drawn: readonly Drawn[]) =>
  compose(Object.fromEntries(drawn.map((one, index) => [`policies/${index}.yml`, textOf(one)])))

test('the order of policies that apply together changes nothing', () => {
  fc.assert(
    fc.property(file, file, file, (a, b, c) => {
      const sorted = (composed: Composed) =>
        JSON.parse(JSON.stringify(demands(composed)), (_, value) => (Array.isArray(value) ? [...value].sort() : value))
      expect(sorted(together(a, b, c))).toEqual(sorted(together(c, a, b)))
      expect(sorted(together(a, b))).toEqual(sorted(together(b, a)))
      expect(sorted(together(a, a))).toEqual(sorted(together(a)))
    }),
    { numRuns: 150 },
  )
})

test('another policy beside one never takes a rule away nor makes a limit looser', () => {
  fc.assert(
    fc.property(file, file, (a, b) => {
      const before = demands(together(a))
      const after = demands(together(a, b))
      for (const [id, rule] of Object.entries(before)) {
        const own = rule as {
          min?: number
          max_missing_share?: number
          max_drifted_share?: number
          confidence?: number
          advisory: boolean
          require?: string[]
        }
        const now = after[id] as typeof own
        expect(now).toBeDefined()
        if (own.min !== undefined) expect(now.min).toBeGreaterThanOrEqual(own.min)
        if (own.confidence !== undefined) expect(now.confidence).toBeGreaterThanOrEqual(own.confidence)
        for (const key of ['max_missing_share', 'max_drifted_share'] as const) {
          if (own[key] !== undefined) expect(now[key]).toBeLessThanOrEqual(own[key])
        }
        if (!own.advisory) expect(now.advisory).toBe(false)
        for (const field of own.require ?? []) expect(now.require).toContain(field)
      }
    }),
    { numRuns: 150 },
  )
})

test('extending a policy without loosen never makes a limit looser either', () => {
  fc.assert(
    fc.property(file, file, (a, b) => {
      const own = JSON.stringify({ extends: 'policies/a.yml', ...JSON.parse(textOf(b)) })
      const extended = compose({ 'policies/a.yml': textOf(a), 'policies/b.yml': own }, { use: ['policies/b.yml'] })
      expect(extended.loosened).toEqual([])
      expect(demands(extended)).toEqual(demands(together(a, b)))
    }),
    { numRuns: 100 },
  )
})

test('the stricter of two rules is stricter than neither is alone, whichever is asked first', () => {
  const terms = fc.record({
    min: optional(share),
    max: optional(share),
    confidence: optional(confidence),
    tasks: optional(fc.constantFrom(['binary'], ['multiclass'])),
  })
  fc.assert(
    fc.property(terms, terms, (a, b) => {
      const [ab, ba] = [stricterTerms(a, b).terms, stricterTerms(b, a).terms]
      expect({ ...ab, tasks: [...((ab.tasks as string[]) ?? [])].sort() }).toEqual({
        ...ba,
        tasks: [...((ba.tasks as string[]) ?? [])].sort(),
      })
      expect(isSame(stricterTerms(ab, a).terms, ab)).toBe(true)
    }),
  )
})

test('composing is pure: the same files give the same composition', () => {
  const files = new Map([['policies/a.yml', policyFile('policies/a.yml', BASE)]])
  const all = { files, shipped: new Map(), use: ['policies/a.yml'] }
  expect(composePolicy(all)).toEqual(composePolicy(all))
})
