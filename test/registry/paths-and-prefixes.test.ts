import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configurationKind } from '../../src/registry/file-kinds.ts'
import { matchesGlob } from '../../src/registry/matches-glob.ts'
import { classifyPath } from '../../src/registry/registry-path.ts'
import { prefixCovers } from '../../src/registry/store-prefix.ts'
import { CONFIGURATION, sound } from './files.ts'

const configuration = sound(configurationKind, '.github/weighbridge.yml', CONFIGURATION).value

test.each([
  ['.github/weighbridge.yml', { kind: 'configuration' }],
  ['policies/production.yml', { kind: 'policy' }],
  ['policies/deep/notes.md', { kind: 'policy' }],
  ['models/churn/model.yml', { kind: 'model', model: 'churn' }],
  ['models/churn/policy.yml', { kind: 'model-policy', model: 'churn' }],
  ['models/churn/versions/1.4.0.yml', { kind: 'version', model: 'churn', version: '1.4.0' }],
  ['models/churn/versions/1.4.0-rc.1.yml', { kind: 'version', model: 'churn', version: '1.4.0-rc.1' }],
  ['.github/workflows/train.yml', { kind: 'workflow', workflow: 'train.yml' }],
  ['deploy/production/churn.yaml', { kind: 'manifest', environment: 'production' }],
  ['deploy/production', { kind: 'manifest', environment: 'production' }],
  ['deploy/production-eu/churn.yaml', { kind: 'other' }],
  ['README.md', { kind: 'other' }],
  ['mymodels/churn/model.yml', { kind: 'other' }],
])('%s is %j', (path, is) => {
  expect(classifyPath(path, configuration)).toEqual(is)
})

test.each([
  ['models/churn/versions/1.4.0.yaml', 'Rename it to 1.4.0.yml.'],
  ['models/churn/versions/1.4.0+b.yml', 'Rename it to 1.4.0.yml.'],
  ['models/churn/versions/1.4.0-RC.1.yml', 'Rename it to 1.4.0-rc.1.yml.'],
  ['models/churn/versions/v1.4.0.yml', 'such as 1.4.0.yml.'],
  ['models/churn/versions/1.4.0.yml/x', 'Move it out of models/.'],
  ['models/churn/Versions/1.4.0.yml', 'Rename the folder to versions.'],
  ['models/churn/version/1.4.0.yml', 'Rename the folder to versions.'],
  ['models/churn/Model.yml', 'Rename it to model.yml.'],
  ['models/churn/model.yaml', 'Rename it to model.yml.'],
  ['models/churn/README.md', 'Move it out of models/.'],
  ['models/README.md', 'Move it out of models/.'],
  ['Models/churn/model.yml', 'Write models/ in lower case.'],
  ['models/Churn/model.yml', 'Rename the folder.'],
  ['models/../x/model.yml', 'Rename the folder.'],
  ['models/-flag/model.yml', 'Rename the folder.'],
  ['models/%2e%2e/model.yml', 'Rename the folder.'],
  ['models/‥/model.yml', 'Rename the folder.'],
  ['models/сhurn/model.yml', 'Rename the folder.'],
])('S11: %s is a stray below models/, with the way out', (path, mend) => {
  const is = classifyPath(path, configuration)
  expect(is).toMatchObject({ kind: 'stray-in-models', mend: expect.stringContaining(mend) })
})

test('no path below models/ is ever anything but a file of ours or a stray', () => {
  const step = fc.constantFrom(
    'models',
    'churn',
    'versions',
    '1.4.0.yml',
    'model.yml',
    '..',
    '',
    '.',
    'Versions',
    '1.4.0',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(step, fc.string({ maxLength: 5 })), { maxLength: 5 }), (steps) => {
      const path = ['models', ...steps].join('/')
      const { kind } = classifyPath(path, configuration)
      expect(['model', 'model-policy', 'version', 'stray-in-models']).toContain(kind)
    }),
  )
})

test.each([
  ['s3://acme-data', 's3://acme-data/x', true],
  ['s3://acme-data/', 's3://acme-data/x', true],
  ['s3://acme-data', 's3://acme-data-evil/x', false],
  ['s3://acme-data/a', 's3://acme-data/a/b.onnx', true],
  ['s3://acme-data/a', 's3://acme-data/ab', false],
  ['s3://acme-data/a', 's3://acme-data/a', false],
  ['s3://acme-data/a/', 's3://acme-data/a/', false],
  ['s3://acme-data/a', 's3://acme-data/a/../b', false],
  ['s3://acme-data/a', 's3://acme-data/a//b', false],
  ['s3://acme-data/a', 's3://acme-data/a/%2e%2e/b', false],
  ['s3://acme-data/a', 's3://acme-data/a/b\\c', false],
  ['s3://acme-data/a', 's3://acme-data/a/\u0000', false],
  ['s3://acme-data/a', 's3://acme-data/a/b?versionId=1', false],
  ['s3://acme-data', 'file:acme-data/x', false],
  ['file:.weighbridge/store', 'file:.weighbridge/store/churn/1.0.0.onnx', true],
  ['file:.weighbridge/store', 'file:.weighbridge/storekeeper', false],
  ['file:.weighbridge/store', 'file:.weighbridge/store/../../x', false],
  ['file:', 'file:x', false],
  ['file:/etc', 'file:/etc/passwd', false],
  ['s3://', 's3://acme-data/x', false],
  ['', 's3://acme-data/x', false],
  ['https://x/', 'https://x/y', false],
])('prefix %s and %s: %s', (prefix, uri, covers) => {
  expect(prefixCovers(prefix, uri)).toBe(covers)
})

test('a star matches any run of characters, and nothing else is special', () => {
  expect(matchesGlob('credit-*', 'credit-cards')).toBe(true)
  expect(matchesGlob('credit-*', 'credit-')).toBe(true)
  expect(matchesGlob('credit-*', 'precredit-x')).toBe(false)
  expect(matchesGlob('*', '')).toBe(true)
  expect(matchesGlob('a*a', 'a')).toBe(false)
  expect(matchesGlob('a.c', 'abc')).toBe(false)
  expect(matchesGlob('*b*b*', 'abab')).toBe(true)
  expect(matchesGlob('*ab*ba', 'aba')).toBe(false)
  expect(matchesGlob('(a+)+$', 'aaaa')).toBe(false)
})

test('globs answer as the plain definition of a star does', () => {
  const slow = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === ''
    if (pattern[0] !== '*') return text[0] === pattern[0] && slow(pattern.slice(1), text.slice(1))
    return slow(pattern.slice(1), text) || (text !== '' && slow(pattern, text.slice(1)))
  }
  const letters = (of: string) => fc.string({ unit: fc.constantFrom(...of), maxLength: 8 })
  fc.assert(
    fc.property(letters('ab*'), letters('ab'), (pattern, text) => {
      expect(matchesGlob(pattern, text)).toBe(slow(pattern, text))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['*a'.repeat(30_000), 'a'.repeat(29_999)],
  [`${'*a'.repeat(20_000)}*b`, 'a'.repeat(60_000)],
  ['*'.repeat(100_000), 'a'.repeat(100_000)],
  [`*${'a'.repeat(200)}b*`, 'a'.repeat(60_000)],
])('S21: no pattern takes longer than 50 ms (case %#)', (pattern, text) => {
  const times = [1, 2, 3].map(() => {
    const started = performance.now()
    matchesGlob(pattern, text)
    return performance.now() - started
  })
  expect(Math.min(...times)).toBeLessThan(50)
})
