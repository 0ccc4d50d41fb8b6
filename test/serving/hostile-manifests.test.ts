import fc from 'fast-check'
import { loadAll, YAML11_SCHEMA } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { manifestMistakes } from '../../src/serving/manifest-mistakes.ts'
import { readManifests } from '../../src/serving/manifest-reader.ts'
import { readServingChanges } from '../../src/serving/serving-changes.ts'
import { findStrays } from '../../src/serving/strays.ts'
import { deployment, environment, filesOf, inferenceService, read, readOne, store } from './manifests.ts'

describe('what readers of YAML read differently is unresolved at the fields that decide', () => {
  test.each([
    [
      'a merge key beside the label',
      '    weighbridge.dev/model: churn\n',
      '    weighbridge.dev/model: churn\n    <<: {a: b}\n',
      'metadata.labels holds a merge key (<<)',
    ],
    [
      'a merge key instead of the annotation',
      '    weighbridge.dev/version: 1.4.0\n',
      '    <<: {weighbridge.dev/version: 1.4.0}\n',
      'metadata.annotations holds a merge key',
    ],
    [
      'a merge key above the artifact',
      '  predictor:\n',
      '  predictor:\n    <<: {x: 1}\n',
      'spec.predictor holds a merge key',
    ],
    [
      'an anchor on the label',
      'model: churn\n',
      'model: &m churn\n',
      'metadata.labels["weighbridge.dev/model"] bears an anchor (&)',
    ],
    ['an anchor above the label', '  labels:\n', '  labels: &all\n', 'metadata.labels bears an anchor'],
    ['a tag on the version', 'version: 1.4.0', 'version: !!str 1.4.0', 'bears the tag "!!str"'],
    [
      'a number as version',
      'version: 1.4.0',
      'version: 1.10',
      'is "1.10" without quotes, which YAML reads as the number 1.1; quote it',
    ],
    [
      'a leading zero',
      'model: churn\n',
      'model: 010\n',
      'is "010" without quotes, which YAML reads as 10 for YAML 1.2 and 8 for YAML 1.1',
    ],
    [
      'a truth value as name',
      'model: churn\n',
      'model: on\n',
      'is "on" without quotes, which YAML reads as a truth value',
    ],
    ['a date as name', 'model: churn\n', 'model: 2026-01-01\n', 'which YAML reads as a date'],
    ['a name over several lines', 'model: churn\n', 'model: |-\n      churn\n', 'is written over several lines'],
    [
      'a folded artifact',
      /storageUri: (.*)/,
      'storageUri: >-\n        $1',
      'spec.predictor.model.storageUri is written over several lines',
    ],
  ])('%s', (_, from, to, reason) => {
    const document = readOne({ 'churn.yaml': inferenceService().replace(from, to) })

    expect(document.binding).toBe('unresolved')
    expect(document.what).toContain(reason)
  })

  test('an alias for the label or above the artifact', () => {
    const aliased = inferenceService()
      .replace('  name: churn\n', '  name: churn\n  annotations2: &shared {weighbridge.dev/version: 1.4.0}\n')
      .replace(/ {2}annotations:\n.*\n/, '  annotations: *shared\n')

    expect(readOne({ 'churn.yaml': aliased })).toMatchObject({ binding: 'unresolved' })
    expect(readOne({ 'churn.yaml': aliased }).what).toContain('metadata.annotations is an alias of "shared"')
  })

  test('a key that stands twice, wherever it stands', () => {
    const twice = inferenceService().replace('version: 1.4.0\n', 'version: 1.4.0\n    weighbridge.dev/version: 1.5.0\n')

    expect(readOne({ 'churn.yaml': twice })).toMatchObject({
      binding: 'unresolved',
      what: 'holds the key "weighbridge.dev/version" twice',
      place: { line: 10, column: 5 },
    })
  })

  test('a list that holds its items twice hides nothing', () => {
    const text = `kind: List\napiVersion: v1\nitems: []\nitems: [{kind: Pod, apiVersion: v1}]\n`

    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'unresolved' })
  })

  test('aliases and merge keys elsewhere are the user’s own affair', () => {
    const text = inferenceService({
      predictor:
        '      env: &env [{name: A, value: b}]\n    initContainers: [{name: warm, image: busybox, env: *env}]\n',
    })

    expect(readOne({ 'churn.yaml': text })).toMatchObject({ binding: 'bound' })
  })

  test('a Deployment that names its model twice, by reference or beforehand is unresolved', () => {
    const again = deployment().replace(/( +)(- \{name: MODEL_URI.*\n)/, '$1$2$1$2')
    const referred = deployment().replace(/value: "s3[^"]*"/, 'valueFrom: {configMapKeyRef: {name: a, key: b}}')
    const before = deployment().replace('      containers:', '      initContainers:')

    expect(readOne({ 'x.yaml': again }).what).toContain('MODEL_URI stands 2 times')
    expect(readOne({ 'x.yaml': referred }).what).toContain('takes its value from elsewhere')
    expect(readOne({ 'x.yaml': before }).what).toContain('MODEL_URI stands in initContainers')
    for (const text of [again, referred, before]) expect(readOne({ 'x.yaml': text }).binding).toBe('unresolved')
  })

  test('a second source of models in one InferenceService is unresolved', () => {
    const canary = inferenceService({
      predictor: '  canary: [{trafficPercent: 5, predictor: {model: {storageUri: s3://x/y}}}]\n',
    })
    const old = inferenceService({ predictor: '    onnx: {storageUri: s3://x/y}\n' })
    const more = inferenceService({ predictor: '    storageUris: [{uri: s3://x/y}]\n' })
    const byKey = inferenceService({ predictor: '      storage: {key: a, path: b}\n' })

    expect([canary, old, more, byKey].map((text) => readOne({ 'x.yaml': text }).what.split(' ')[0])).toEqual([
      'spec.canary',
      'spec.predictor.onnx',
      'spec.predictor.storageUris',
      'spec.predictor.model.storage',
    ])
  })
})

describe('where a document ends is the same for every reader', () => {
  test.each([
    ['a kind on the line of the dashes', `--- {apiVersion: v1, kind: ConfigMap}\n`],
    ['four dashes', `apiVersion: v1\nkind: ConfigMap\n----x: 1\n`],
    ['a document after three dots', `apiVersion: v1\nkind: ConfigMap\n...\napiVersion: v1\nkind: Pod\n`],
  ])('%s is unresolved', (_, text) => {
    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'unresolved', kind: '' })
  })

  test('dashes with a comment and a last "..." are as usual', () => {
    const text = `--- # first\n${inferenceService()}...\n`

    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'bound' })
  })
})

describe('text that people cannot see fails with its place (S68)', () => {
  test.each([
    ['a bidirectional override', '\u202e'],
    ['a zero-width space', '\u200b'],
    ['a lone carriage return, which ends a comment for parsers only', '\r'],
    ['a line separator', '\u2028'],
    ['a control character', '\u0007'],
  ])('%s', (_, character) => {
    const text = inferenceService().replace('minReplicas: 1', `minReplicas: 1 # as${character} ever`)

    expect(readOne({ 'x.yaml': text })).toMatchObject({ binding: 'unbound', place: { line: 12, column: 24 } })
  })

  test('a look-alike of our annotation is not our annotation', () => {
    const document = readOne({ 'x.yaml': inferenceService().replace('dev/version', 'dev/v\u0435rsion') })

    expect(document).toMatchObject({ binding: 'unbound', version: null })
  })
})

describe('a hostile file ends in a named finding, at once', () => {
  const within = (milliseconds: number, text: string, reason: string) => {
    const times = [1, 2, 3].map(() => timed(text, reason))

    expect(Math.min(...times)).toBeLessThan(milliseconds)
  }
  const timed = (text: string, reason: string) => {
    const start = performance.now()
    const [document, ...more] = read({ 'x.yaml': text })
    const took = performance.now() - start

    expect(more).toEqual([])
    expect(document!.what).toContain(reason)
    expect(document!.binding).toBe('unresolved')
    return took
  }
  const bomb = (levels: number) => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]']
    for (let level = 1; level <= levels; level++)
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      )
    return `apiVersion: v1\nkind: ConfigMap\n${lines.join('\n')}\n`
  }

  test('ten megabytes', () => within(50, `${inferenceService()}# ${'x'.repeat(10_000_000)}`, 'is larger than 256 KB'))
  test('a thousand levels', () =>
    within(50, `a: ${'['.repeat(1000)}${']'.repeat(1000)}`, 'is nested deeper than 64 levels'))
  test('a hundred thousand levels', () => within(50, '{a: '.repeat(50_000), 'is nested deeper than 64 levels'))
  test('an alias bomb', () => within(50, bomb(9), 'holds more than 50,000 values once its aliases are expanded'))
  test('an alias of what it stands in', () => within(50, 'kind: &a [*a]', 'holds an alias of what it stands in'))
  test('a chain of aliases, each one level deeper', () => {
    const chain = Array.from({ length: 8_000 }, (_, i) => `- &c${i} [${i === 0 ? 'x' : `*c${i - 1}`}]`).join('\n')
    within(200, `kind: ConfigMap\napiVersion: v1\ndata:\n${chain}`, 'levels once its aliases are expanded')
  })
  test('an alias that nothing defines', () =>
    within(50, 'kind: *nothing', 'holds the alias "nothing", which nothing before it defines'))
  test('two thousand objects', () => {
    within(
      100,
      `apiVersion: v1\nkind: List\nitems:\n${'- {kind: Pod, apiVersion: v1}\n'.repeat(2_000)}`,
      'holds 2000 objects; 1000 are read',
    )
  })
  test('many small bombs in one file are one large bomb', () => {
    const start = performance.now()
    const documents = read({ 'x.yaml': Array(200).fill(bomb(5)).join('---\n') })

    expect(documents.every(({ binding }) => binding === 'unresolved')).toBe(true)
    expect(performance.now() - start).toBeLessThan(500)
  })
  test('a Helm template', () => within(50, `{{- if .Values.x }}\n${inferenceService()}{{- end }}\n`, 'Helm template'))
  test('a Helm template that happens to be YAML', () =>
    within(50, inferenceService({ uri: '"{{ .Values.uri }}"' }), 'holds {{, as Helm templates do'))
  test('a pointer of Git LFS', () =>
    within(
      50,
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12\n`,
      'Git LFS pointer',
    ))
  test('a name as long as the file', () =>
    within(50, inferenceService({ name: 'x'.repeat(200_000) }), 'metadata.name is "xxx'))
  test('messages stay short, however long the words of a file are', () => {
    const long = 'x'.repeat(50_000)
    const texts = [
      inferenceService({ name: long }),
      inferenceService().replace('model: churn', `model: ${long}`),
      inferenceService({ version: long }),
      inferenceService({ uri: long }),
      inferenceService().replace('labels:', `labels: *${long}`),
      inferenceService().replace('kind: ', `kind: ${long}`),
      `${long}: 1\n${long}: 2\n`,
      `a: !${long} [1]\n`,
      `- *${long}`,
    ]
    for (const text of texts) {
      const document = readOne({ 'x.yaml': text })
      expect(document.what.length).toBeLessThan(700)
      expect(JSON.stringify({ ...document, manifest: null, source: '' }).length).toBeLessThan(1_500)
    }
  })
  test('something that is no YAML', () =>
    within(50, 'a: [1, 2', 'cannot be read as YAML: unexpected end of the stream'))
})

describe('whatever a file holds', () => {
  const words =
    `kind|: |List|\n|  |- |items|&a |*a|<<|<<: {a: b}|!!str |"|'|{|}|[|]|---\n|#|? |,|{{|\r\n|__proto__|1.5.0|metadata|010|''|&x`
      .replaceAll('\\n', '\n')
      .split('|')
  const rubble = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(''))
  const manifest = fc.constantFrom(inferenceService(), deployment())
  const nearlyRight = fc
    .tuple(fc.nat(500), fc.nat(12), fc.constantFrom('', ...words), manifest)
    .map(([at, length, word, text]) => text.slice(0, at) + word + text.slice(at + length))
  const runs = { numRuns: process.env.WEIGHBRIDGE_DEEP ? 100_000 : 1_000, seed: 7 }
  const meant = (text: string) => loadAll(text, { schema: YAML11_SCHEMA })

  test('reading it answers, with a reason and a way out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), rubble, nearlyRight), (text) => {
        const documents = read({ 'x.yaml': text })
        findStrays({ environments: [environment()], store, files: filesOf({ '/x.yaml': text }) })

        for (const document of documents) {
          expect(['bound', 'neutral', 'unbound', 'unresolved']).toContain(document.binding)
          expect(document.what).not.toBe('')
          if (document.binding === 'unbound' || document.binding === 'unresolved') expect(document.mend).not.toBe('')
          expect(Array.isArray(manifestMistakes(document))).toBe(true)
        }
      }),
      runs,
    )
  })

  test('what is bound says the same to a reader of YAML 1.1', () => {
    let bound = 0
    fc.assert(
      fc.property(nearlyRight, (text) => {
        for (const { binding, target, version, uri, name } of read({ 'x.yaml': text })) {
          if (binding !== 'bound') continue
          bound++
          const [other] = meant(text).filter(
            (value) => (value as { metadata?: { name?: string } } | null)?.metadata?.name === name,
          )
          expect(other).toMatchObject({
            kind: target === 'kserve' ? 'InferenceService' : 'Deployment',
            metadata: {
              labels: { 'weighbridge.dev/model': 'churn' },
              annotations: { 'weighbridge.dev/version': version },
            },
          })
          expect(JSON.stringify(other)).toContain(JSON.stringify(uri))
        }
      }),
      runs,
    )
    expect(bound).toBeGreaterThan(100)
  })

  test('an edit that gives it another meaning is never nothing of ours', () => {
    const meaning = (text: string) => {
      try {
        return JSON.stringify(meant(text).filter((value) => value !== null))
      } catch {
        return 'none'
      }
    }
    let edits = 0
    fc.assert(
      fc.property(nearlyRight, manifest, (head, base) => {
        if (meaning(head) === meaning(base)) return
        edits++
        const reading = { environment: environment(), base: read({ 'x.yaml': base }), head: read({ 'x.yaml': head }) }
        expect(readServingChanges(reading)).not.toEqual([])
      }),
      runs,
    )
    expect(edits).toBeGreaterThan(100)
  })
})

test('places point at the value that is meant', () => {
  const reading = readManifests('x.yaml', `# first\r\n---\r\n${inferenceService().replaceAll('\n', '\r\n')}`)
  const manifest = reading.ok ? reading.manifests[0]! : null

  expect(manifest!.place).toEqual({ path: 'x.yaml', line: 4, column: 1 })
  expect(manifest!.placeOf(['metadata', 'annotations', 'weighbridge.dev/version'])).toMatchObject({
    line: 11,
    column: 5,
  })
  expect(manifest!.placeOf(['spec', 'predictor', 'nothing', 'there'])).toMatchObject({ line: 13, column: 3 })
})
