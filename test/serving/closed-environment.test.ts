import { describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/serving/closed-environment.ts'
import { reusedNames } from '../../src/serving/one-object.ts'
import { deployment, environment, filesOf, inferenceService, read, readOne, record, store, uriOf } from './manifests.ts'

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: churn}\nspec: {selector: {app: churn}}\n'

describe('a version is served when label, annotation, field and record agree', () => {
  test('an InferenceService that names its artifact is bound to its version', () => {
    const document = readOne({ 'churn.yaml': inferenceService() })

    expect(document).toMatchObject({ binding: 'bound', target: 'kserve', model: 'churn', version: '1.4.0' })
    expect(document).toMatchObject({
      uri: uriOf('churn', '1.4.0'),
      kind: 'InferenceService',
      name: 'churn',
      namespace: null,
    })
    expect(document.place).toEqual({ path: 'deploy/production/churn.yaml', line: 2, column: 1 })
  })

  test('a Deployment is bound by the MODEL_URI of its container', () => {
    expect(readOne({ 'churn.yml': deployment() })).toMatchObject({
      binding: 'bound',
      target: 'deployment',
      version: '1.4.0',
    })
  })

  test('quotes, comments and Windows line ends do not matter', () => {
    const quoted = inferenceService()
      .replace('version: 1.4.0', `version: '1.4.0' # weighed`)
      .replace('model: churn', 'model: "churn"')
      .replaceAll('\n', '\r\n')

    expect(readOne({ 'churn.yaml': quoted })).toMatchObject({ binding: 'bound', version: '1.4.0' })
  })

  test('a JSON manifest is read like any other', () => {
    const json = JSON.stringify(readOne({ 'churn.yaml': inferenceService() }).manifest!.value, null, '\t')

    expect(readOne({ 'churn.json': json })).toMatchObject({ binding: 'bound', model: 'churn' })
  })

  test('members of a List are objects of their own, with their own lines', () => {
    const member = inferenceService()
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')
      .trim()
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${SERVICE.trim().replaceAll('\n', '\n    ')}\n  -\n    ${member}\n`

    const documents = read({ 'all.yaml': list })

    expect(documents.map(({ binding, kind, place }) => [binding, kind, place.line])).toEqual([
      ['neutral', 'Service', 4],
      ['bound', 'InferenceService', 10],
    ])
  })

  test('a model beside its Service and its autoscaler in one file is still bound', () => {
    const scaler = 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: churn}\n'

    const documents = read({ 'churn.yaml': [SERVICE, deployment(), scaler, '# the end\n'].join('---\n') })

    expect(documents.map(({ binding }) => binding)).toEqual(['neutral', 'bound', 'neutral'])
    expect(documents[1]!.place.line).toBe(6)
  })
})

describe('a disagreement fails and names both values', () => {
  test('a missing label leaves the service unbound', () => {
    const document = readOne({
      'churn.yaml': inferenceService().replace('    weighbridge.dev/model: churn\n', '    app: churn\n'),
    })

    expect(document.binding).toBe('unbound')
    expect(document.what).toBe(`bears no label weighbridge.dev/model and names "${uriOf('churn', '1.4.0')}"`)
    expect(document.mend).toContain('neutral:')
  })

  test('a missing annotation leaves it unbound', () => {
    const document = readOne({ 'churn.yaml': inferenceService().replace('weighbridge.dev/version', 'version') })

    expect(document).toMatchObject({ binding: 'unbound', model: 'churn', version: null })
    expect(document.what).toBe(
      'bears the label weighbridge.dev/model: "churn" and no annotation weighbridge.dev/version',
    )
  })

  test('a version without a record is unbound, and the message says which file is missing', () => {
    const document = readOne({ 'churn.yaml': inferenceService({ version: '9.9.9' }) })

    expect(document.binding).toBe('unbound')
    expect(document.what).toContain('label and annotation say churn 9.9.9, and models/churn/versions/9.9.9.yml')
  })

  test('an annotation that moved without the artifact is unbound: old bytes under a new name', () => {
    const document = readOne({ 'churn.yaml': inferenceService({ version: '1.5.0', uri: uriOf('churn', '1.4.0') }) })

    expect(document.binding).toBe('unbound')
    expect(document.what).toBe(
      `the artifact field says "${uriOf('churn', '1.4.0')}", and the record of churn 1.5.0 says "${uriOf('churn', '1.5.0')}"`,
    )
  })

  test('a label of another model is unbound', () => {
    const document = readOne({ 'churn.yaml': inferenceService().replace('model: churn\n', 'model: fraud\n') })

    expect(document.what).toContain('label and annotation say fraud 1.4.0')
  })

  test('a label that is no model name and an annotation that is no version are unbound', () => {
    expect(readOne({ 'a.yaml': inferenceService().replace('model: churn\n', 'model: Churn/..\n') }).what).toBe(
      'the label weighbridge.dev/model: "Churn/.." is no model name',
    )
    expect(readOne({ 'a.yaml': inferenceService({ version: 'latest' }) }).what).toBe(
      'the annotation weighbridge.dev/version: "latest" is no version',
    )
  })

  test('a model of a name such as __proto__ finds no record and does no harm', () => {
    expect(readOne({ 'a.yaml': inferenceService({ model: '__proto__', name: 'x' }) }).binding).toBe('unbound')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('an object without a name is unbound', () => {
    expect(readOne({ 'a.yaml': inferenceService().replace('name: churn', 'generateName: churn-') })).toMatchObject({
      binding: 'unbound',
      what: 'has no metadata.name',
    })
  })

  test('an artifact field that does not exist is unbound', () => {
    const document = readOne({ 'churn.yaml': inferenceService().replace(/ +storageUri.*\n/, '') })

    expect(document).toMatchObject({ binding: 'unbound', what: 'it has no spec.predictor.model.storageUri' })
  })
})

describe('the folder above an artifact counts only when its record lists all that lies in it', () => {
  const digest = record('churn', '1.4.0').artifact.digest
  const folder = uriOf('churn', '1.4.0').replace('/model.onnx', '')
  const bindingOf = (
    uri: string,
    files?: { path: string; digest: string; size_bytes: number }[],
    artifact = uriOf('churn', '1.4.0'),
  ) =>
    readEnvironment({
      environment: environment(),
      files: filesOf({ 'churn.yaml': inferenceService({ uri }) }),
      store,
      findRecord: () => record('churn', '1.4.0', { artifact: { uri: artifact, digest }, ...(files && { files }) }),
    })[0]!.binding

  test('without a list the parent is refused, since a file beside the artifact is never hashed', () => {
    expect(bindingOf(folder)).toBe('unbound')
    expect(bindingOf(`${folder}/`)).toBe('unbound')
  })

  test('with the artifact in the list the parent is accepted, with or without a slash', () => {
    const files = [{ path: 'model.onnx', digest, size_bytes: 1 }]

    expect([bindingOf(folder, files), bindingOf(`${folder}/`, files)]).toEqual(['bound', 'bound'])
    expect(bindingOf(folder.slice(0, folder.lastIndexOf('/')), files)).toBe('unbound')
  })

  test('a list without the artifact, or with other bytes under its name, does not open the parent', () => {
    expect(bindingOf(folder, [{ path: 'other.onnx', digest, size_bytes: 1 }])).toBe('unbound')
    expect(bindingOf(folder, [{ path: 'model.onnx', digest: `sha256:${'00'.repeat(32)}`, size_bytes: 1 }])).toBe(
      'unbound',
    )
  })

  test('a folder artifact is named with or without its slash, and its parent is not it', () => {
    const files = [{ path: '1/model.onnx', digest: `sha256:${'00'.repeat(32)}`, size_bytes: 1 }]

    expect([bindingOf(folder, files, `${folder}/`), bindingOf(`${folder}/`, files, folder)]).toEqual(['bound', 'bound'])
    expect(bindingOf(folder.slice(0, folder.lastIndexOf('/')), files, folder)).toBe('unbound')
  })
})

describe('an environment is closed: what is reviewed is what the cluster applies (S57 to S62)', () => {
  test('an InferenceService in disguise, without our label and outside the store, fails', () => {
    const document = readOne({
      'x.yaml': inferenceService({ uri: 's3://elsewhere/evil' }).replaceAll(/ +weighbridge.*\n/g, ''),
    })

    expect(document).toMatchObject({ binding: 'unbound', model: null })
    expect(document.what).toContain('s3://elsewhere/evil')
  })

  test.each([
    ['v1', 'Pod'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'DaemonSet'],
    ['batch/v1', 'Job'],
    ['serving.kserve.io/v1alpha1', 'InferenceGraph'],
    ['serving.kserve.io/v1alpha1', 'ClusterServingRuntime'],
    ['serving.kserve.io/v1alpha1', 'TrainedModel'],
    ['networking.istio.io/v1', 'VirtualService'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['serving.knative.dev/v1', 'Service'],
    ['evil.example.com/v1', 'ConfigMap'],
    ['acme.dev/v1', 'Predictor'],
  ])('%s %s is unbound, and may be listed as neutral by the governed branch', (apiVersion, kind) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: thing}\n`

    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'unbound', kind, name: 'thing' })
    expect(readOne({ 'x.yaml': text }, { neutral: [{ kind, name: 'thing' }] }).binding).toBe('neutral')
    expect(readOne({ 'x.yaml': text }, { neutral: [{ kind, name: 'other' }] }).binding).toBe('unbound')
  })

  test.each([
    ['mlops.seldon.io/v1alpha1', 'Model'],
    ['argoproj.io/v1alpha1', 'Rollout'],
    ['flagger.app/v1beta1', 'Canary'],
    ['ray.io/v1', 'RayService'],
    ['argoproj.io/v1alpha1', 'Application'],
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization'],
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
  ])('%s %s is unresolved: this version does not judge it', (apiVersion, kind) => {
    expect(readOne({ 'x.yaml': `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n` }).binding).toBe(
      'unresolved',
    )
  })

  test('an Application that overrides parameters is unresolved, whatever it says', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: churn}
spec: {source: {repoURL: https://example.com/r, path: chart, helm: {parameters: [{name: modelUri, value: s3://x/y}]}}}
`
    expect(readOne({ 'app.yaml': text })).toMatchObject({ binding: 'unresolved', kind: 'Application' })
  })

  test.each([
    ['kustomization.yaml', 'resources: [https://github.com/acme/base?ref=main]\n', 'Kustomize'],
    ['sub/kustomization.yml', 'resources: [../base]\n', 'Kustomize'],
    ['Chart.yaml', 'name: churn\n', 'Helm'],
    ['values.yaml', 'modelUri: s3://x\n', 'Helm'],
    ['values-production.yaml', 'modelUri: s3://x\n', 'Helm'],
    ['.argocd-source.yaml', 'helm: {}\n', 'Argo CD'],
    ['main.jsonnet', '{}', 'Jsonnet'],
    ['_helpers.tpl', '{{- define "x" -}}', 'template'],
    ['patch.yaml', 'spec: {predictor: {}}\n', 'no apiVersion and kind'],
    ['ops.yaml', '- {op: replace, path: /spec, value: 1}\n', 'a list'],
  ])('%s is unresolved with the reason', (path, text, reason) => {
    const document = readOne({ [path]: text })

    expect(document.binding).toBe('unresolved')
    expect(document.what).toContain(reason)
    expect(document.mend).not.toBe('')
  })

  test('a symbolic link and a submodule among manifests are unresolved', () => {
    const documents = read({
      'churn.yaml': { mode: '120000', text: null },
      vendored: { mode: '160000', text: null },
      'folder-link': { mode: '120000', text: null },
    })

    expect(documents.map(({ binding, what }) => [binding, what])).toEqual([
      ['unresolved', 'is a symbolic link, which deployers follow'],
      ['unresolved', 'is a symbolic link, which deployers follow'],
      ['unresolved', 'is a submodule, which deployers follow'],
    ])
  })

  test('the folder of manifests itself may not be a link', () => {
    expect(readOne({ '/deploy/production': { mode: '120000', text: null } }).binding).toBe('unresolved')
  })

  test('README and the like are not documents, and neither are other environments', () => {
    expect(
      read({ 'README.md': '# Hi', '.gitkeep': '', OWNERS: 'x', '/deploy/staging/churn.yaml': inferenceService() }),
    ).toEqual([])
    expect(read({ '/deploy/production-old/churn.yaml': inferenceService() })).toEqual([])
  })

  test('empty documents and comments alone are nothing', () => {
    expect(read({ 'a.yaml': '', 'b.yaml': '# later\n', 'c.yaml': '---\n---\n' })).toEqual([])
  })

  test('a rendered environment is not judged by this version, and says so once', () => {
    const documents = read({ 'churn.yaml': inferenceService() }, { render: 'kustomize' })

    expect(documents.map(({ binding }) => binding)).toEqual(['unresolved', 'bound'])
    expect(documents[0]!.what).toContain('render: kustomize')
  })

  test('a ConfigMap that names an artifact of the store is no longer neutral', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env}\ndata: {MODEL_URI: "${uriOf('churn', '1.4.0')}"}\n`

    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'unbound' })
    expect(readOne({ 'x.yaml': text }, { neutral: [{ kind: 'ConfigMap', name: 'env' }] }).binding).toBe('unbound')
  })

  test('a neutral object that bears our label fails, whoever listed it', () => {
    const neutral = [{ kind: 'InferenceService', name: 'churn' }]

    expect(readOne({ 'x.yaml': inferenceService() }, { neutral })).toMatchObject({ binding: 'unbound' })
  })

  test('a file that is no text is unresolved, and the reason is shown', () => {
    expect(readOne({ 'x.yaml': { mode: '100644', text: null, because: 'is not UTF-8' } })).toMatchObject({
      binding: 'unresolved',
      what: 'is not UTF-8',
    })
  })
})

describe('one model, one object in an environment', () => {
  test('a second object of the same model fails both, and each message names both places', () => {
    const documents = read({
      'a.yaml': inferenceService(),
      'b.yaml': inferenceService({ version: '1.5.0', name: 'churn-b' }),
    })

    expect(documents.map(({ binding }) => binding)).toEqual(['unbound', 'unbound'])
    expect(documents[0]!.what).toBe(
      'model churn has 2 objects here: deploy/production/a.yaml:2:1 and deploy/production/b.yaml:2:1',
    )
  })

  test('one object that stands in two files fails, since which one wins is written nowhere', () => {
    const documents = read({
      'a.yaml': inferenceService({ name: 'x' }),
      'b.yaml': inferenceService({ model: 'fraud', version: '2.0.0', name: 'x' }),
    })

    expect(documents.map(({ binding }) => binding)).toEqual(['unbound', 'unbound'])
    expect(documents[0]!.what).toContain('InferenceService x stands 2 times')
  })

  test('one name in two namespaces is two objects', () => {
    const inNamespace = (text: string, space: string) => text.replace('metadata:', `metadata:\n  namespace: ${space}`)
    const documents = read({
      'a.yaml': inNamespace(inferenceService({ name: 'x' }), 'one'),
      'b.yaml': inNamespace(inferenceService({ model: 'fraud', version: '2.0.0', name: 'x' }), 'two'),
    })

    expect(documents.map(({ binding }) => binding)).toEqual(['bound', 'bound'])
  })

  test('an object of one model given to another is found, so that no model borrows a name without its exam', () => {
    const base = read({ 'a.yaml': inferenceService() })
    const head = read({ 'a.yaml': inferenceService({ model: 'fraud', version: '2.0.0', name: 'churn' }) })

    expect(reusedNames(base, head)).toEqual([
      {
        place: { path: 'deploy/production/a.yaml', line: 2, column: 1 },
        what: expect.stringContaining('InferenceService churn serves model churn and would serve fraud'),
        mend: 'Give the object of fraud a name of its own.',
      },
    ])
    expect(reusedNames(base, base)).toEqual([])
  })
})
