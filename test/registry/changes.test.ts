import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, ChangedPath } from '../../src/registry/change.ts'
import { readChanges } from '../../src/registry/changes.ts'
import { fieldDifferences } from '../../src/registry/field-differences.ts'
import { configurationKind } from '../../src/registry/file-kinds.ts'
import { printMistake } from '../../src/registry/mistake.ts'
import { CONFIGURATION, changedBetween, digest, MODEL, recordText, sound } from './files.ts'

const configuration = sound(configurationKind, '.github/weighbridge.yml', CONFIGURATION).value
const MODEL_AT = 'models/churn/model.yml'
const RECORD_AT = 'models/churn/versions/1.3.0.yml'
const POLICY = 'evidence: {at_least: attested, workflows: [evaluate.yml]}\ngates: {registry: {}}\n'

const base: ReadonlyMap<string, string> = new Map([
  ['.github/weighbridge.yml', CONFIGURATION],
  ['.github/workflows/train.yml', 'on: workflow_dispatch\n'],
  ['.github/workflows/evaluate.yml', 'on: workflow_dispatch\n'],
  ['.github/workflows/test.yml', 'on: push\n'],
  ['policies/production.yml', POLICY],
  [MODEL_AT, MODEL],
  [RECORD_AT, recordText('1.3.0', null)],
  ['deploy/production/churn.yml', 'kind: InferenceService\n'],
  ['README.md', '# Models\n'],
])

type Edit = Readonly<Record<string, string | null>>

function read(edit: Edit, adapt: (changed: ChangedPath) => ChangedPath = (changed) => changed) {
  const head = new Map(base)
  for (const [path, text] of Object.entries(edit)) {
    if (text === null) head.delete(path)
    else head.set(path, text)
  }
  const changed = changedBetween(base, head).map(adapt)
  const { changes, mistakes } = readChanges({ configuration, base, head, changed })
  return { changes, kinds: changes.map(({ kind }) => kind), mistakes: mistakes.map(printMistake) }
}

const edited = (from: string, to: string) => {
  expect(MODEL).toContain(from)
  return read({ [MODEL_AT]: MODEL.replace(from, to) })
}
const fieldsOf = (changes: readonly Change[], kind: string) => changes.find((change) => change.kind === kind)?.fields

test('a new version is read with its model and number', () => {
  const { changes, mistakes } = read({ 'models/churn/versions/1.4.0.yml': recordText() })
  expect(changes).toEqual([
    {
      kind: 'version-added',
      path: 'models/churn/versions/1.4.0.yml',
      place: { path: 'models/churn/versions/1.4.0.yml', line: 1, column: 1 },
      model: 'churn',
      version: '1.4.0',
    },
  ])
  expect(mistakes).toEqual([])
})

test('an edited version is told field by field, and a comment in it is an edit too', () => {
  const { changes } = read({ [RECORD_AT]: recordText('1.3.0', null, 'other').replace('0.912', '0.999') })
  expect(changes).toHaveLength(1)
  expect(changes[0]).toMatchObject({
    kind: 'version-changed',
    model: 'churn',
    version: '1.3.0',
    from: '1.3.0',
    to: '1.3.0',
    place: { line: 4 },
  })
  expect(changes[0]?.fields).toEqual([
    { field: 'artifact.digest', from: `"${digest('1.3.0')}"`, to: `"${digest('other')}"` },
    { field: 'evaluation.claims.roc_auc', from: '0.912', to: '0.999' },
  ])
  expect(read({ [RECORD_AT]: `${recordText('1.3.0', null)}# harmless\n` }).kinds).toEqual(['version-changed'])
})

test('an immutable version renamed away is a removal, an addition and a mistake, never a rename', () => {
  const { changes, mistakes } = read({
    [RECORD_AT]: null,
    'models/churn/versions/1.3.1.yml': recordText('1.3.0', null),
  })
  expect(changes.map(({ kind, version, to }) => [kind, version, to])).toEqual([
    ['version-changed', '1.3.0', null],
    ['version-added', '1.3.1', undefined],
  ])
  expect(mistakes).toEqual([
    'models/churn/versions/1.3.1.yml:2:10 version: churn@1.3.0 belongs into models/churn/versions/1.3.0.yml. Move the file, or mend version.',
  ])
})

test('a version added again where one was removed before is an addition like any other; only its first digest can tell', () => {
  const without = new Map(base)
  without.delete(RECORD_AT)
  const head = new Map(without).set(RECORD_AT, recordText('1.3.0', null, 'other bytes'))
  const { changes } = readChanges({ configuration, base: without, head, changed: changedBetween(without, head) })
  expect(changes.map(({ kind, version }) => [kind, version])).toEqual([['version-added', '1.3.0']])
})

test('a version that base gained meanwhile is changed by whoever adds it too', () => {
  const added = (changed: ChangedPath): ChangedPath => ({
    ...changed,
    status: 'added',
    oid: { ...changed.oid, from: null },
  })
  expect(read({ [RECORD_AT]: recordText('1.3.0', null, 'other') }, added).kinds).toEqual(['version-changed'])
})

test.each([
  ['sensitive: [sex, age_group]', 'sensitive: []', { field: 'sensitive', from: '["sex","age_group"]', to: '[]' }],
  ['sensitive: [sex, age_group]\n', '', { field: 'sensitive', from: '["sex","age_group"]', to: 'absent' }],
  ['risk_class: limited', 'risk_class: minimal', { field: 'risk_class', from: '"limited"', to: '"minimal"' }],
  ['positive: 1', 'positive: 0', { field: 'label.positive', from: '1', to: '0' }],
  ['positive: 1', 'positive: "1"', { field: 'label.positive', from: '1', to: '"1"' }],
  ['unit: customer_id', 'unit: session', { field: 'columns.unit', from: '"customer_id"', to: '"session"' }],
  ['owner: data-science', 'owner: mallory', { field: 'owner', from: '"data-science"', to: '"mallory"' }],
  ['window: 7d', 'window: 1d', { field: 'monitoring.window', from: '"7d"', to: '"1d"' }],
  [
    'training:',
    'not_applicable: [{gate: fairness, reason: none}]\ntraining:',
    { field: 'not_applicable', from: 'absent', to: '[{"gate":"fairness","reason":"none"}]' },
  ],
])('S56: %j cannot become %j unseen: the terms changed, with both values', (from, to, field) => {
  const { changes, kinds } = edited(from, to)
  expect(kinds).toEqual(['terms-changed'])
  expect(changes[0]).toMatchObject({ model: 'churn', fields: [field] })
})

test('another exam is a change of its own; who keeps it, and what protects it, are terms', () => {
  const other = edited('eval-2026-10.parquet', 'eval-2026-11.parquet')
  expect(other.kinds).toEqual(['evaluation-changed'])
  expect(other.changes[0]?.fields?.[0]?.field).toBe('evaluation.data.uri')
  expect(edited('evaluation:\n', 'evaluation:\n  steward: {teams: [mallory]}\n').kinds).toEqual(['terms-changed'])
  const gone = read({ [MODEL_AT]: MODEL.replace(/evaluation:\n.*\n/, '') })
  expect(gone.kinds).toEqual(['evaluation-changed'])
  const both = read({ [MODEL_AT]: MODEL.replace(/evaluation:\n.*\n/, 'evaluation: 3\n') })
  expect(both.kinds).toEqual(['evaluation-changed', 'terms-changed'])
})

test('the rest of a model is told apart from its terms', () => {
  const { changes, kinds } = edited(
    'owner: data-science\ndescription: Which customers leave within 30 days.',
    'owner: x\ndescription: Other.',
  )
  expect(kinds).toEqual(['terms-changed', 'model-changed'])
  expect(fieldsOf(changes, 'model-changed')).toEqual([
    { field: 'description', from: '"Which customers leave within 30 days."', to: '"Other."' },
  ])
  expect(read({ [MODEL_AT]: `# why\n${MODEL}` }).kinds).toEqual(['model-changed'])
})

test('a new model has no terms yet; one that goes takes all of them with it', () => {
  expect(read({ 'models/fraud/model.yml': 'model: fraud\ntask: other\n' }).kinds).toEqual(['model-changed'])
  const { changes, kinds } = read({ [MODEL_AT]: null })
  expect(kinds).toEqual(['evaluation-changed', 'terms-changed', 'model-changed'])
  expect(fieldsOf(changes, 'terms-changed')?.map(({ field }) => field)).toContain('sensitive')
})

test('an unreadable model yields every change that it may be, and the mistake', () => {
  const { kinds, mistakes } = read({ [MODEL_AT]: 'model: &x churn\n' })
  expect(kinds).toEqual(['evaluation-changed', 'terms-changed', 'model-changed'])
  expect(mistakes).toEqual([
    'models/churn/model.yml:1:8 holds an anchor (&). Delete the anchor and write each value out.',
  ])
})

test('policies, models’ own policies, and the workflows that either names are policy; other workflows are not', () => {
  const kinds = (edit: Edit) => read(edit).changes.map(({ kind, path }) => `${kind} ${path}`)
  expect(kinds({ 'policies/production.yml': POLICY.replace('attested', 'claimed') })).toEqual([
    'policy-changed policies/production.yml',
  ])
  expect(kinds({ 'policies/notes.md': 'x' })).toEqual(['policy-changed policies/notes.md'])
  expect(kinds({ 'models/churn/policy.yml': 'gates: {}\n' })).toEqual(['policy-changed models/churn/policy.yml'])
  expect(kinds({ '.github/workflows/train.yml': 'on: push\n' })).toEqual(['policy-changed .github/workflows/train.yml'])
  expect(kinds({ '.github/workflows/evaluate.yml': null })).toEqual(['policy-changed .github/workflows/evaluate.yml'])
  expect(kinds({ '.github/workflows/test.yml': 'on: pull_request\n' })).toEqual([])
})

test('a workflow that this pull request stops naming is still a judging one', () => {
  const { kinds } = read({
    'policies/production.yml': POLICY.replace('evaluate.yml', 'other.yml'),
    '.github/workflows/evaluate.yml': 'on: push\n',
  })
  expect(kinds).toEqual(['policy-changed', 'policy-changed'])
})

test('a change of the configuration tells its fields', () => {
  const { changes } = read({ '.github/weighbridge.yml': CONFIGURATION.replace('users: [dana', 'users: [mallory') })
  expect(changes).toMatchObject([
    {
      kind: 'configuration-changed',
      fields: [{ field: 'roles.oncall.users', from: '["dana","lee#42"]', to: '["mallory","lee#42"]' }],
    },
  ])
})

test('a stray below models/ is a mistake and no change; manifests and everything else are not ours here', () => {
  expect(read({ 'models/churn/versions/1.4.0.yaml': recordText() })).toMatchObject({
    kinds: [],
    mistakes: [
      'models/churn/versions/1.4.0.yaml:1:1 1.4.0.yaml is not read: the file of a version is exactly <version>.yml. Rename it to 1.4.0.yml.',
    ],
  })
  expect(read({ 'README.md': 'x', 'deploy/production/churn.yml': 'x' })).toMatchObject({ kinds: [], mistakes: [] })
})

test('a link in the place of a file of ours is refused, and its change is seen all the same', () => {
  const link = (changed: ChangedPath): ChangedPath => ({ ...changed, mode: { ...changed.mode, to: '120000' } })
  const { kinds, mistakes } = read({ [MODEL_AT]: '../../elsewhere.yml' }, link)
  expect(kinds).toEqual(['evaluation-changed', 'terms-changed', 'model-changed'])
  expect(mistakes).toEqual(['models/churn/model.yml:1:1 is a symbolic link. Commit the file itself in its place.'])
})

test('a changed file that nobody could read is never taken for unchanged', () => {
  const changed: ChangedPath = {
    path: MODEL_AT,
    status: 'modified',
    mode: { from: '100644', to: '100644' },
    oid: { from: 'a', to: 'b' },
  }
  const { changes, mistakes } = readChanges({ configuration, base: new Map(), head: new Map(), changed: [changed] })
  expect(changes.map(({ kind }) => kind)).toEqual(['evaluation-changed', 'terms-changed', 'model-changed'])
  expect(mistakes.map(({ what }) => what)).toEqual(['was not read'])
})

test('documents differ where and only where they say another thing, whatever the order of their keys', () => {
  const tree = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      expect(fieldDifferences(a, structuredClone(a))).toEqual([])
      expect(fieldDifferences(a, b).length > 0).toBe(fieldDifferences(b, a).length > 0)
    }),
  )
  expect(fieldDifferences({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 })).toEqual([])
  expect(fieldDifferences({ a: [{ x: 1 }] }, { a: [{ x: 2 }, 3] }).map(({ field }) => field)).toEqual([
    'a[0].x',
    'a[1]',
  ])
})
