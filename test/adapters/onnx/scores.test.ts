import { beforeAll, expect, test } from 'vitest'
import { openModelRunner } from '../../../src/adapters/onnx/model-runner.ts'
import { type ScoreAsk, scoresOf } from '../../../src/adapters/onnx/scores.ts'
import type { Column, ModelOutput, ModelOutputs } from '../../../src/ports.ts'
import { columnsOf } from '../../support/rows.ts'
import { catalogue, featuresOf, fetched, LIMITS } from './fixture-models.ts'

const ELEC2 = catalogue('elec2').features
let columns: Map<string, Column>
let expected: readonly number[]
beforeAll(async () => {
  columns = await featuresOf('elec2/evaluation.parquet', ELEC2)
  expected = (await columnsOf('elec2/predictions/1.0.0.parquet', ['score'])).score!.map(Number)
})

const binary = { task: 'binary', positive: 1, threshold: 0.5 } as const
async function weighed(name: string, terms: Partial<ScoreAsk> = {}) {
  const outputs = await openModelRunner().run(fetched(`broken/${name}`), columns, ELEC2, LIMITS)
  return scoresOf({ ...binary, ...terms, outputs })
}
const furthest = (score: Float64Array) => Math.max(...expected.map((value, row) => Math.abs(value - score[row]!)))

test('a model whose answers are all NaN gives no number and says how many', async () => {
  const { score, prediction, problems } = await weighed('nan-outputs.onnx')
  expect(score!.every(Number.isNaN) && prediction.every(Number.isNaN)).toBe(true)
  expect(problems).toContainEqual(
    expect.objectContaining({ code: 'non-finite', status: 'failed', rows: expected.length }),
  )
  expect(problems[0]!.what).toContain(`${expected.length} of ${expected.length} scores`)
})

test('swapped columns of probabilities give 1 - score, and the label betrays them', async () => {
  const { score, problems } = await weighed('swapped-classes.onnx')
  expect(furthest(score!.map((value) => 1 - value))).toBeLessThan(1e-6)
  expect(problems.map((problem) => problem.code)).toEqual(['label-disagrees'])
})

test('a label that disagrees with its own probabilities is named with its rows, and never decides', async () => {
  const { score, prediction, problems } = await weighed('label-disagrees.onnx')
  const below = score!.filter((value) => value < 0.5).length
  expect(problems).toEqual([
    expect.objectContaining({ code: 'label-disagrees', status: 'failed', rows: expect.any(Number) }),
  ])
  expect(problems[0]!.rows).toBeGreaterThan(0.9 * below)
  expect(prediction.filter((value) => value === 0)).toHaveLength(below)
})

test('text labels are understood through the classes of the record, and not without', async () => {
  const { score, problems } = await weighed('string-labels.onnx', { classes: ['down', 'up'], positive: 'up' })
  expect(furthest(score!)).toBeLessThan(1e-6)
  expect(problems).toEqual([])
  await expect(weighed('string-labels.onnx')).rejects.toThrow('which column is the class 1 is not known')
  await expect(weighed('string-labels.onnx', { classes: ['a', 'b'], positive: 'up' })).rejects.toThrow(
    "the record's classes are a, b",
  )
})

test('text labels that the record spells otherwise are said to be not compared', async () => {
  const { score, problems } = await weighed('string-labels.onnx', { classes: [0, 1] })
  expect(furthest(score!)).toBeLessThan(1e-6)
  expect(problems).toEqual([
    expect.objectContaining({ code: 'label-unknown', status: 'advisory', rows: expected.length }),
  ])
})

const outputs = (...list: readonly [string, number, readonly number[] | readonly string[]][]): ModelOutputs => ({
  rows: list[0]![2].length / list[0]![1],
  outputs: list.map(
    ([name, width, values]): ModelOutput => ({
      name,
      width,
      values: typeof values[0] === 'string' ? (values as string[]) : Float64Array.from(values as number[]),
    }),
  ),
})

test('the record says which column is the positive class', () => {
  const answer = outputs(['probabilities', 2, [0.9, 0.1, 0.2, 0.8]])
  const score = (terms: Partial<ScoreAsk>) => [...scoresOf({ ...binary, ...terms, outputs: answer }).score!]
  expect(score({})).toEqual([0.1, 0.8])
  expect(score({ classes: ['bad', 'good'], positive: 'good' })).toEqual([0.1, 0.8])
  expect(score({ classes: ['good', 'bad'], positive: 'good' })).toEqual([0.9, 0.2])
  expect(score({ classes: [true, false], positive: 'true' })).toEqual([0.9, 0.2])
  expect(() => score({ positive: 0 })).toThrow('which column is the class 0 is not known')
  expect(() => score({ classes: ['a', 'b', 'c'], positive: 'a' })).toThrow(
    'the record names 3 classes, the model has 2 columns',
  )
})

test('a score at the threshold is negative, just above it is positive', () => {
  const answer = outputs(['score', 1, [0.3, 0.300001, 0.2]])
  expect([...scoresOf({ ...binary, threshold: 0.3, outputs: answer }).prediction]).toEqual([0, 1, 0])
})

test('a single score and a label of zeros and ones are told apart by name', () => {
  const both = scoresOf({ ...binary, outputs: outputs(['label', 1, [0, 1]], ['score', 1, [0.4, 0.6]]) })
  expect([...both.score!]).toEqual([0.4, 0.6])
  expect(both.problems).toEqual([])
})

test('a model that only answers labels has predictions and no score, and says so', () => {
  const numeric = scoresOf({ ...binary, outputs: outputs(['output', 1, [0, 1, 1]]) })
  const text = scoresOf({
    ...binary,
    classes: ['no', 'yes'],
    positive: 'yes',
    outputs: outputs(['label', 1, ['yes', 'no', 'yes']]),
  })
  expect(numeric).toMatchObject({ score: null, prediction: Float64Array.of(0, 1, 1) })
  expect(text).toMatchObject({ score: null, prediction: Float64Array.of(1, 0, 1) })
  expect(numeric.problems.map((problem) => problem.code)).toEqual(['label-only'])
})

test('margins are no probabilities, and a constant answer is no answer', () => {
  const codes = (values: readonly number[]) =>
    scoresOf({ ...binary, outputs: outputs(['score', 1, values]) }).problems.map((problem) => problem.code)
  expect(codes([-2, 0.4, 3])).toEqual(['outside-unit-interval'])
  expect(codes([0.7, 0.7, 0.7])).toEqual(['constant'])
  expect(codes([0.7])).toEqual([])
  expect(codes([0.7, Number.NaN, Number.POSITIVE_INFINITY, 0.2])).toEqual(['non-finite'])
})

test('an answer with other rows than the exam is refused before anything is compared', () => {
  const answer = outputs(['probabilities', 2, [0.9, 0.1, 0.2, 0.8]])
  expect(() => scoresOf({ ...binary, outputs: answer, rows: 3 })).toThrow(
    'output `probabilities` has 2 rows for 3 rows of features',
  )
})

test('two outputs that could both be the scores are not guessed between', () => {
  const answer = outputs(['a', 2, [0.9, 0.1]], ['b', 2, [0.2, 0.8]])
  expect(() => scoresOf({ ...binary, outputs: answer })).toThrow(
    'it is not clear which output holds scores; outputs here: `a` (2 wide), `b` (2 wide)',
  )
})

test('a multiclass prediction is the most probable class, ties to the lowest', () => {
  const answer = outputs(
    ['label', 1, ['b', 'a', 'c']],
    ['probabilities', 3, [0.1, 0.7, 0.2, 0.4, 0.4, 0.2, 0, 0.5, 0.4]],
  )
  const { score, prediction, problems } = scoresOf({
    ...binary,
    task: 'multiclass',
    classes: ['a', 'b', 'c'],
    outputs: answer,
  })
  expect(score).toBeNull()
  expect([...prediction]).toEqual([1, 0, 1])
  expect(problems).toEqual([expect.objectContaining({ code: 'label-disagrees', rows: 1 })])
})

test('a regression answers one number a row; NaN and constants are named', () => {
  const ask = { ...binary, task: 'regression' } as const
  expect(scoresOf({ ...ask, outputs: outputs(['variable', 1, [3, 4]]) })).toEqual({
    score: null,
    prediction: Float64Array.of(3, 4),
    probabilities: null,
    problems: [],
  })
  expect(scoresOf({ ...ask, outputs: outputs(['variable', 1, [3, Number.NaN]]) }).problems[0]).toMatchObject({
    code: 'non-finite',
    rows: 1,
  })
  expect(scoresOf({ ...ask, outputs: outputs(['variable', 1, [3, 3]]) }).problems[0]).toMatchObject({
    code: 'constant',
    status: 'failed',
  })
})
