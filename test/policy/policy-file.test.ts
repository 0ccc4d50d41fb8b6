import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { judgePromotion } from '../../src/policy/judge.ts'
import { policyKind } from '../../src/policy/policy-file.ts'
import { compose, evidenceOf, mistakesIn, printed, weighing } from './weighing.ts'

const PRODUCTION = `extends: weighbridge/baseline
evidence: {at_least: attested, workflows: [evaluate.yml]}
evaluation: {max_looks: 50, max_age: 365d}
gates:
  registry: {}
  manifest: {}
  integrity: {max_mb: 500}
  lineage: {require: [commit, run, parameters, data], record: registered}
  data-quality: {max_missing_share: 0.05, max_duplicate_share: 0.01, max_train_overlap: 0.01, schema: strict}
  metrics:
    - {metric: roc_auc, min: 0.88}
    - {metric: roc_auc, against: incumbent, max_drop: 0.01, confidence: 0.9}
    - {metric: log_loss, against: incumbent, max_rise: 0.01, confidence: 0.9}
    - {metric: recall, min: 0.60, where: 'age < 25'}
    - {unit: mean_reward, better: higher, min: 12}
  fairness:
    - {across: sex, metric: disparate_impact, min: 0.8, privileged: {sex: Male}, max: 1.25}
    - {across: [sex, age_group], metric: equalized_odds_difference, max: 0.1, confidence: 0.9, min_rows: 30, small_groups: report}
    - {across: sex, metric: disparate_impact, against: incumbent, max_drop: 0.05}
  drift: {between: [reference, production], test: default, max_drifted_share: 0.3, critical: [tenure], advisory: true}
  explainability: {max_importance_shift: 0.1}
  latency: {against: incumbent, p99_max_ratio: 1.2, batch: 1}
  soak: {in: staging, for: 24h, min_requests: 1000}
  approvals:
    - {role: approver, count: 1}
    - {role: risk, count: 1, when: 'fairness != "passed"'}
  freeze: [{from: "Fri 16:00", until: "Mon 08:00", timezone: Europe/Berlin}]
  custom: [{name: cheap-enough, rule: "candidate.training.compute.cost_usd < 100.0"}]
on_inconclusive: {fairness: {review: risk}}
waivable: {drift: {by: approver, max: 14d, count: 2}}
merge: {automatic: false, method: squash}
rollout: {strategy: canary, steps: [5, 25, 50, 100], interval: 10m, analysis: [...]}
rollback: {on_alert: merge, quarantine: 14d}
`

const first = 'gates:\n  metrics: [{metric: roc_auc, min: 0.8}]\n'

test('the example policy of the documentation is read whole, and composes without a mistake', () => {
  expect(mistakesIn(PRODUCTION)).toEqual([])
  const composed = compose({ 'policies/production.yml': PRODUCTION })
  expect(printed(composed.mistakes)).toEqual([])
  expect(composed.loosened).toEqual([])
  expect(composed.shown.map(({ key }) => key)).toEqual(['merge', 'rollout', 'rollback', 'waivable'])
})

test('of the example, exactly two rules are not judged by this version, and each says so once', () => {
  const composed = compose({ 'policies/production.yml': PRODUCTION })
  const findings = judgePromotion(weighing(), composed, evidenceOf())
  const unjudged = findings.filter(({ because }) => because.includes('not judged by this version'))
  expect(unjudged.map(({ gate, status }) => [gate, status])).toEqual([
    ['evaluation', 'inconclusive'],
    ['soak', 'inconclusive'],
  ])
})

test('what this version can’t judge holds nothing once it is marked advisory', () => {
  const text = 'gates: {soak: {in: staging, for: 24h, advisory: true}}\nevaluation: {max_looks: 5, advisory: true}\n'
  const findings = judgePromotion(weighing(), compose({ 'policies/p.yml': text }), evidenceOf())
  const unjudged = findings.filter(({ gate }) => gate === 'soak' || gate === 'evaluation')
  expect(unjudged.map(({ status, advisory }) => [status, advisory])).toEqual([
    ['inconclusive', true],
    ['inconclusive', true],
  ])
})

test('every shipped policy can be read and judges a promotion', () => {
  const folder = new URL('../../policies/', import.meta.url)
  const files = readdirSync(folder)
  expect(files).toContain('baseline.yml')
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    expect(mistakesIn(text, `policies/${file}`)).toEqual([])
    const composed = compose({ [`policies/${file}`]: text })
    expect(printed(composed.mistakes)).toEqual([])
    const findings = judgePromotion(weighing(), composed, evidenceOf())
    expect(findings.find(({ gate }) => gate === 'metrics')?.status).toBe('inconclusive')
    expect(findings.filter(({ because }) => because.includes('crashed'))).toEqual([])
  }
})

test('an unknown gate, an unknown key and a wrong word are shown with their places, all at once', () => {
  const text = `gates:
  metric: [{metric: roc_auc, min: 0.8}]
  drift: {max_drifted_shares: 0.3}
  lineage: {require: [comit]}
`
  expect(mistakesIn(text)).toEqual([
    'policies/production.yml:2:3 gates.metric: unknown key. Did you mean metrics?',
    'policies/production.yml:3:11 gates.drift.max_drifted_shares: unknown key. Did you mean max_drifted_share?',
    'policies/production.yml:4:23 gates.lineage.require[0]: must be one of commit, run, parameters, data, seed, environment, features, parent, found the text "comit". Did you mean commit?',
  ])
})

test('two rules of one file with one id are an error at both places', () => {
  const text = `gates:
  metrics:
    - {metric: roc_auc, min: 0.8}
    - {metric: roc_auc, min: 0.9}
`
  expect(mistakesIn(text)).toEqual([
    'policies/production.yml:3:7 gates.metrics[0]: the rule metrics/roc_auc stands at gates.metrics[1] too. Join the two, or give one an id: of its own.',
    'policies/production.yml:4:7 gates.metrics[1]: the rule metrics/roc_auc stands at gates.metrics[0] too. Join the two, or give one an id: of its own.',
  ])
  expect(mistakesIn(text.replace('min: 0.9', 'min: 0.9, id: strict'))).toEqual([])
})

test('a list of rules may stand under rules:, beside required', () => {
  const text = 'gates:\n  fairness: {required: true, rules: [{across: sex, metric: disparate_impact, min: 0.8}]}\n'
  const [fairness] = compose({ 'policies/p.yml': text }).gates.filter(({ gate }) => gate === 'fairness')
  expect(fairness).toMatchObject({ required: true, rules: [{ id: 'fairness/disparate_impact/sex' }] })
  expect(fairness?.rules[0]?.places).toEqual([{ path: 'policies/p.yml', line: 2, column: 38 }])
})

test('pass on inconclusive is refused, and so is a waiver of what is never waived', () => {
  expect(mistakesIn(`${first}on_inconclusive: {metrics: pass}\n`)).toEqual([
    expect.stringMatching(
      /^policies\/production\.yml:3:28 on_inconclusive\.metrics: pass would let through .* advisory: true/,
    ),
  ])
  for (const gate of ['registry', 'manifest', 'integrity', 'approvals']) {
    expect(mistakesIn(`${first}waivable: {${gate}: {by: risk}}\n`)).toEqual([
      expect.stringContaining(`waivable.${gate}: ${gate} is never waived`),
    ])
  }
})

test('a policy that lies outside of policies/ can’t be extended', () => {
  for (const path of [
    '../policies/lax.yml',
    'policies/../lax.yml',
    '/etc/passwd',
    'https://evil.example/p.yml',
    'acme/central',
  ]) {
    expect(mistakesIn(`extends: ${path}\n${first}`)).toEqual([expect.stringContaining('must lie in policies/')])
  }
})

test('a broken expression is a mistake of the file, not of the weighing', () => {
  const text = 'gates: {custom: [{name: broken, rule: "candidate.version =="}]}\n'
  expect(mistakesIn(text)).toEqual([
    expect.stringMatching(/^policies\/production\.yml:1:\d+ gates\.custom\[0\]\.rule: column \d+ /),
  ])
})

test('keys that would reach a prototype are refused like any unknown key', () => {
  for (const text of ['gates: {__proto__: {advisory: true}}\n', `${first}on_inconclusive: {__proto__: hold}\n`]) {
    expect(mistakesIn(text).length).toBeGreaterThan(0)
  }
})

test('the schema of policies can be printed for editors', () => {
  const json = JSON.stringify(z.toJSONSchema(policyKind.schema, { unrepresentable: 'any', io: 'input' }))
  for (const word of ['data-quality', 'max_train_overlap', 'on_inconclusive', 'Two-sided', 'timezone']) {
    expect(json.toLowerCase()).toContain(word.toLowerCase())
  }
})
