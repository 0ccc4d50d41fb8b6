import { describe, expect, test } from 'vitest'
import { asRollback, readServingChanges } from '../../src/serving/serving-changes.ts'
import { deployment, environment, inferenceService, read, type Tree, uriOf } from './manifests.ts'

const changes = (base: Tree, head: Tree) =>
  readServingChanges({ environment: environment(), base: read(base), head: read(head) })

describe('a pull request that changes the version is a promotion', () => {
  test('from the version that was served to the one that would be', () => {
    const found = changes(
      { 'churn.yaml': inferenceService() },
      { 'churn.yaml': inferenceService({ version: '1.5.0' }) },
    )

    expect(found).toEqual([
      {
        kind: 'promotion',
        path: 'deploy/production/churn.yaml',
        place: { path: 'deploy/production/churn.yaml', line: 9, column: 5 },
        model: 'churn',
        environment: 'production',
        version: '1.5.0',
        from: '1.4.0',
        to: '1.5.0',
      },
    ])
  })

  test('from nothing when the model was not served here', () => {
    expect(changes({}, { 'churn.yaml': inferenceService() })).toMatchObject([
      { kind: 'promotion', from: null, to: '1.4.0' },
    ])
  })

  test('two models in one file are two promotions', () => {
    const fraud = inferenceService({ model: 'fraud', version: '2.0.0' })

    expect(
      changes({}, { 'all.yaml': `${inferenceService()}---\n${fraud}` }).map(({ model, to }) => [model, to]),
    ).toEqual([
      ['churn', '1.4.0'],
      ['fraud', '2.0.0'],
    ])
  })

  test('also when it names a version that has no record: it is judged, not overlooked', () => {
    const found = changes({ 'a.yaml': inferenceService() }, { 'a.yaml': inferenceService({ version: '9.9.9' }) })

    expect(found).toMatchObject([{ kind: 'promotion', to: '9.9.9' }])
  })

  test('back to a version verified there, the job calls it a rollback', () => {
    const [promotion] = changes({ 'a.yaml': inferenceService() }, { 'a.yaml': inferenceService({ version: '1.3.0' }) })

    expect(asRollback(promotion!)).toEqual({ ...promotion, kind: 'rollback' })
  })
})

describe('nothing has changed when the cluster would read the same', () => {
  test.each([
    [
      'comments and blank lines',
      inferenceService().replace('# Serves churn; see the runbook.\n', '\n# Other words\n\n'),
    ],
    [
      'quotes',
      inferenceService()
        .replace('name: churn\n', `name: 'churn'\n`)
        .replace('protocolVersion: v2', 'protocolVersion: "v2"'),
    ],
    ['flow style', inferenceService().replace('{name: onnx}', '\n        name: onnx')],
    ['line ends', inferenceService().replaceAll('\n', '\r\n')],
    [
      'the order of keys',
      inferenceService().replace('kind: InferenceService\n', '').replace('spec:', 'kind: InferenceService\nspec:'),
    ],
  ])('%s', (_, text) => {
    expect(changes({ 'churn.yaml': inferenceService() }, { 'churn.yaml': text })).toEqual([])
  })

  test('an object that only moved to another file', () => {
    expect(changes({ 'a.yaml': inferenceService() }, { 'sub/b.yaml': inferenceService() })).toEqual([])
  })

  test('neutral objects', () => {
    const config = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: ${value}}\n`

    expect(changes({ 'x.yaml': config('b') }, { 'x.yaml': config('c') })).toEqual([])
  })
})

describe('other fields of a bound object are shown with both values', () => {
  const fieldsOf = (from: string, to: string) => {
    const [found, ...more] = changes({ 'x.yaml': from }, { 'x.yaml': to })
    expect(more).toEqual([])
    expect(found).toMatchObject({ kind: 'serving-changed', model: 'churn', environment: 'production' })
    return found!.fields
  }

  test('a threshold moved in a transformer is another model', () => {
    const withTransformer = (threshold: string) =>
      inferenceService({
        predictor: `  transformer:\n    containers:\n      - {name: t, image: a/b, env: [{name: THRESHOLD, value: "${threshold}"}]}\n`,
      })

    expect(fieldsOf(withTransformer('0.5'), withTransformer('0.9'))).toEqual([
      { field: 'spec.transformer.containers.t.env.THRESHOLD.value', from: '"0.5"', to: '"0.9"' },
    ])
  })

  test('image and arguments of the server', () => {
    const changed = deployment()
      .replace('acme/server', 'evil/server')
      .replace('          env:', '          args: [--unsafe]\n          env:')

    expect(fieldsOf(deployment(), changed)!.map(({ field }) => field)).toEqual([
      'spec.template.spec.containers.server.image',
      'spec.template.spec.containers.server.args[0]',
    ])
  })

  test('a variable put first is one change, not a change of all that follow', () => {
    const changed = deployment().replace('          env:\n', '          env:\n            - {name: NEW, value: x}\n')

    expect(fieldsOf(deployment(), changed)).toEqual([
      { field: 'spec.template.spec.containers.server.env.NEW.name', from: 'absent', to: '"NEW"' },
      { field: 'spec.template.spec.containers.server.env.NEW.value', from: 'absent', to: '"x"' },
    ])
  })

  test('a traffic weight', () => {
    const changed = inferenceService({ predictor: '    canaryTrafficPercent: 5\n' })

    expect(fieldsOf(inferenceService(), changed)).toEqual([
      { field: 'spec.predictor.canaryTrafficPercent', from: 'absent', to: '5' },
    ])
  })

  test('the artifact without the version', () => {
    const changed = inferenceService({ uri: uriOf('churn', '1.5.0') })

    expect(fieldsOf(inferenceService(), changed)).toEqual([
      {
        field: 'spec.predictor.model.storageUri',
        from: `"${uriOf('churn', '1.4.0')}"`,
        to: `"${uriOf('churn', '1.5.0')}"`,
      },
    ])
  })

  test('beside a promotion, without the version and the artifact that it tells of', () => {
    const head = inferenceService({ version: '1.5.0' }).replace('minReplicas: 1', 'minReplicas: 3')

    expect(changes({ 'x.yaml': inferenceService() }, { 'x.yaml': head })).toMatchObject([
      { kind: 'promotion', to: '1.5.0' },
      { kind: 'serving-changed', fields: [{ field: 'spec.predictor.minReplicas', from: '1', to: '3' }] },
    ])
  })

  test('010 and 10 differ, since they do for the cluster', () => {
    const [ten, octal] = ['10', '010'].map((n) => inferenceService().replace('minReplicas: 1', `minReplicas: ${n}`))

    expect(fieldsOf(ten!, octal!)).toEqual([{ field: 'spec.predictor.minReplicas', from: '10', to: '"010"' }])
  })

  test('a merge key that brings in an argument is seen as the cluster sees it', () => {
    const changed = inferenceService({ predictor: '      <<: {args: [--threshold=0.9]}\n' })
    const [found] = changes({ 'x.yaml': inferenceService() }, { 'x.yaml': changed })

    expect(found!.fields).toContainEqual({
      field: 'spec.predictor.model.args[0]',
      from: 'absent',
      to: '"--threshold=0.9"',
    })
  })

  test('long values are cut around their difference, fifty fields are shown at most', () => {
    const args = (last: string) => inferenceService({ predictor: `      args: ["${'x'.repeat(500)}${last}"]\n` })
    const many = inferenceService({
      predictor: `      args: [${Array.from({ length: 80 }, (_, i) => `"${i}"`).join(',')}]\n`,
    })

    const [long] = fieldsOf(args('old'), args('new'))!
    expect(long!.to).toMatch(/^\.\.\.x{20}new"$/)
    const fields = fieldsOf(inferenceService(), many)!
    expect(fields).toHaveLength(50)
    expect(fields[49]!.field).toBe('and 31 more fields')
    for (const { from, to } of fields) expect(Math.max(from.length, to.length)).toBeLessThanOrEqual(200)
  })

  test('another object under the same model', () => {
    expect(fieldsOf(inferenceService(), inferenceService({ name: 'churn-b' }))).toEqual([
      { field: 'metadata.name', from: '"churn"', to: '"churn-b"' },
    ])
  })
})

describe('what no longer serves is a removal', () => {
  const removedField = (base: Tree, head: Tree) => {
    const found = changes(base, head)
    expect(found[0]).toMatchObject({ kind: 'removed', model: 'churn', version: '1.4.0', from: '1.4.0', to: null })
    return found[0]!.fields![0]!.field
  }
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n'

  test('the whole file', () => expect(removedField({ 'a.yaml': inferenceService() }, {})).toBe('file'))
  test('the object in a file that stays', () =>
    expect(removedField({ 'a.yaml': `${config}---\n${inferenceService()}` }, { 'a.yaml': config })).toBe('object'))
  test('the label alone', () =>
    expect(
      removedField(
        { 'a.yaml': inferenceService() },
        { 'a.yaml': inferenceService().replace('weighbridge.dev/model', 'model') },
      ),
    ).toBe('label'))
  test('the label, given to another model: that one is promoted', () => {
    const found = changes(
      { 'a.yaml': inferenceService() },
      { 'a.yaml': inferenceService({ model: 'fraud', version: '2.0.0', name: 'churn' }) },
    )

    expect(found.map(({ kind, model }) => [kind, model])).toEqual([
      ['removed', 'churn'],
      ['promotion', 'fraud'],
    ])
  })
})

describe('no change of an environment looks like nothing of ours', () => {
  const single = (base: Tree, head: Tree) => {
    const found = changes(base, head)
    expect(found).toHaveLength(1)
    expect(found[0]!.kind).toBe('serving-changed')
    return found[0]!.fields![0]!
  }

  test('a manifest made unreadable', () => {
    expect(single({ 'a.yaml': inferenceService() }, { 'a.yaml': 'a: [' }).to).toContain('cannot be read as YAML')
  })

  test('a field made unclear', () => {
    const head = inferenceService().replace('  labels:', '  labels: &l')

    expect(single({ 'a.yaml': inferenceService() }, { 'a.yaml': head }).to).toContain('bears an anchor')
  })

  test('a second copy of what is served', () => {
    const found = changes(
      { 'a.yaml': inferenceService() },
      { 'a.yaml': inferenceService(), 'b.yaml': inferenceService() },
    )

    expect(found.map(({ kind }) => kind)).toEqual(['serving-changed', 'serving-changed'])
    expect(found[0]!.fields![0]!.to).toContain('model churn has 2 objects here')
  })

  test('an argument that is added, changed or taken away among others', () => {
    const args = (list: string) => ({ 'x.yaml': inferenceService({ predictor: `      args: [${list}]\n` }) })
    const fields = (from: string, to: string) => changes(args(from), args(to))[0]!.fields!.map(({ field }) => field)

    expect(fields('a, b', 'a, b, c')).toEqual(['spec.predictor.model.args[2]'])
    expect(fields('a, b', 'a')).toEqual(['spec.predictor.model.args[1]'])
    expect(fields('', 'a')).toEqual(['spec.predictor.model.args[0]'])
  })

  test('the order of what runs before the server', () => {
    const first = (names: string[]) => ({
      'x.yaml': inferenceService({ predictor: `    initContainers: [${names.map((name) => `{name: ${name}}`)}]\n` }),
    })

    expect(changes(first(['a', 'b']), first(['b', 'a']))[0]!.fields).toEqual([
      { field: 'order of spec.predictor.initContainers', from: '["a","b"]', to: '["b","a"]' },
    ])
  })

  test('a service in disguise, added, changed and removed', () => {
    const disguise = (uri: string) => inferenceService({ uri }).replaceAll(/ +weighbridge.*\n/g, '')

    expect(single({}, { 'x.yaml': disguise('s3://a/b') }).to).toContain('InferenceService "churn": bears no label')
    expect(single({ 'x.yaml': disguise('s3://a/b') }, { 'x.yaml': disguise('s3://a/c') })).toEqual({
      field: 'spec.predictor.model.storageUri',
      from: '"s3://a/b"',
      to: '"s3://a/c"',
    })
    expect(single({ 'x.yaml': disguise('s3://a/b') }, {}).to).toBe('removed')
  })

  test('a kustomization, added and changed', () => {
    expect(single({}, { 'kustomization.yaml': 'resources: [a]' }).to).toContain('Kustomize')
    expect(single({ 'kustomization.yaml': 'resources: [a]' }, { 'kustomization.yaml': 'resources: [b]' }).to).toContain(
      'its text changed',
    )
    expect(changes({ 'kustomization.yaml': 'a: b' }, { 'kustomization.yaml': 'a: b' })).toEqual([])
  })
})
