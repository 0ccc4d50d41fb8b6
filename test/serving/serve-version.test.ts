import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VersionRecord } from '../../src/registry/record.ts'
import { readEnvironment } from '../../src/serving/closed-environment.ts'
import { firstManifest } from '../../src/serving/first-manifest.ts'
import { readManifests } from '../../src/serving/manifest-reader.ts'
import { serveVersion } from '../../src/serving/serve-version.ts'
import { deployment, environment, inferenceService, record, store, uriOf } from './manifests.ts'

const served = record('churn', '1.4.0')
const next = record('churn', '1.5.0')

/** Edits the one document of a file that serves churn. */
function edited(text: string, more: { path?: string; to?: VersionRecord; from?: VersionRecord } = {}) {
  const { path = 'deploy/production/churn.yml', to = next, from = served } = more
  const documents = readEnvironment({
    environment: environment(),
    files: new Map([[path, { mode: '100644', text }]]),
    store,
    findRecord: (_, version) => [from, to].find((known) => known.version === version),
  })
  const document = documents.find(({ model }) => model === 'churn') ?? documents[0]
  if (document === undefined) throw new Error('the file holds no document')
  return serveVersion({ text, document, record: to, served: from })
}

function textOf(answer: ReturnType<typeof serveVersion>): string {
  if (!answer.ok) throw new Error(`${answer.what} ${answer.mend}`)
  return answer.text
}

test('a KServe manifest serves another version, and comments, order and quoting stay', () => {
  const text = textOf(edited(inferenceService({ predictor: '      # keep me\n      runtime: "triton"\n' })))

  expect(text).toBe(inferenceService({ version: '1.5.0', predictor: '      # keep me\n      runtime: "triton"\n' }))
})

test('a Deployment in the middle of other documents is edited, and they stay byte for byte', () => {
  const around = '# first\napiVersion: v1\nkind: Service\nmetadata: {name: churn}\nspec: {ports: [{port: 80}]}\n'
  const before = `${around}---\n${deployment()}\n---\n${around}`
  const text = textOf(edited(before))

  expect(text).toBe(before.replaceAll('1.4.0', '1.5.0'))
})

test('Windows line ends, a byte order mark and a missing last line break stay', () => {
  const before = `\uFEFF${inferenceService().trimEnd().replaceAll('\n', '\r\n')}`

  expect(textOf(edited(before))).toBe(before.replaceAll('1.4.0', '1.5.0'))
})

test('a JSON manifest stays JSON', () => {
  const value = {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: 'churn',
      labels: { 'weighbridge.dev/model': 'churn' },
      annotations: { 'weighbridge.dev/version': '1.4.0' },
    },
    spec: { predictor: { model: { modelFormat: { name: 'onnx' }, storageUri: uriOf('churn', '1.4.0') } } },
  }
  for (const before of [JSON.stringify(value), `${JSON.stringify(value, null, 4)}\n`]) {
    const text = textOf(edited(before, { path: 'deploy/production/churn.json' }))

    expect(text).toBe(before.replaceAll('1.4.0', '1.5.0'))
    expect(() => JSON.parse(text)).not.toThrow()
  }
})

test('a member of a List is edited, and its neighbours are not', () => {
  const item = (text: string) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}`
  const before = `apiVersion: v1\nkind: List\nitems:\n${item(inferenceService({ model: 'fraud', version: '1.4.0' }))}\n${item(inferenceService())}\n`
  const [fraud, churn] = before.split('# Serves churn')
  const text = textOf(edited(before))

  expect(text).toBe(`${fraud}# Serves churn${churn?.replaceAll('1.4.0', '1.5.0')}`)
})

test('a folder with or without its slash stays a folder where the record lists what lies in it', () => {
  const files = (version: string): VersionRecord => {
    const one = record('churn', version)
    return { ...one, files: [{ path: 'model.onnx', digest: one.artifact.digest, size_bytes: 10 }] }
  }
  const folder = uriOf('churn', '1.4.0').replace('/model.onnx', '')
  for (const uri of [folder, `${folder}/`]) {
    const answer = edited(inferenceService({ uri }), { from: files('1.4.0'), to: files('1.5.0') })

    expect(textOf(answer)).toContain(`storageUri: ${uri.replace('1.4.0', '1.5.0')}\n`)
  }
  const without = edited(inferenceService({ uri: folder }), { from: files('1.4.0') })

  expect(textOf(without)).toContain(`storageUri: ${uriOf('churn', '1.5.0')}\n`)
})

test('other quotes are taken only where the old ones cannot hold the new value', () => {
  const odd = { ...next, artifact: { ...next.artifact, uri: 's3://acme-models/registry/churn/{a,b}/x:' } }

  const text = textOf(edited(inferenceService(), { to: odd }))

  expect(text).toContain(`storageUri: "${odd.artifact.uri}"\n`)
  expect(text).toContain('weighbridge.dev/version: 1.5.0\n')
})

test.each([
  ['an alias', inferenceService().replace('version: 1.4.0', 'version: *v').replace('name: churn', 'name: &v "1.4.0"')],
  ['an anchor', inferenceService().replace('version: 1.4.0', 'version: &v "1.4.0"')],
  ['a tag', inferenceService().replace('version: 1.4.0', 'version: !!str 1.4.0')],
  ['a merge key', inferenceService().replace('  annotations:\n', '  annotations:\n    <<: {a: b}\n')],
  ['a block scalar', inferenceService().replace('version: 1.4.0', 'version: |-\n      1.4.0')],
  ['text over two lines', inferenceService().replace('version: 1.4.0', 'version: "1.4\\\n      .0"')],
  ['a Helm template', `${inferenceService()}# {{ .Values.x }}\n`],
])('%s is refused with its place, and nothing is written', (_, text) => {
  const answer = edited(text)

  expect(answer).toMatchObject({ ok: false, place: { path: 'deploy/production/churn.yml' } })
})

test('a manifest that is not what the schema of its kind allows is not edited', () => {
  const answer = edited(inferenceService({ predictor: '      storageURI: typo\n' }))

  expect(answer).toMatchObject({ ok: false, what: expect.stringContaining('unknown field "storageURI"') })
})

test('a manifest to begin with is bound to the version it was made for', () => {
  const { path, content } = firstManifest(environment(), next)
  const [document] = readEnvironment({
    environment: environment(),
    files: new Map([[path, { mode: '100644', text: content }]]),
    store,
    findRecord: () => next,
  })

  expect(path).toBe('deploy/production/churn.yml')
  expect(document).toMatchObject({ binding: 'bound', model: 'churn', version: '1.5.0' })
})

const quotings = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => JSON.stringify(text),
  (text) => `'${text}'`,
)
const comment = fc.constantFrom('', ' # a: b', '   # "quoted" {flow}', '\t# tab')
const line = fc.constantFrom('', '# alone\n', '\n', '  # indented\n\n')
const other = fc.constantFrom(
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: |\n    weighbridge 1.4.0\n\n  more: >-\n    folded\n',
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: &n 'b'\nspec: {selector: {app: *n}, ports: [{port: 80}]}\n",
  '# nothing but a comment\n',
)
const layout = fc.record({
  version: quotings,
  uri: quotings,
  isFlow: fc.boolean(),
  comments: fc.tuple(comment, comment),
  lines: fc.tuple(line, line),
  before: fc.array(other, { maxLength: 2 }),
  after: fc.array(other, { maxLength: 2 }),
  separator: fc.constantFrom('---\n', '--- # next\n', '---   \n'),
  annotations: fc.array(fc.constantFrom('a.example/note: "1.4.0"', 'b.example/x: y', "c.example/z: '# no comment'"), {
    maxLength: 2,
  }),
  isAnnotationFirst: fc.boolean(),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  hasLastBreak: fc.boolean(),
})

/** A file in some layout, in which the two values that may change are marked. */
function written(of: typeof layout extends fc.Arbitrary<infer Layout> ? Layout : never): string {
  const [first, second] = of.comments
  const others = [...new Set(of.annotations)]
  const own = `weighbridge.dev/version: ${of.version('«v»')}`
  const pairs = of.isAnnotationFirst ? [own, ...others] : [...others, own]
  const annotations = of.isFlow
    ? ` {${pairs.join(', ')}}${first}`
    : `${first}\n${of.lines[0]}${pairs.map((pair) => `    ${pair}${pair === own ? second : ''}\n`).join('')}`.trimEnd()
  const uri = of.uri('«u»')
  const model = of.isFlow
    ? ` {storageUri: ${uri}, modelFormat: {name: onnx}}${second}`
    : `\n${of.lines[1]}      modelFormat: {name: onnx}\n      storageUri: ${uri}${first}`
  const manifest = `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: churn\n  annotations:${annotations}\n  labels: {weighbridge.dev/model: churn}\nspec:\n  predictor:\n    model:${model}\n`
  const text = [...of.before, manifest, ...of.after].join(of.separator)
  const whole = of.hasLastBreak ? text : text.replace(/\n$/, '')
  return whole.replaceAll('\n', of.lineBreak)
}

test('whatever the layout, the two values change, every other byte stays, and it is read as what was meant', () => {
  const runs = process.env.WEIGHBRIDGE_DEEP === undefined ? 400 : 20_000
  fc.assert(
    fc.property(layout, (of) => {
      const marked = written(of)
      const at = (version: string) => marked.replace('«v»', version).replace('«u»', uriOf('churn', version))

      const text = textOf(edited(at('1.4.0')))

      expect(text).toBe(at('1.5.0'))
      const read = readManifests('deploy/production/churn.yml', text)
      expect(read.ok).toBe(true)
    }),
    { numRuns: runs, seed: 5 },
  )
})
