import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from '../adapters/onnx/fixture-models.ts'
import * as tiny from '../adapters/onnx/tiny-model.ts'
import { fixture } from '../support/fixtures.ts'
import { linearSoftmax } from '../support/linear-softmax-onnx.ts'
import { type ExplainAsk, openExplainer, wordsOf } from './explain-world.ts'
import { weighbridge } from './terminal-user.ts'

const COMPAS = { model: fixture('compas/models/1.1.0.onnx'), data: fixture('compas/evaluation.csv') }
const ELEC2 = fixture('elec2/evaluation.parquet')
const FEATURES = catalogue('compas').features.join(',')
const command = (...more: readonly string[]) => ['explain', '--model', COMPAS.model, '--data', COMPAS.data, ...more]

test('one command says what matters, why rows score as they do, and what would turn one', async () => {
  const explainer = openExplainer()
  const html = join(explainer.folder, 'page.html')
  const more = ['--partial-dependence', 'age,priors_count', '--counterfactual', '0', '--fixed', 'sex_male']
  const other = ['--compare', fixture('compas/models/1.0.0.onnx')]
  const args = command('--features', FEATURES, '--label', 'label', '--repeats', '5', ...more, ...other, '--html', html)

  const { code, out, err } = await weighbridge([...args, '--json'])

  expect([code, err]).toEqual([0, ''])
  const document = JSON.parse(out)
  expect(document).toMatchObject({
    schema: 'weighbridge.explanation/v1',
    rows: 1478,
    task: 'binary',
    metric: { name: 'roc_auc', repeats: 5, seed: 0, rows: 1478 },
    shapley: { method: 'exact', background_rows: 100 },
    counterfactual: { row: 0, threshold: 0.5, fixed: ['sex_male'] },
    warnings: [],
  })
  expect(document.engine).toMatch(/^weighbridge/)
  expect(document.importance[0]).toMatchObject({ column: 'age', mean: expect.any(Number), std: expect.any(Number) })
  expect(document.partial_dependence.map(({ column }: { column: string }) => column)).toEqual(['age', 'priors_count'])
  expect(document.comparison.shift.value).toBeGreaterThan(0)
  const { found, score } = document.counterfactual
  expect(found.score > 0.5).not.toBe(score > 0.5)
  expect(found.changes.map(({ column }: { column: string }) => column)).not.toContain('sex_male')
  expect(readFileSync(html, 'utf8')).toContain('Importance of columns')
})

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ['a single tensor without an order of columns', command(), 'Give --features a,b,... or --record version.yml'],
  ['a label that is not there', command('--features', FEATURES, '--label', 'lable'), 'Did you mean label?'],
  ['repeats that are no number', command('--features', FEATURES, '--repeats', 'many'), 'a whole number from 1 to 1000'],
]

test('what cannot be read is bad input: one sentence, a way out, exit 2', async () => {
  const answers = await Promise.all(REFUSED.map(([, args]) => weighbridge(args)))

  answers.forEach(({ code, err, out }, at) => {
    expect([REFUSED[at]![0], code, out]).toEqual([REFUSED[at]![0], 2, ''])
    expect(err).toContain(REFUSED[at]![2])
    expect(err).not.toContain('    at ')
  })
})

const words = wordsOf('compas')
const UNREADABLE: readonly (readonly [string, ExplainAsk, string])[] = [
  ['a column', { words: { features: ['agee'] } }, 'has no column agee'],
  ['a column named twice', { words: { features: ['age', 'age'] } }, 'the column age is named twice'],
  ['the columns of a tensor', { words: { features: ['age'] } }, 'takes 7 columns'],
  ['a metric', { words, label: 'label', metric: 'rmse' }, 'no importance can be measured by rmse on a binary model'],
  ['a curve', { words, dependence: ['race'] }, 'the model has no column race'],
  ['a row', { words, counterfactual: { row: 1478, fixed: [] } }, 'the table has rows 0 to 1477'],
  ['a class', { words, label: 'label', positive: 'yes' }, 'the label label holds no "yes"'],
]

test.each(UNREADABLE)('%s that cannot be is named, with a way out', async (_, ask, sentence) => {
  const refused = openExplainer().explain(COMPAS.model, COMPAS.data, ask)

  await expect(refused).rejects.toMatchObject({
    message: expect.stringContaining(sentence),
    mend: expect.stringMatching(/\S/),
    status: 'missing',
  })
})

test('the record of a version gives the order of features, and its threshold', async () => {
  const explainer = openExplainer()
  const record = explainer.write(
    '1.1.0.yml',
    `model: compas\nversion: 1.1.0\ncreated: "2026-10-01T08:00:00Z"\nartifact: {uri: "file:m.onnx", digest: "sha256:${'a'.repeat(64)}"}\nfeatures: [${FEATURES}]\nthreshold: 0.7\nevaluation: {reference: {uri: "file:t.csv", digest: "sha256:${'b'.repeat(64)}"}}\n`,
  )
  const { code, out } = await weighbridge(command('--record', record, '--counterfactual', '1', '--json'))

  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ counterfactual: { threshold: 0.7 }, features: FEATURES.split(',') })
})

test('without a label rows are explained, importance is null with a warning, and nothing is NaN', async () => {
  const document = await openExplainer().explain(COMPAS.model, COMPAS.data, { words: wordsOf('compas') })

  expect(document.importance[0]).toEqual({
    column: 'age',
    mean: null,
    std: null,
    interval: null,
    share: null,
    movement: null,
  })
  expect(document.warnings).toMatchObject([{ code: 'no_label' }])
  expect(document.shapley.rows).toHaveLength(5)
})

test('the same question gives the same bytes, and the order of the rows changes no importance', async () => {
  const explainer = openExplainer()
  const [header, ...rows] = readFileSync(COMPAS.data, 'utf8').trim().split('\n')
  const turned = explainer.write('turned.csv', [header, ...rows.toReversed()].join('\n'))
  const ask = { words: wordsOf('compas'), label: 'label', repeats: 3, sample: 400 }

  const [first, again, other] = await Promise.all(
    [COMPAS.data, COMPAS.data, turned].map((data) => explainer.explain(COMPAS.model, data, ask)),
  )
  expect(again).toEqual(first)
  expect(other!.importance).toEqual(first!.importance)
  expect(first!.warnings).toMatchObject([{ code: 'sampled' }])
})

const BROKEN: readonly (readonly [string, string])[] = [
  ['truncated.onnx', 'truncated.onnx cannot be run: the ONNX file cannot be parsed'],
  ['nan-outputs.onnx', 'are no finite numbers, so they cannot be explained'],
  ['zipmap-output.onnx', 'is not a tensor'],
  ['lfs-pointer.onnx', 'it is a Git LFS pointer, not a model'],
  ['s3-error.onnx', 'cannot be run'],
  ['future-opset.onnx', 'opset 99'],
  ['string-labels.onnx', 'which column is the class 1 is not known'],
  ['external-data-traversal.onnx', 'weights lie outside the file'],
]

test.each(BROKEN)('%s is refused with a sentence', async (file, sentence) => {
  const refused = openExplainer().explain(fixture(`broken/${file}`), ELEC2, { words: wordsOf('elec2') })

  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(sentence), status: 'missing' })
})

test('a model that takes one row at a time is explained like any other', async () => {
  const ask = { words: wordsOf('elec2') }
  const [fixed, free] = await Promise.all(
    ['broken/fixed-batch-1.onnx', 'elec2/models/1.0.0.onnx'].map((path) =>
      openExplainer().explain(fixture(path), ELEC2, ask),
    ),
  )
  fixed!.shapley.rows.forEach(({ values }, row) => {
    for (const [name, value] of Object.entries(values))
      expect(value).toBeCloseTo(free!.shapley.rows[row]!.values[name]!, 6)
  })
})

test('a label may be true and false, or words, as well as 1 and 0', async () => {
  const explainer = openExplainer()
  const [header, ...rows] = readFileSync(COMPAS.data, 'utf8').trim().split('\n')
  const place = header!.split(',').indexOf('label')
  const written = (name: string, yes: string, no: string) => {
    const own = rows.map((row) => row.split(',').map((cell, at) => (at === place ? (cell === '1' ? yes : no) : cell)))
    return explainer.write(name, [header, ...own.map((cells) => cells.join(','))].join('\n'))
  }
  const ask = { words, label: 'label', repeats: 2 }

  const baselines = await Promise.all([
    explainer.explain(COMPAS.model, COMPAS.data, ask),
    explainer.explain(COMPAS.model, written('true.csv', 'true', 'false'), ask),
    explainer.explain(COMPAS.model, written('words.csv', 'back', 'not'), { ...ask, positive: 'back' }),
  ])
  const [first, ...others] = baselines.map(({ metric }) => metric.baseline)
  expect(first).toBeGreaterThan(0.7)
  for (const other of others) expect(other).toBeCloseTo(first!, 12)
})

/** Answers x minus the mean of its batch. */
const crowd = () =>
  tiny.localFile(
    tiny.model([
      tiny.node('ReduceMean', ['x'], ['mean']),
      tiny.node('Sub', ['x', 'mean'], ['y']),
      tiny.input('x', tiny.FLOAT, ['N', 1]),
      tiny.output('y', tiny.FLOAT, ['N', 1]),
    ]),
  )

test('a model whose answers depend on the company of a row is refused, not explained wrongly', async () => {
  const explainer = openExplainer()
  const data = explainer.write('x.csv', 'x\n1\n5\n12\n')
  const refused = explainer.explain(crowd().path, data, { words: { features: ['x'] }, task: 'regression' })

  await expect(refused).rejects.toThrow('so no row can be explained')
})

test('a regression is turned only where somebody says what its decision is', async () => {
  const explainer = openExplainer()
  const ask = { words: wordsOf('bike'), counterfactual: { row: 900, fixed: [] } }
  const turn = (threshold?: number) =>
    explainer.explain(fixture('bike/models/1.0.0.onnx'), fixture('bike/evaluation.parquet'), {
      ...ask,
      ...(threshold === undefined ? {} : { threshold }),
    })

  await expect(turn()).rejects.toThrow('a regression has no decision that could be turned')
  const { counterfactual } = await turn(150)
  expect(counterfactual).toMatchObject({ row: 900, threshold: 150, found: { changes: [{}] } })
})

test('a model that is too slow is stopped when its time is up', async () => {
  const slow = openExplainer().explain(fixture('elec2/models/1.1.0.onnx'), ELEC2, {
    words: wordsOf('elec2'),
    label: 'label',
    repeats: 1000,
    limits: { timeoutMs: 1500, memoryMb: 2048 },
  })

  await expect(slow).rejects.toMatchObject({ status: 'unreachable', message: expect.stringContaining('1.5 s') })
})

test('of several classes importance is measured over all of them, and rows are explained by the class that is named', async () => {
  const explainer = openExplainer()
  const rows = Array.from({ length: 300 }, (_, row) => {
    const values = [0, 1, 2].map((place) => Number((((row * (37 + place * 11)) % 101) / 101).toFixed(3)))
    return [...values, values.indexOf(Math.max(...values))].join(',')
  })
  const data = explainer.write('three.csv', `x1,x2,x3,y\n${rows.join('\n')}\n`)
  const model = join(explainer.folder, 'three.onnx')
  writeFileSync(model, linearSoftmax([4, 4, 0].map((weight, at) => [0, 1, 2].map((own) => (own === at ? weight : 0)))))

  const document = await explainer.explain(model, data, {
    words: { features: ['x1', 'x2', 'x3'] },
    label: 'y',
    positive: 2,
    repeats: 4,
  })

  const words = explainer.write('words.csv', readFileSync(data, 'utf8').replace(/,([012])$/gm, ',class $1'))
  const strange = explainer.explain(model, words, { words: { features: ['x1', 'x2', 'x3'] }, label: 'y', positive: 2 })

  await expect(strange).rejects.toThrow('the label says class 0, class 1, class 2, and the model answers 0, 1, 2')
  expect(document).toMatchObject({
    task: 'multiclass',
    explains: 'the score of class 2',
    metric: { name: 'roc_auc_ovr_macro', rows: 300 },
  })
  const [x1, x2, x3] = document.importance
  expect(x1!.mean! - x1!.std!).toBeGreaterThan(0.02)
  expect(x2!.share! + x1!.share!).toBeCloseTo(1, 12)
  expect(x3).toMatchObject({ mean: 0, movement: 0 })
  for (const { score, values } of document.shapley.rows)
    expect(Object.values(values).reduce((sum, value) => sum + value, document.shapley.base)).toBeCloseTo(score, 6)
})
