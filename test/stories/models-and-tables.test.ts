import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../support/fixtures.ts'
import {
  digestOf,
  findings,
  fixtureBytes,
  gate,
  manifestFile,
  openWorld,
  said,
  statuses,
  stored,
  storedTable,
  versionFiles,
} from '../support/registry-world.ts'

const SIGNATURE = {
  inputs: [{ name: 'features', type: 'float32', shape: [null, 7] }],
  outputs: [
    { name: 'label', type: 'int64', shape: [null] },
    { name: 'probabilities', type: 'float32', shape: [null, 2] },
  ],
}
/** The 1.0.0 of elec2 has an AUC of 0.84 on its exam. */
const FLOOR = { gates: { metrics: [{ metric: 'roc_auc', min: 0.7 }] } }

/** Each broken model of the test data: which gate holds it, and the words by which people understand why. */
const BROKEN: Readonly<Record<string, readonly [holds: string, words: RegExp]>> = {
  'truncated.onnx': ['integrity', /cut short|truncated|ends before|not a (whole|readable)/i],
  'wrong-input-name.onnx': ['integrity', /X.*features|features.*X/s],
  'nan-outputs.onnx': ['metrics', /2,?400|all rows|every row/],
  'zipmap-output.onnx': ['integrity', /zipmap=False/],
  'lfs-pointer.onnx': ['integrity', /Git LFS pointer/],
  's3-error.onnx': ['integrity', /XML|error page/i],
  'future-opset.onnx': ['integrity', /opset 99/],
  'swapped-classes.onnx': ['metrics', /under the floor of 0.7/],
  'fixed-batch-1.onnx': ['', /./],
  'string-labels.onnx': ['integrity', /output `label` is string/],
  'external-data-traversal.onnx': ['integrity', /weights lie outside the file/],
  'label-disagrees.onnx': ['', /disagree/],
}

test('every broken model of the test data is promoted below', () => {
  const expected = JSON.parse(readFileSync(fixture('broken/expected.json'), 'utf8')) as object
  expect(Object.keys(BROKEN).sort()).toEqual(Object.keys(expected).sort())
})

test.for(Object.entries(BROKEN))('a broken model is no crash and no pass: %s', async ([name, [holds, words]]) => {
  const world = await openWorld({ set: 'elec2', versions: ['1.0.0'], policy: FLOOR })
  const bytes = fixtureBytes(`broken/${name}`)
  const files = versionFiles({ set: 'elec2', version: '1.2.0', bytes, record: { signature: SIGNATURE } })

  const check = await world.check({ head: await world.opens('broken', ...files, manifestFile('elec2', '1.2.0')) })

  expect(said(check)).not.toMatch(/crashed|bug|undefined|\[object/)
  expect(said(check)).toMatch(words)
  if (holds === '') return
  expect(check.verdict.status).not.toBe('passed')
  expect(['failed', 'inconclusive']).toContain(statuses(check)[holds])
})

test('a model that takes one row at a time answers as the whole table does', async () => {
  const world = await openWorld({ set: 'elec2', versions: ['1.0.0'], policy: FLOOR })
  const files = versionFiles({ set: 'elec2', version: '1.2.0', bytes: fixtureBytes('broken/fixed-batch-1.onnx') })

  const check = await world.check({ head: await world.opens('one', ...files, manifestFile('elec2', '1.2.0')) })
  const whole = await world.check({
    head: await world.opens(
      'same',
      ...versionFiles({ set: 'elec2', version: '1.3.0', bytes: fixtureBytes('elec2/models/1.0.0.onnx') }),
      manifestFile('elec2', '1.3.0'),
    ),
  })

  expect(gate(check, 'metrics').children[0]?.measured).toBeCloseTo(gate(whole, 'metrics').children[0]!.measured!, 6)
})

test('classes named by the record make a model with text labels comparable', async () => {
  const world = await openWorld({ set: 'elec2', versions: ['1.0.0'], policy: FLOOR })
  const bytes = fixtureBytes('broken/string-labels.onnx')
  const files = versionFiles({ set: 'elec2', version: '1.2.0', bytes, record: { classes: ['down', 'up'] } })

  const check = await world.check({ head: await world.opens('classes', ...files, manifestFile('elec2', '1.2.0')) })

  expect(said(check)).not.toMatch(/crashed|bug/)
  expect(gate(check, 'metrics').children[0]?.measured ?? 0.84).toBeGreaterThan(0.7)
})

test('a record with another digest than its bytes is held, and both digests are shown', async () => {
  const { recorded_sha256: recorded, actual_sha256: actual } = JSON.parse(
    readFileSync(fixture('broken/wrong-digest.json'), 'utf8'),
  )
  const bytes = fixtureBytes('elec2/models/1.1.0.onnx')
  const world = await openWorld({ set: 'elec2', versions: ['1.0.0'] })
  const [file, record] = versionFiles({ set: 'elec2', version: '1.2.0', bytes })
  const wrong = { ...record!, content: record!.content.toString().replace(digestOf(bytes), `sha256:${recorded}`) }

  const check = await world.check({ head: await world.opens('digest', file!, wrong, manifestFile('elec2', '1.2.0')) })

  expect(gate(check, 'integrity').status).toBe('failed')
  expect(said(check)).toContain(recorded)
  expect(said(check)).toContain(actual)
})

/** Each odd table as the exam of adult: what its metrics gate may say, and the words of the whole check. */
const EXAMS: Readonly<Record<string, readonly [metrics: readonly string[], words: RegExp]>> = {
  'all-null-column.csv': [['passed', 'failed', 'inconclusive'], /occupation/],
  'constant-column.csv': [['passed', 'failed', 'inconclusive'], /hours_per_week/],
  'unseen-category.csv': [['passed', 'failed', 'inconclusive'], /workclass/],
  'renamed-and-missing-columns.csv': [['inconclusive'], /age, hours_per_week|hours-per-week/],
  'duplicate-ids.csv': [['inconclusive'], /age|missing/],
  'labels-one-class.csv': [['inconclusive'], /missing columns|no negative/],
  'group-of-3.csv': [['inconclusive'], /missing columns/],
  'nonfinite-scores.csv': [['inconclusive'], /missing columns/],
  'empty.csv': [['inconclusive'], /empty|0 bytes/i],
  'header-only.csv': [['inconclusive'], /no rows|0 rows|missing columns/],
  'zero-rows.parquet': [['inconclusive'], /no rows|0 rows|missing columns/],
  'bom-semicolon.csv': [['inconclusive'], /missing columns|column/],
  'quotes-newlines.csv': [['inconclusive'], /column/],
  'nested.parquet': [['inconclusive'], /column/],
  'types.parquet': [['inconclusive'], /column/],
  'int64.parquet': [['inconclusive'], /column/],
  'zstd.parquet': [['inconclusive'], /column/],
}

/** Tables of ids and scores are predictions below; as exams they all lack the features. */
const SCORES = [
  'duplicate-ids.csv',
  'group-of-3.csv',
  'int64.parquet',
  'labels-one-class.csv',
  'nonfinite-scores.csv',
  'types.parquet',
  'zstd.parquet',
]
const isWorthATry = ([name]: readonly [string, unknown]) => process.env.WEIGHBRIDGE_DEEP || !SCORES.includes(name)

test('every odd table of the test data is an exam below', () => {
  const expected = JSON.parse(readFileSync(fixture('edge/expected.json'), 'utf8')) as object
  expect(Object.keys(EXAMS).sort()).toEqual(Object.keys(expected).sort())
})

test.for(Object.entries(EXAMS).filter(isWorthATry))(
  'an odd table as the exam is no crash: %s',
  async ([name, [metrics, words]]) => {
    const table = stored(`data/${name}`, fixtureBytes(`edge/${name}`))
    const quality = { schema: 'strict', max_missing_share: 0.2, max_duplicate_share: 0.005 }
    const world = await openWorld({
      set: 'adult',
      versions: ['1.0.0', '1.1.0'],
      policy: { gates: { metrics: [{ metric: 'accuracy', min: 0.1 }], 'data-quality': quality } },
      model: { evaluation: { data: table.reference } },
      files: [table.file],
    })

    const check = await world.check({ head: await world.opensPromotion('1.1.0') })

    expect(metrics).toContain(statuses(check).metrics)
    expect(said(check)).toMatch(words)
    expect(said(check)).not.toMatch(/crashed|bug|NaN|undefined|\[object/)
    expect(said(check)).not.toContain('\ufeff')
  },
)

/** Tables that hold ids and scores, as the predictions of an opaque version on adult's exam. */
test.for([
  ['nonfinite-scores.csv', /3 predictions of 1.2.0 are not finite|rows of the exam have no prediction/],
  ['duplicate-ids.csv', /rows of the exam have no prediction/],
  ['zstd.parquet', /7,?[0-9]{3} rows of the exam have no prediction/],
  ['types.parquet', /rows of the exam have no prediction/],
  ['int64.parquet', /rows of the exam have no prediction|neither a score nor a prediction/],
  ['group-of-3.csv', /rows of the exam have no prediction/],
  ['labels-one-class.csv', /rows of the exam have no prediction/],
] as const)('an odd table as predictions decides nothing and says why: %s', async ([name, words]) => {
  const table = stored(`predictions/${name}`, fixtureBytes(`edge/${name}`))
  const world = await openWorld({
    set: 'adult',
    versions: ['1.0.0'],
    policy: { gates: { metrics: [{ metric: 'accuracy', min: 0.1 }] } },
    files: [table.file],
  })
  const bytes = Buffer.from('opaque')
  const record = {
    artifact: { ...stored('adult/1.2.0/model.onnx', bytes).reference, format: 'opaque' },
    evaluation: {
      data: storedTable('adult/evaluation.parquet').reference,
      reference: storedTable('adult/train.parquet').reference,
      predictions: { ...table.reference, id: 'row_id' },
    },
  }
  const files = versionFiles({ set: 'adult', version: '1.2.0', bytes, record })

  const check = await world.check({ head: await world.opens('opaque', ...files, manifestFile('adult', '1.2.0')) })

  expect(['failed', 'inconclusive']).toContain(statuses(check).metrics)
  expect(said(check)).toMatch(words)
  expect(said(check)).not.toMatch(/crashed|bug|undefined|\[object/)
  expect(findings(check, 'metrics').some((found) => found.status === 'passed')).toBe(false)
})
