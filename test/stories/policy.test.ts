import { expect, test } from 'vitest'
import {
  configurationFile,
  findings,
  gate,
  manifestFile,
  modelFile,
  openWorld,
  policyFile,
  said,
  statuses,
  yaml,
} from '../support/registry-world.ts'

const STRICT = { gates: { metrics: [{ metric: 'roc_auc', min: 0.99 }] } }

test('a policy that is loosened in the same change helps nothing, and is said', async () => {
  const world = await openWorld({ policy: STRICT })
  const loose = policyFile({ gates: { metrics: [{ metric: 'roc_auc', min: 0.1 }] } })

  const check = await world.check({ head: await world.opensPromotion('1.1.0', { with: [loose] }) })

  expect(statuses(check)).toMatchObject({ metrics: 'failed', registry: 'failed' })
  expect(check.changes.map((change) => change.kind).sort()).toEqual(['policy-changed', 'promotion'])
})

test.for([
  ['no sensitive columns', { sensitive: [] }],
  ['another positive class', { label: { name: 'label', positive: 0 } }],
  ['a milder class of risk', { risk_class: 'minimal' }],
  ['rows that belong together', { columns: { id: 'row_id', unit: 'row_id' } }],
  ['a gate that does not apply', { not_applicable: [{ gate: 'fairness', reason: 'none' }] }],
] as const)('terms that the head states for itself do not judge it: %s', async ([, terms]) => {
  const fairness = [{ across: 'sex', metric: 'disparate_impact', min: 0.99 }]
  const world = await openWorld({ policy: { gates: { fairness } }, model: { risk_class: 'high' } })
  const file = modelFile('compas', { risk_class: 'high', ...terms })

  const check = await world.check({ head: await world.opensPromotion('1.1.0', { with: [file] }) })

  expect(check.changes.map((change) => change.kind)).toContain('terms-changed')
  expect(statuses(check)).toMatchObject({ fairness: 'failed', registry: 'failed' })
})

test('a change of terms alone weighs nothing and asks role policy', async () => {
  const world = await openWorld()

  const check = await world.check({ head: await world.opens('terms', modelFile('compas', { sensitive: ['race'] })) })

  expect(check.changes.map((change) => change.kind)).toEqual(['terms-changed'])
  expect(check.not_asked).toContain('approvals')
  expect(world.told.filter((text) => text.startsWith('running'))).toEqual([])
})

test.for([
  ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b]\n`],
  ['a key twice', `gates: {}\ngates: {}\n`],
  ['a key of the prototype', `__proto__: {gates: {}}\ngates: {}\n`],
  ['a tag', `gates: !!js/function 'function () {}'\n`],
  ['an unknown key', `gates: {}\nallow: everything\n`],
  ['a megabyte', `# ${'x'.repeat(1024 * 1024)}\ngates: {}\n`],
  ['a bidirectional character', `gates: {} # \u202e\n`],
  ['a zero-width character', `ga\u200btes: {}\n`],
  ['a pointer instead of the file', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'],
  ['no file at all', null],
] as const)('a policy that is not plain holds, on the head and on the governed branch: %s', async ([, content]) => {
  const world = await openWorld()
  const hostile = { path: 'policies/production.yml', content: content ?? '' }
  const branch = await world.opensPromotion('1.1.0', content === null ? {} : { with: [hostile] })

  const onHead = content === null ? null : await world.check({ head: branch })
  if (content === null) world.remove('policies/production.yml')
  await world.commit('past every check', ...(content === null ? [] : [hostile]))
  const onBase = await world.check({ head: await world.opens('later', manifestFile('compas', '1.1.0')) })

  expect(onHead?.verdict.status ?? 'failed').toBe('failed')
  expect(onBase.verdict.status).not.toBe('passed')
  expect(said(onBase)).toMatch(/policies\/production\.yml/)
})

test.for([
  ['somebody else’s', 'https://example.com/policy.yml'],
  ['another repository’s', 'github>acme/policies'],
  ['one above', '../policy.yml'],
  ['itself', 'policies/production.yml'],
  ['one that is not there', 'policies/absent.yml'],
  ['an unknown shipped one', 'weighbridge/none'],
] as const)('a policy extends nothing that is not in the repository or shipped: %s', async ([, from]) => {
  const world = await openWorld({ policy: { extends: from, gates: {} } })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.verdict.status).not.toBe('passed')
  expect(said(check)).toMatch(/policies\/production\.yml/)
})

test('what is looser than what it extends stands first, and what is taken out too', async () => {
  const policy = {
    extends: 'weighbridge/baseline',
    loosen: ['metrics/roc_auc/incumbent'],
    without: ['fairness/*/equalized_odds_difference/incumbent'],
    gates: { metrics: [{ metric: 'roc_auc', against: 'incumbent', max_drop: 0.3, confidence: 0.9 }] },
  }
  const world = await openWorld({ policy })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.verdict.because).toMatch(/^Looser than what the policy extends: /)
  expect(check.verdict.because).toContain('metrics/roc_auc/incumbent')
})

test('a model’s own policy and policies chosen by risk add to those of the environment', async () => {
  const environments = [
    {
      name: 'production',
      manifests: 'deploy/production',
      policy: [
        { use: 'policies/production.yml' },
        { use: 'policies/high.yml', when: 'model.risk_class == "high"' },
        { use: 'policies/low.yml', when: 'model.risk_class == "low"' },
      ],
    },
  ]
  const rule = (metric: string, min: number) => ({ gates: { metrics: [{ metric, min }] } })
  const world = await openWorld({
    configuration: { environments },
    model: { risk_class: 'high' },
    files: [
      policyFile(rule('accuracy', 0.99), 'high'),
      policyFile(rule('f1', 0.99), 'low'),
      { path: 'models/compas/policy.yml', content: yaml(rule('precision', 0.1)) },
    ],
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').children.map((child) => [child.rule, child.status])).toEqual([
    ['metrics/roc_auc', 'passed'],
    ['metrics/accuracy', 'failed'],
    ['metrics/precision', 'passed'],
  ])
})

test('slices, advice and required gates stand side by side, each with its own say', async () => {
  const policy = {
    gates: {
      metrics: [
        { metric: 'roc_auc', min: 0.1 },
        { metric: 'roc_auc', min: 0.1, where: 'age < 25 && sex_male == 1' },
        { metric: 'accuracy', min: 0.99, advisory: true },
        { metric: 'recall', min: 0.1, where: 'age > 95' },
      ],
      lineage: { required: true },
    },
  }
  const world = await openWorld({ policy })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  const [all, young, advice, nobody] = gate(check, 'metrics').children
  expect([all?.status, young?.status, advice?.status, nobody?.status]).toEqual([
    'passed',
    'passed',
    'failed',
    'inconclusive',
  ])
  expect(advice?.advisory).toBe(true)
  expect(young!.support!.rows).toBeLessThan(all!.support!.rows)
  expect(gate(check, 'lineage').status).toBe('inconclusive')
  expect(check.verdict.status).toBe('inconclusive')
})

test.for([
  ["age < 25; copy (select 1) to 'stolen.csv'"],
  ["age < 25 or (select count(*) from read_csv('/etc/passwd')) > 0"],
  ["read_text('/etc/passwd') == ''"],
  ['age < 25 union select 1'],
] as const)('a where is an expression and never SQL: %s', async ([where]) => {
  const world = await openWorld({ policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.1, where }] } } })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.verdict.status).not.toBe('passed')
  expect(said(check)).toContain('policies/production.yml')
})

test('a where that names a column the exam lacks decides nothing and names it', async () => {
  const world = await openWorld({
    policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.1, where: 'shoe_size > 40' }] } },
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('shoe_size')
})

test('a gate left out on request leaves the verdict open', async () => {
  const world = await openWorld()

  const check = await world.check({ head: await world.opensPromotion('1.1.0'), skip: ['metrics'] })

  expect(check.verdict.status).toBe('inconclusive')
  expect(findings(check, 'metrics')).toMatchObject([{ status: 'skipped', because: 'left out on request (--skip)' }])
  expect(check.verdict.because).toMatch(/^not decided: metrics left out on request/)
})

test('the head’s configuration judges nothing: it cannot move an environment, add a prefix or name another policy', async () => {
  const world = await openWorld({ policy: STRICT, files: [policyFile({ gates: {} }, 'empty')] })
  const environments = [{ name: 'production', manifests: 'deploy/production', policy: 'policies/empty.yml' }]

  const check = await world.check({
    head: await world.opensPromotion('1.1.0', { with: [configurationFile({ environments })] }),
  })

  expect(statuses(check)).toMatchObject({ metrics: 'failed', registry: 'failed' })
  expect(check.changes.map((change) => change.kind)).toContain('configuration-changed')
})

test('a configuration that is broken on the governed branch judges nothing, and names its line', async () => {
  const world = await openWorld({
    files: [{ path: '.github/weighbridge.yml', content: 'version: 1\nenvironmens: []\n' }],
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.verdict.status).toBe('inconclusive')
  expect(said(check)).toContain('Did you mean environments?')
  expect(gate(check, 'registry').children.map((child) => child.place?.line)).toContain(2)
})
