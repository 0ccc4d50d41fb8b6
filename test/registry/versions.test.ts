import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordKind } from '../../src/registry/file-kinds.ts'
import { compareVersions, parseVersion, stepBetween } from '../../src/registry/semantic-version.ts'
import { coversStep, requiredStep } from '../../src/registry/version-step.ts'
import { recordText, sound } from './files.ts'

test('versions are ordered as Semantic Versioning 2.0.0 orders them', () => {
  const ordered = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '2.0.0',
    '2.1.0',
    '2.1.1',
  ]
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) expect(compareVersions(a, b), `${a} ${b}`).toBe(Math.sign(i - j))
  }
  expect(compareVersions('1.0.0-9', '1.0.0-10')).toBe(-1)
  expect(compareVersions('1.0.0-999', '1.0.0-a')).toBe(-1)
})

test('what is no version is never taken for one', () => {
  for (const text of [
    '1.4',
    'v1.4.0',
    '1.4.0+b',
    '01.4.0',
    '1.4.0-01',
    '1.4.0-',
    '1.4.0-RC',
    '',
    '1.4.0\n',
    '1.4.0.yml',
    '9999999999.0.0',
    `1.0.0-${'a'.repeat(64)}`,
  ]) {
    expect(parseVersion(text), text).toBeNull()
    expect(() => compareVersions(text, '1.0.0')).toThrow(RangeError)
  }
  expect(parseVersion('1.4.0-rc.1.x-2')).toEqual({ major: 1, minor: 4, patch: 0, prerelease: ['rc', 1, 'x-2'] })
})

test('any two versions have one order, and sorting is stable under it', () => {
  const part = fc.nat({ max: 3 })
  const pre = fc.array(fc.constantFrom('0', '2', '11', 'a', 'rc', '-'), { maxLength: 2 })
  const version = fc
    .tuple(part, part, part, pre)
    .map(([a, b, c, p]) => `${a}.${b}.${c}${p.length > 0 ? `-${p.join('.')}` : ''}`)
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(compareVersions(a, b)).toBe(-compareVersions(b, a) || 0)
      expect(compareVersions(a, b) === 0).toBe(a === b)
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})

test.each([
  ['1.3.0', '1.4.0', 'minor'],
  ['1.3.9', '2.0.0', 'major'],
  ['1.3.0', '1.3.1', 'patch'],
  ['1.3.0', '1.3.0', 'none'],
  ['1.4.0', '1.3.9', 'backwards'],
  ['1.4.0', '1.4.0-rc.1', 'backwards'],
  ['1.3.0', '2.0.0-rc.1', 'major'],
  ['2.0.0-rc.1', '2.0.0', 'major'],
  ['1.4.0-rc.1', '1.4.0-rc.2', 'minor'],
  ['1.4.1-rc.1', '1.4.1', 'patch'],
])('from %s to %s is %s', (parent, version, step) => {
  expect(stepBetween(parent, version)).toBe(step)
})

const record = (from = '', to = '') => {
  const text = recordText()
  expect(text).toContain(from)
  return sound(recordKind, 'v.yml', text.replace(from, to)).value
}
const needed = (from: string, to: string) => requiredStep(record(), record(from, to))

test('a version retrained with all else equal needs a patch, and a number may change', () => {
  expect(requiredStep(record(), record())).toEqual({ step: 'patch', reasons: [] })
  expect(needed('learning_rate: 0.02', 'learning_rate: 0.05').step).toBe('patch')
  expect(needed('seed: 7', 'seed: 8').step).toBe('patch')
  expect(needed('name: customers, ', '').step).toBe('patch')
})

test.each([
  ['type: float32, shape: [null, 14]', 'type: float64, shape: [null, 14]', 'input features is float64, was float32'],
  ['shape: [null, 14]', 'shape: [null, 15]', 'input features has shape [any, 15], had [any, 14]'],
  [
    'inputs: [{name: features',
    'inputs: [{name: extra, type: int64, shape: [1]}, {name: features',
    'input extra was added',
  ],
  ['{name: features,', '{name: x,', 'input features was removed'],
  ['{name: label, type: int64, shape: [null]}, ', '', 'output label was removed'],
  ['[tenure, plan, age]', '[plan, tenure, age]', 'the order of features changed'],
  ['[tenure, plan, age]', '[tenure, plan]', 'features are tenure, plan, were tenure, plan, age'],
])('what callers send or read cannot change without a major step: %j to %j', (from, to, what) => {
  const required = needed(from, to)
  expect(required.step).toBe('major')
  expect(required.reasons.map((reason) => reason.what)).toContain(what)
})

test.each([
  ['threshold: 0.5', 'threshold: 0.6', 'the threshold is 0.6, was 0.5'],
  ['booster: dart', 'booster: gbtree', 'training parameter booster is gbtree, was dart'],
  ['epochs: 30, booster: dart', 'epochs: 30', 'training parameter booster is absent, was dart'],
  ['epochs: 30', 'epochs: thirty', 'training parameter epochs is thirty, was 30'],
  ['view: customer_activity', 'view: customer_spending', 'it was trained on other feature views'],
  ['format: onnx', 'format: opaque', 'the artifact is opaque, was onnx'],
])('other data, features, architecture or threshold take a minor step: %j to %j', (from, to, what) => {
  expect(needed(from, to)).toEqual({ step: 'minor', reasons: [{ step: 'minor', what }] })
})

test('other training data take a minor step, named once', () => {
  const other = record().evaluation.reference.digest.replace(/.$/, 'f')
  const after = {
    ...record(),
    evaluation: { ...record().evaluation, reference: { ...record().evaluation.reference, digest: other } },
  }
  expect(requiredStep(record(), after).reasons).toEqual([{ step: 'minor', what: 'it was trained on other data' }])
})

test('another set of operators is another architecture, another count of them is not', () => {
  const graphs = { parentOperators: { Gemm: 2, Relu: 1 }, operators: { Gemm: 3, Relu: 9 } }
  expect(requiredStep(record(), record(), graphs).step).toBe('patch')
  const other = requiredStep(record(), record(), { ...graphs, operators: { Gemm: 2, Tanh: 1 } })
  expect(other).toEqual({
    step: 'minor',
    reasons: [
      { step: 'minor', what: 'the graph has operators Tanh that its parent lacks' },
      { step: 'minor', what: 'the graph lacks operators Relu that its parent has' },
    ],
  })
})

test('an unstated threshold is 0.5 and an unstated format onnx', () => {
  expect(needed('threshold: 0.5\n', '').step).toBe('patch')
  expect(needed(', format: onnx', '').step).toBe('patch')
})

test('a larger step than needed is fine, a smaller one, none or a step back are not', () => {
  expect(coversStep('major', 'minor')).toBe(true)
  expect(coversStep('minor', 'minor')).toBe(true)
  expect(coversStep('patch', 'minor')).toBe(false)
  expect(coversStep('none', 'patch')).toBe(false)
  expect(coversStep('backwards', 'patch')).toBe(false)
})
