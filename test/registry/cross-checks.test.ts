import { expect, test } from 'vitest'
import { configurationKind, modelKind, recordKind } from '../../src/registry/file-kinds.ts'
import { filesDigest } from '../../src/registry/files-digest.ts'
import { CONFIGURATION, digest, MODEL, printed, recordText } from './files.ts'

const PATHS = { c: '.github/weighbridge.yml', m: 'models/churn/model.yml', r: 'models/churn/versions/1.4.0.yml' }
const configured = (from: string, to: string) => printed(configurationKind, PATHS.c, swap(CONFIGURATION, from, to))
const modelled = (from: string, to: string) => printed(modelKind, PATHS.m, swap(MODEL, from, to))
const recorded = (from: string, to: string) => printed(recordKind, PATHS.r, swap(recordText(), from, to))

function swap(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, to)
}

test.each([
  ['name: production', 'name: staging', 'the environment staging stands here a second time. Keep one of them.'],
  [
    'after: staging',
    'after: production',
    'production is no environment before this one. Environments before it: staging.',
  ],
  ['after: staging', 'after: stagin', 'Did you mean staging?'],
  ['deploy/production', 'deploy/staging/eu', 'deploy/staging/eu overlaps deploy/staging of staging.'],
  ['deploy/production', 'deploy', 'deploy overlaps deploy/staging of staging.'],
  ['deploy/production', 'deploy/staging/', 'deploy/staging/ overlaps deploy/staging of staging.'],
  ['deploy/production', 'models/churn', 'models/churn overlaps models/, whose files are ours.'],
  ['deploy/production', '.github/workflows', 'overlaps .github/'],
  [
    '{use: weighbridge/regulated, when: \'model.risk_class == "high"\'}',
    '{use: policies/production.yml}',
    'the policy policies/production.yml stands here a second time',
  ],
  ['policy: policies/staging.yml', 'policy: other/staging.yml', 'must lie in policies/'],
  ['policy: policies/staging.yml', 'policy: policies/../x.yml', 'must lie in policies/'],
  [
    's3://acme-weighbridge/evidence',
    's3://acme-models/registry/evidence',
    'overlap. Keep evidence where training cannot write.',
  ],
  ['s3://acme-weighbridge/evidence', 's3://acme-models', 'overlap.'],
  ['distinct: [trainer, approver]', 'distinct: [trainer, aprover]', 'there is no role aprover. Did you mean approver?'],
  [
    'environments: [production]',
    'environments: [prod]',
    'there is no environment prod. Environments here: staging, production.',
  ],
  ['branches: [main]', 'branches: [--upload-pack=x]', '--upload-pack=x is no branch name'],
  ['branches: [main]', 'branches: [a..b]', 'a..b is no branch name'],
  ["oncall: {teams: [sre], users: [dana, 'lee#42']}", 'oncall: {}', 'nobody holds this role'],
])('in the configuration %j cannot become %j', (from, to, message) => {
  expect(configured(from, to).join('\n')).toContain(message)
})

test('evidence and artifacts under names that only begin alike are apart', () => {
  expect(configured('s3://acme-weighbridge/evidence', 's3://acme-models/registry-evidence')).toEqual([])
  expect(configured('  evidence: s3://acme-weighbridge/evidence\n', '')).toEqual([])
  expect(configured('read: [s3://acme-data/]', 'read: [s3://acme-data]')).toEqual([])
  expect(configured('deploy/production', 'deploy/staging-eu')).toEqual([])
})

test.each([
  ['name: plan, type', 'name: tenure, type', 'features[1].name: the feature tenure stands here a second time'],
  ['min: 0, unit', 'min: 5, max: 3, unit', 'features[0].min: min 5 of tenure is above its max 3. Swap them.'],
  [
    'label: {name: churned, positive: 1}\n',
    '',
    '1:1 label: is missing. Add it at the top level; only task other does without.',
  ],
  ['name: churned', 'name: age', 'label.name: age is a feature already'],
  ['id: row_id', 'id: age', 'columns.id: age is a feature already'],
  ['weight: w', 'weight: churned', 'columns.weight: churned is the label already'],
  ['weight: w', 'weight: ts', 'columns.weight: ts is columns.time already'],
  ['[sex, age_group]', '[sex, sex]', 'sensitive[1]: the column sex stands here a second time'],
  ['[sex, age_group]', '[churned]', 'sensitive[0]: churned is the label already'],
  ['[sex, age_group]', '[customer_id]', 'sensitive[0]: customer_id is columns.unit already'],
  ['positive: 1}', 'positive: 2, classes: [0, 1]}', 'label.positive: 2 is none of label.classes. '],
  [
    'positive: 1}',
    'positive: "1", classes: [0, 1]}',
    'label.positive: "1" is none of label.classes. Classes here: 0, 1.',
  ],
  [', positive: 1', '', 'label: positive is not given; 1 is taken for the positive class'],
  ['task: binary', 'task: regression', 'label.positive: task regression has no positive class'],
  ['default: 0.01', 'default: 2', 'the default 2 is outside 0.00001 to 1'],
  ['default: 20', 'default: 2.5', 'the default 2.5 is not a whole number. Write a whole number.'],
  ['min: 0.00001', 'min: 0', 'a log search needs a min above 0'],
  ['min: 1, max: 200', 'min: 300, max: 200', 'min 300 is above max 200. Swap them.'],
  [
    'superseded}]',
    'superseded}, {version: 1.1.0, on: 2026-10-02, reason: again}]',
    'the version 1.1.0 stands here a second time',
  ],
  [
    'model: churn',
    'model: fraud',
    'model: the folder of fraud is models/fraud/model.yml. Move the file, or mend model.',
  ],
])('in a model %j cannot become %j', (from, to, message) => {
  expect(modelled(from, to).join('\n')).toContain(message)
})

test('sensitive columns may be features, each row may be a unit, and a unit may be the day', () => {
  expect(modelled('[sex, age_group]', '[age]')).toEqual([])
  expect(modelled('unit: customer_id', 'unit: row_id')).toEqual([])
  expect(modelled('unit: customer_id', 'unit: day')).toEqual([])
})

test('a model of task other needs neither features nor label', () => {
  expect(printed(modelKind, 'models/chat/model.yml', 'model: chat\ntask: other\n')).toEqual([])
})

test.each([
  ['parent: 1.3.0', 'parent: 1.4.0', 'parent: a version cannot be its own parent'],
  ['version: 1.4.0', 'version: 1.5.0', 'version: churn@1.5.0 belongs into models/churn/versions/1.5.0.yml'],
  [
    'model: churn',
    'model: fraud',
    'model: fraud@1.4.0 belongs into models/fraud/versions/1.4.0.yml. Move the file, or mend model.',
  ],
  ['roc_auc: 0.912', 'roc_auc: .inf', 'evaluation.claims.roc_auc: must be a finite number, found Infinity'],
  ['roc_auc: 0.912', 'roc_auc: 1e999', 'must be a number, found the text'],
  ['[tenure, plan, age]', '[tenure, plan, tenure]', 'features[2]: the feature tenure stands here a second time'],
  ['format: onnx', 'format: opaque', 'an opaque artifact without predictions or units cannot be measured'],
  ['{name: probabilities', '{name: label', 'signature.outputs[1].name: the output label stands here a second time'],
  [
    'commit: 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    'commit: 0123456789012345678901234567890123456789',
    'another number in YAML 1.1',
  ],
  ['id: 9876543210', 'id: 98765432109876543210', 'training.run.id: '],
])('in a version %j cannot become %j', (from, to, message) => {
  expect(recorded(from, to).join('\n')).toContain(message)
})

test('S11: names and versions that would leave their folder, or be taken for options, are refused where they are read', () => {
  for (const name of [
    '../x',
    '-flag',
    'a/../../b',
    '%2e',
    '‥',
    'ａ',
    'a．b',
    'Churn',
    'churn-',
    'a'.repeat(64),
    'x;rm',
    'con.',
  ]) {
    expect(recorded('model: churn', `model: '${name}'`).join('\n'), name).toContain(
      'model: must be lower-case letters, digits and inner hyphens',
    )
  }
  for (const version of [
    '../1.4.0',
    '1.4.0+b',
    'v1.4.0',
    '1.4',
    '01.4.0',
    '1.4.0-',
    '1.4.0/..',
    '-1.4.0',
    '1.4.0-RC.1',
    '１.4.0',
  ]) {
    expect(recorded('version: 1.4.0', `version: '${version}'`).join('\n'), version).toContain(
      'version: must be a semantic version',
    )
  }
  for (const uri of [
    's3://b/../x',
    's3://bkt/a//b',
    's3://bkt/%2e%2e/x',
    'file:../x',
    'file:/etc/passwd',
    'file:a\\b',
    'http://x/y',
    's3://bkt/a?versionId=1',
    's3:///x',
    'file:',
  ]) {
    const uris = recorded('s3://acme-models/registry/churn/1.4.0/model.onnx', `'${uri}'`.replace("'", "'"))
    expect(uris.join('\n'), uri).toMatch(/artifact\.uri: must/)
  }
})

const list = [
  { path: 'config.json', digest: digest('a'), size_bytes: 3 },
  { path: 'weights/part-1.bin', digest: digest('b'), size_bytes: 5 },
]
const withFiles = (files: typeof list, of = files) => {
  const lines = files.map(
    (file) => `  - {path: '${file.path}', digest: '${file.digest}', size_bytes: ${file.size_bytes}}`,
  )
  return printed(
    recordKind,
    PATHS.r,
    `${recordText().replace(digest('1.4.0'), filesDigest(of))}files:\n${lines.join('\n')}\n`,
  )
}

test('the digest of a folder is that of its sorted list of files, as sha256sum lists them', () => {
  expect(filesDigest([])).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(filesDigest(list)).toBe(digest(`${digest('a')}  config.json\n${digest('b')}  weights/part-1.bin\n`))
  expect(filesDigest([...list].reverse())).toBe(filesDigest(list))
  expect(withFiles(list)).toEqual([])
})

test('files that are unsorted, repeated, outside the folder or not those of the digest are refused', () => {
  expect(withFiles([...list].reverse()).join()).toContain(
    'files[1].path: config.json stands after weights/part-1.bin. Sort files by path',
  )
  expect(withFiles([list[0]!, list[0]!]).join()).toContain('files[1].path: config.json stands here a second time')
  expect(withFiles(list, list.slice(1)).join()).toContain('artifact.digest: is sha256:')
  for (const path of ['../weights', '/etc/passwd', 'a//b', 'a/./b', 'a\\b', '-rf', 'a%2fb', 'a/']) {
    expect(withFiles([{ ...list[0]!, path }]).join(), path).toContain('is no plain relative path')
  }
})
