import { expect, test } from 'vitest'
import { servedVersion } from '../../src/serving/served-version.ts'
import { findStrays } from '../../src/serving/strays.ts'
import { environment, filesOf, inferenceService, read, store, type Tree, uriOf } from './manifests.ts'

const strays = (tree: Tree) => findStrays({ environments: [environment()], store, files: filesOf(tree) })
const web =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: nginx}]}}}\n'

test.each([
  [
    'a base below an overlay',
    '/deploy/base/churn.yaml',
    inferenceService()
      .replaceAll(/ +weighbridge.*\n/g, '')
      .replace(/s3:.*/, 's3://x/y'),
    'InferenceService serves a model',
  ],
  [
    'a service with our label in a forgotten folder',
    '/old/churn.yml',
    inferenceService(),
    'bears "weighbridge.dev/model"',
  ],
  [
    'Helm values that name an artifact',
    '/charts/churn/values.yaml',
    `modelUri: ${uriOf('churn', '1.5.0')}\n`,
    `names "${uriOf('churn', '1.5.0')}"`,
  ],
  [
    'a JSON patch of our annotation',
    '/deploy/base/patch.yaml',
    '- {op: replace, path: /metadata/annotations/weighbridge.dev~1version, value: 1.5.0}\n',
    'weighbridge.dev~1version',
  ],
  [
    'a template that makes a service',
    '/charts/churn/templates/isvc.yaml',
    'kind: InferenceService\nspec: {{ .Values.spec }}\n',
    'makes a InferenceService',
  ],
  [
    'a Deployment that takes a model',
    '/infra/x.json',
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { template: { spec: { containers: [{ env: [{ name: 'MODEL_URI', value: 's3://x/y' }] }] } } },
    }),
    'Deployment serves a model',
  ],
  [
    'an artifact among arguments',
    '/infra/x.yaml',
    `a: "--model=${uriOf('churn', '1.5.0')}"\n`,
    'of the artifact store',
  ],
  ['a Jsonnet program', '/infra/x.jsonnet', `{ uri: '${uriOf('churn', '1.5.0')}' }`, 'of the artifact store'],
  [
    'our mark behind an escape',
    '/infra/x.yaml',
    '"weighbridge\\u002edev/model": churn\n',
    'bears "weighbridge.dev/model"',
  ],
])('%s outside every environment is a stray', (_, path, text, reason) => {
  const found = strays({ [path]: text })

  expect(found).toHaveLength(1)
  expect(found[0]!.what).toContain(reason)
  expect(found[0]!.place.path).toBe(path.slice(1))
  expect(found[0]!.mend).toContain('deploy/production/')
})

test.each([
  ['an environment', 'churn.yaml', inferenceService()],
  ['our own files', '/models/churn/versions/1.4.0.yml', `artifact: {uri: ${uriOf('churn', '1.4.0')}}\n`],
  ['the configuration', '/.github/weighbridge.yml', 'store: {artifacts: s3://acme-models/registry}\n'],
  ['a workflow', '/.github/workflows/train.yml', `run: aws s3 cp model.onnx ${uriOf('churn', '1.4.0')}\n`],
  ['documentation', '/docs/serving.md', inferenceService()],
  ['an ordinary Deployment', '/infra/web.yaml', web],
  ['the address of our schema', '/x.json', '{"$schema": "https://weighbridge.dev/schema.json"}'],
  ['the prefix of the store alone', '/params.yaml', 'store: s3://acme-models/registry/\n'],
  ['a comment', '/params.yaml', `# ${uriOf('churn', '1.4.0')}\na: b\n`],
  ['a link', '/x.yaml', { mode: '120000', text: null }],
])('%s is no stray', (_, path, file) => {
  expect(strays({ [path]: file })).toEqual([])
})

test('an environment tells which version it serves, that it serves none, or that it cannot tell', () => {
  const bound = read({ 'churn.yaml': inferenceService() })
  const unbound = read({ 'churn.yaml': inferenceService({ uri: 's3://x/y' }) })
  const overlay = read({ 'kustomization.yaml': 'a: b' })

  expect(servedVersion(bound, 'churn')).toMatchObject({
    status: 'served',
    version: '1.4.0',
    uri: uriOf('churn', '1.4.0'),
  })
  expect(servedVersion(bound, 'fraud')).toEqual({ status: 'none' })
  expect(servedVersion(unbound, 'churn')).toMatchObject({
    status: 'unreadable',
    because: expect.stringContaining('s3://x/y'),
  })
  expect(servedVersion(overlay, 'churn')).toMatchObject({
    status: 'unreadable',
    because: expect.stringContaining('Kustomize'),
  })
})
