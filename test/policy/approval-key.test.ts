import { expect, test } from 'vitest'
import type { GateSubject } from '../../src/gates/gate.ts'
import { approvalKey, type KeyFacts, policyDigest } from '../../src/policy/approval-key.ts'
import type { ChangedPath } from '../../src/registry/change.ts'
import { churn, compose, configuration, digestOf, promotion, recordFile, weighing } from './weighing.ts'

const changed = (path: string, oid: string | null = '1'.repeat(40), mode: string | null = '100644'): ChangedPath => ({
  path,
  status: 'modified',
  mode: { from: '100644', to: mode },
  oid: { from: '0'.repeat(40), to: oid },
})
const MANIFEST = changed('deploy/production/churn.yml')
const TEXT = 'gates: {lineage: {require: [parent]}}\n'

function key(more: Partial<KeyFacts> = {}, subject: Partial<GateSubject> = {}, text = TEXT): string {
  const composed = compose({ 'policies/p.yml': text })
  const promoted = { change: promotion, subject: weighing(subject), composed }
  return approvalKey({
    changed: [MANIFEST],
    changes: [promotion],
    configuration,
    registrySha: null,
    promotions: [promoted],
    ...more,
  })
}

test('the key is 64 hexadecimal digits, and the same facts give the same one in any order', () => {
  const other = changed('models/churn/versions/1.4.0.yml')
  expect(key()).toMatch(/^[0-9a-f]{64}$/)
  expect(key()).toBe(key())
  expect(key({ changed: [MANIFEST, other] })).toBe(key({ changed: [other, MANIFEST] }))
})

test('prose, code and a workflow that judges nothing may change without asking anybody again', () => {
  const prose = [MANIFEST, changed('README.md'), changed('src/train.py'), changed('.github/workflows/ci.yml')]
  expect(key({ changed: prose })).toBe(key())
  const comment = `# why\n${TEXT}`
  expect(key({}, {}, comment)).toBe(key())
})

const BOUND: readonly (readonly [string, () => string])[] = [
  ['a blob of ours', () => key({ changed: [changed(MANIFEST.path, '2'.repeat(40))] })],
  ['the mode of a file of ours', () => key({ changed: [changed(MANIFEST.path, '1'.repeat(40), '120000')] })],
  ['a removal', () => key({ changed: [changed(MANIFEST.path, null, null)] })],
  ['another path of ours', () => key({ changed: [MANIFEST, changed('policies/p.yml')] })],
  [
    'the artifact',
    () =>
      key(
        {},
        {
          candidate: recordFile('1.4.0', {
            artifact: { ...recordFile('1.4.0').record.artifact, digest: digestOf('f') },
          }),
        },
      ),
  ],
  ['the incumbent', () => key({}, { incumbent: null })],
  ['the exam', () => key({}, { exam: null })],
  ['the terms', () => key({}, { model: { ...churn, sensitive: [] } })],
  ['the policy', () => key({}, {}, 'gates: {lineage: {require: [commit]}}\n')],
  ['who may waive', () => key({}, {}, `${TEXT}waivable: {drift: {by: risk}}\n`)],
  [
    'the configuration, roles among it',
    () => key({ configuration: { ...configuration, roles: { approver: { users: ['eve'] } } } }),
  ],
  ['the tip of another registry', () => key({ registrySha: 'a'.repeat(40) })],
  [
    'a workflow that judges',
    () => {
      const path = '.github/workflows/evaluate.yml'
      return key({ changed: [MANIFEST, changed(path)], changes: [promotion, { kind: 'policy-changed', path }] })
    },
  ],
]
for (const [name, other] of BOUND) {
  test(`an approval does not outlive a change of ${name} (S33, S35)`, () => {
    expect(other()).not.toBe(key())
  })
}

test('a policy’s digest is of its rules, not of its text', () => {
  const digest = (text: string) => policyDigest(compose({ 'policies/p.yml': text }))
  expect(digest(`\n\n${TEXT}`)).toBe(digest(TEXT))
  expect(digest('gates: {}\n')).not.toBe(digest(TEXT))
})
