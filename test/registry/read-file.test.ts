import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { didYouMean, editDistance } from '../../src/registry/did-you-mean.ts'
import { type FileKind, readFile } from '../../src/registry/file-kind.ts'
import { configurationKind, modelKind, recordKind } from '../../src/registry/file-kinds.ts'
import { CONFIGURATION, MODEL, printed, recordText, sound } from './files.ts'

const CONFIGURATION_AT = '.github/weighbridge.yml'
const MODEL_AT = 'models/churn/model.yml'
const RECORD_AT = 'models/churn/versions/1.4.0.yml'

test('the example registry of the README is read without a word', () => {
  expect(printed(configurationKind, CONFIGURATION_AT, CONFIGURATION)).toEqual([])
  expect(printed(modelKind, MODEL_AT, MODEL)).toEqual([])
  expect(printed(recordKind, RECORD_AT, recordText())).toEqual([])
  const { value, place } = sound(recordKind, RECORD_AT, recordText())
  expect(value.artifact.size_bytes).toBe(184320)
  expect(place('artifact.digest')).toEqual({ path: RECORD_AT, line: 4, column: 75 })
})

test('a file with many mistakes names all of them at once, each with place and way out', async () => {
  const model = MODEL.replace('task: binary', 'task: binery')
    .replace('owner:', 'ownr:')
    .replace('type: number, min: 0', 'type: number, min: 9, max: 3')
    .replace('values: [basic, plus, pro]', 'values: []')
    .replace('positive: 1', 'positive: [1]')
    .replace('rows: 16281', 'rows: "16281"')
    .replace('label_delay: 30d', 'label_delay: a month')
    .replace('columns: {id: row_id', 'columns: {id: tenure')
    .replace('default: 20', 'default: 2.5')
    .replace('on: 2026-10-01', 'on: 2026-02-30')
  await expect(`${printed(modelKind, MODEL_AT, model).join('\n')}\n`).toMatchFileSnapshot('golden/model-mistakes.txt')

  const record = recordText('1.4.0', '1.4.0')
    .replace('version: 1.4.0', 'version: 1.4')
    .replace('created: 2026-11-20T09:12:44Z', 'created: 2026-11-20')
    .replace('size_bytes', 'sizeBytes')
    .replace('roc_auc: 0.912', 'roc_auc: .nan')
    .replace(/^ {2}reference: .*\n/m, '')
    .replace('s3://acme-data/churn/eval', 's3://acme-data/../eval')
  await expect(`${printed(recordKind, RECORD_AT, record).join('\n')}\n`).toMatchFileSnapshot(
    'golden/record-mistakes.txt',
  )

  const configuration = CONFIGURATION.replace('version: 1', 'version: 2')
    .replace('after: staging', 'after: stagin')
    .replace('name: staging', 'name: Staging')
    .replace('evidence: s3://acme-weighbridge/evidence', 'evidence: s3://acme-models/registry/evidence/')
    .replace('manifests: deploy/production', 'manifests: ../production')
    .replace('policy: policies/staging.yml', 'policy: 3')
    .replace('{use: policies/production.yml}', '{uses: policies/production.yml}')
    .replace("'lee#42'", "'lee@42'")
    .replace('distinct: [trainer, approver]', 'distinct: [trainer, aprover]')
  await expect(`${printed(configurationKind, CONFIGURATION_AT, configuration).join('\n')}\n`).toMatchFileSnapshot(
    'golden/configuration-mistakes.txt',
  )
})

test('an empty mapping says every key that is missing, and what to add', () => {
  expect(printed(recordKind, RECORD_AT, '{}')).toEqual([
    `${RECORD_AT}:1:1 model: is missing. Add model (text) at the top level.`,
    `${RECORD_AT}:1:1 version: is missing. Add version (text) at the top level.`,
    `${RECORD_AT}:1:1 created: is missing. Add created (text) at the top level.`,
    `${RECORD_AT}:1:1 artifact: is missing. Add artifact (keys and values) at the top level.`,
    `${RECORD_AT}:1:1 evaluation: is missing. Add evaluation (keys and values) at the top level.`,
  ])
})

test('a file that is no mapping at all is one mistake', () => {
  expect(printed(modelKind, MODEL_AT, '- churn\n')).toEqual([
    `${MODEL_AT}:1:1 must be keys and values, found a list. Write keys and values here.`,
  ])
})

test('unknown keys far from any known one list what is known there', () => {
  expect(printed(recordKind, RECORD_AT, recordText().replace('{gpu: h200,', '{zzzzzz: 1, gpu: h200,'))).toEqual([
    `${RECORD_AT}:22:13 training.compute.zzzzzz: unknown key. Known here: gpu, gpu_seconds, cost_usd.`,
  ])
})

test('thousands of unknown keys are told as two hundred and a number', () => {
  const keys = Array.from({ length: 3000 }, (_, index) => `k${index}: 1`).join('\n')
  const lines = printed(recordKind, RECORD_AT, `${recordText()}${keys}\n`)
  expect(lines).toHaveLength(201)
  expect(lines.at(-1)).toContain('and 2800 more mistakes. Mend these first.')
})

const gateKind: FileKind<unknown> = {
  name: 'policy',
  about: 'Rules.',
  schema: z.strictObject({
    gates: z.array(
      z.discriminatedUnion('gate', [
        z.strictObject({ gate: z.literal('latency'), maxMs: z.number() }),
        z.strictObject({
          gate: z.literal('metrics'),
          rules: z.array(z.union([z.string(), z.strictObject({ metric: z.enum(['roc_auc', 'f1']), min: z.number() })])),
        }),
      ]),
    ),
  }),
}

test('in a list of alternatives the one that was meant speaks', () => {
  const text = `gates:
  - {gate: latency, max_ms: 3}
  - {gate: latancy}
  - {maxMs: 3}
  - gate: metrics
    rules: [f1, {metric: f2, min: 1}, 3, {mim: 0.3, metric: f1}]
`
  expect(printed(gateKind, 'policies/p.yml', text)).toEqual([
    'policies/p.yml:2:5 gates[0].maxMs: is missing. Add maxMs (a number) under gates[0].',
    'policies/p.yml:2:21 gates[0].max_ms: unknown key. Did you mean maxMs?',
    'policies/p.yml:3:12 gates[1].gate: must be one of latency, metrics, found the text "latancy". Did you mean latency?',
    'policies/p.yml:4:5 gates[2].gate: is missing. Add it: one of latency, metrics.',
    'policies/p.yml:6:26 gates[3].rules[1].metric: must be one of roc_auc, f1, found the text "f2". Did you mean f1?',
    'policies/p.yml:6:39 gates[3].rules[2]: must be text or keys and values, found the number 3. Write text or keys and values here.',
    'policies/p.yml:6:42 gates[3].rules[3].min: is missing. Add min (a number) under gates[3].rules[3].',
    'policies/p.yml:6:43 gates[3].rules[3].mim: unknown key. Did you mean min?',
  ])
})

test('a slip of the finger is understood, another word is not', () => {
  expect(editDistance('paramters', 'parameters')).toBe(1)
  expect(editDistance('lable', 'label')).toBe(1)
  expect(editDistance('ca', 'abc')).toBe(3)
  expect(didYouMean('max_ms', ['minMs', 'maxMs'])).toBe('maxMs')
  expect(didYouMean('prodution', ['staging', 'production'])).toBe('production')
  expect(didYouMean('canary', ['staging', 'production'])).toBeNull()
  expect(didYouMean('x'.repeat(100_000), ['staging'])).toBeNull()
})

test('the distance of two words is the same both ways, 0 only for equal words, and at most the longer length', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})

test('no text ever crashes a reading, and whatever is refused has a place in the file', () => {
  const piece = fc.constantFrom(
    ...MODEL.split(/(?<=[\n,:{}[\] ])/),
    ...recordText().split(/(?<=[\n,:{}[\] ])/),
    '\t',
    '&a ',
    '*a',
    '!x ',
    '<<: ',
    '-',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  )
  const kinds: readonly FileKind<unknown>[] = [configurationKind, modelKind, recordKind]
  fc.assert(
    fc.property(text, fc.constantFrom(...kinds), (content, kind) => {
      const reading = readFile(kind, 'f.yml', content)
      if (reading.ok) return
      expect(reading.mistakes.length).toBeGreaterThan(0)
      for (const { line, column, what, mend } of reading.mistakes) {
        expect(line).toBeGreaterThan(0)
        expect(line).toBeLessThanOrEqual(content.split('\n').length)
        expect(column).toBeGreaterThan(0)
        expect(what).not.toBe('')
        expect(mend).not.toBe('')
      }
    }),
    { numRuns: 400 },
  )
})

test('one line of a file broken in any way is refused or read, never thrown over', () => {
  const lines = MODEL.split('\n')
  fc.assert(
    fc.property(
      fc.nat({ max: lines.length - 1 }),
      fc.nat({ max: 60 }),
      fc.string({ maxLength: 6 }),
      (at, column, noise) => {
        const broken = lines.map((line, index) =>
          index === at ? line.slice(0, column) + noise + line.slice(column) : line,
        )
        expect(() => readFile(modelKind, MODEL_AT, broken.join('\n'))).not.toThrow()
      },
    ),
    { numRuns: 300 },
  )
})

test('10,000 version files are read in a few seconds', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => recordText(`1.${index}.0`, `0.${index}.0`))
  const started = performance.now()
  const read = texts.filter((text, index) => readFile(recordKind, `models/churn/versions/1.${index}.0.yml`, text).ok)
  const took = performance.now() - started
  console.log(`10,000 version files in ${Math.round(took)} ms`)
  expect(read).toHaveLength(10_000)
  expect(took).toBeLessThan(15_000)
})
