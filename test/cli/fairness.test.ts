import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectClose } from '../statistics/close.ts'
import { fixture, reference } from '../support/fixtures.ts'
import { scratch, weighbridge } from './terminal-user.ts'

// biome-ignore lint/suspicious/noExplicitAny: the document is read as a user's script would read it
type Document = any

let folder = ''
beforeAll(() => {
  folder = scratch()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ADULT = ['--data', fixture('adult/predictions/1.1.0.parquet'), '--label', 'label', '--prediction', 'prediction']

async function fairness(...args: readonly string[]): Promise<Document> {
  const answer = await weighbridge(['fairness', '--json', ...args], { cwd: folder })
  expect(answer).toMatchObject({ code: 0, err: '' })
  return JSON.parse(answer.out)
}

function table(name: string, lines: readonly string[]): readonly string[] {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return ['--data', name, '--label', 'y']
}

test('groups and disparities of real predictions are those of fairlearn and AIF360, from one command', async () => {
  const document = await fairness(
    ...ADULT,
    '--min-rows',
    '1',
    ...['--across', 'sex', '--across', 'sex,race', '--privileged', 'sex=Male', '--privileged', 'race=White'],
  )

  const expected = reference('adult').versions['1.1.0'].fairness
  for (const [name, column] of [
    ['sex', 'sex'],
    ['sex,race', 'sex&race'],
  ] as const) {
    const { groups, definitions, privileged } = document.attributes[name]
    const key = (group: object) => Object.values(group).join('&')
    expect(key(privileged)).toBe(expected[column].privileged)
    for (const { group, rows, metrics } of groups) {
      const { n, selection_rate, tpr, fpr, ppv, accuracy } = expected[column].groups[key(group)]
      expect(rows).toBe(n)
      const rates = { selection_rate, true_positive_rate: tpr, false_positive_rate: fpr, precision: ppv, accuracy }
      for (const [rate, value] of Object.entries(rates)) {
        if (value === null) expect(metrics[rate]).toBeNull()
        else expectClose(metrics[rate], value as number, 1e-9, rate)
      }
    }
    for (const { group, ...numbers } of definitions.aif360)
      for (const [metric, value] of Object.entries(numbers))
        expectClose(value as number, expected[column].aif360_vs_privileged[key(group)][metric], 1e-9, metric)
  }
  const { between_groups } = document.attributes.sex.definitions.fairlearn
  for (const [metric, value] of Object.entries(expected.sex.fairlearn))
    if (metric in between_groups) expectClose(between_groups[metric], value as number, 1e-9, metric)
})

test('rows without a value are a group of their own, and a crossing lists only what occurs (C19, C23)', async () => {
  const rows = Array.from(
    { length: 120 },
    (_, i) => `${i % 2},${(i >> 1) % 2},${['F', 'M', ''][i % 3]},${i % 3 === 0 ? 'a' : 'b'}`,
  )
  const data = table('missing.csv', ['y,c,sex,race', ...rows])

  const document = await fairness(...data, '--prediction', 'c', '--across', 'sex', '--across', 'sex,race')

  const { sex, 'sex,race': crossing } = document.attributes
  expect(sex.groups.map(({ group, rows: n }: Document) => [group.sex, n])).toEqual([
    ['F', 40],
    ['M', 40],
    [null, 40],
  ])
  expect(crossing.groups.map(({ group }: Document) => Object.values(group))).toEqual([
    ['F', 'a'],
    ['M', 'b'],
    [null, 'b'],
  ])
  expect(document.warnings).toContainEqual(expect.objectContaining({ code: 'missing_group', column: 'sex' }))
})

test('a rate that is 0/0 is null and warned about, and nobody selected gives no ratio (C20, C21)', async () => {
  const rows = [
    ...Array.from({ length: 40 }, (_, i) => `${i % 2},0,a`),
    ...Array.from({ length: 40 }, (_, i) => `${i % 2},0,b`),
    ...Array.from({ length: 40 }, () => '0,0,none'),
  ]
  const { attributes, warnings } = await fairness(
    ...table('nobody.csv', ['y,c,g', ...rows]),
    ...['--prediction', 'c', '--across', 'g', '--min-rows', '10'],
  )

  const { groups, disparities } = attributes.g
  expect(groups[2].metrics).toMatchObject({ true_positive_rate: null, false_positive_rate: 0, precision: null })
  expect(groups[2]).toMatchObject({ counted: true, counted_for: { equal_opportunity_difference: false } })
  expect(disparities.disparate_impact).toMatchObject({ value: null, interval: null, between: null })
  expect(disparities.equal_opportunity_difference).toMatchObject({ value: 0, left_out: { groups: [{ g: 'none' }] } })
  const codes = warnings.map(({ code, message }: Document) => `${code} ${message}`).join('\n')
  expect(codes).toMatch(/undefined_rates equal_opportunity_difference.*g none/)
  expect(codes).toMatch(/undefined disparate_impact: no group has a predicted positive/)
})

test('labels may be words, and words that the label does not know are refused (C24)', async () => {
  const rows = Array.from(
    { length: 80 },
    (_, i) => `${i % 2 ? 'yes' : 'no'},${i % 4 < 2 ? 'yes' : 'no'},${i % 2},${i % 5}`,
  )
  const data = table('words.csv', ['y,c,sex,code', ...rows])

  const document = await fairness(
    ...data,
    '--prediction',
    'c',
    '--positive',
    'yes',
    '--across',
    'sex',
    '--min-rows',
    '1',
  )
  const unnamed = await weighbridge(['fairness', ...data, '--prediction', 'c', '--across', 'sex'], { cwd: folder })
  const other = await weighbridge(
    ['fairness', ...data, '--prediction', 'code', '--positive', 'yes', '--across', 'sex'],
    { cwd: folder },
  )

  expect(document.attributes.sex.groups.map(({ counts }: Document) => counts.positives)).toEqual([0, 40])
  expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining('found there: no, yes') })
  expect(unnamed.err).toContain('--positive')
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining('code of words.csv answers 0, 1, 2') })
})

test('of several classes the favourable one is compared with all others, as if they were one', async () => {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const [truth, said] = [row % 5, (row * 7 + (row % 3)) % 5]
    return { row, truth, said, group: row % 4 === 0 ? 'red' : 'blue' }
  })
  const several = table('several.csv', [
    'y,c,g',
    ...lines.map(({ truth, said, group }) => `${truth + 1},${said + 1},${group}`),
  ])
  const two = table('two.csv', [
    'y,c,g',
    ...lines.map(({ truth, said, group }) => `${truth === 4 ? 1 : 0},${said === 4 ? 1 : 0},${group}`),
  ])
  const more = ['--prediction', 'c', '--across', 'g', '--min-rows', '1']
  const [ofFive, ofTwo] = await Promise.all([
    fairness(...several, ...more, '--task', 'multiclass', '--positive', '5'),
    fairness(...two, ...more),
  ])
  const refused = await weighbridge(['fairness', ...several, ...more], { cwd: folder })

  expect(ofFive).toMatchObject({ task: 'multiclass', positive: 5 })
  expect(ofFive.attributes).toEqual(ofTwo.attributes)
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--task multiclass')])
})

test('a column or a group that is not there is named with the one that was meant', async () => {
  const column = await weighbridge(['fairness', ...ADULT, '--across', 'Sex'], { cwd: folder })
  const group = await weighbridge(['fairness', ...ADULT, '--across', 'sex', '--privileged', 'sex=male'], {
    cwd: folder,
  })
  const limit = await weighbridge(['fairness', ...ADULT, '--across', 'sex', '--limit', 'disparate_impakt=0.8'], {
    cwd: folder,
  })

  expect(column).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean sex for Sex') })
  expect(group).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean Male') })
  expect(limit).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean disparate_impact') })
})

test('a limit says where the interval lies and how many rows would decide, and nothing is judged', async () => {
  const args = [
    ...ADULT,
    '--across',
    'race',
    '--limit',
    'disparate_impact=0.8',
    '--limit',
    'equal_opportunity_difference=0.25',
  ]
  const document = await fairness(...args)

  const { disparate_impact, equal_opportunity_difference, statistical_parity_difference } =
    document.attributes.race.disparities
  expect(disparate_impact.limit).toMatchObject({ limit: { min: 0.8 }, interval_lies: 'outside', decides: null })
  expect(equal_opportunity_difference.limit.limit).toEqual({ max: 0.25 })
  expect(statistical_parity_difference.limit).toBeUndefined()
})

test('what is written for the public names no small group and tells no small cell, and the page is one file', async () => {
  const args = [
    ...ADULT,
    '--score',
    'score',
    '--across',
    'race',
    '--across',
    'sex,race',
    '--public',
    '--html',
    'public.html',
  ]
  const document = await fairness(...args, '--min-cell', '50')

  for (const { groups, calibration } of Object.values<Document>(document.attributes)) {
    for (const { rows, counts, metrics } of groups) {
      const tp = Math.round((metrics.true_positive_rate ?? 0) * counts.positives)
      const cells = [
        tp,
        counts.positives - tp,
        counts.predicted_positives - tp,
        rows - counts.positives - counts.predicted_positives + tp,
      ]
      for (const cell of cells) expect(cell === 0 || cell >= 50).toBe(true)
    }
    expect(groups.at(-1).group).toMatchObject({ race: '(others)' })
    for (const { bins } of calibration.groups)
      expect(bins === null || bins.every(({ rows }: Document) => rows >= 50)).toBe(true)
  }
  const html = readFileSync(join(folder, 'public.html'), 'utf8')
  expect(html).not.toContain('Amer-Indian-Eskimo')
  expect(html).not.toMatch(/<script[^>]+src=|https?:\/\/(?!www\.w3\.org)/)
})

test('units widen intervals, weights move values, and where narrows the rows', async () => {
  const across = ['--across', 'sex']
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${i % 2},${(i >> 3) % 2},${i % 3 ? 'F' : 'M'},${i >> 3},${1 + (i % 2)}`,
  )
  const data = table('units.csv', ['y,c,sex,person,w', ...rows])
  const plain = await fairness(...data, '--prediction', 'c', ...across)
  const clustered = await fairness(...data, '--prediction', 'c', ...across, '--unit', 'person')
  const weighted = await fairness(...data, '--prediction', 'c', ...across, '--weight', 'w', '--where', 'person < 40')

  const gap = (document: Document) => document.attributes.sex.disparities.statistical_parity_difference
  expect(gap(clustered).value).toBe(gap(plain).value)
  expect([gap(plain).method, gap(clustered).method, gap(weighted).method]).toEqual([
    'all-pairs-newcombe',
    'all-pairs-clustered',
    'all-pairs-bootstrap',
  ])
  expect(weighted).toMatchObject({ rows: 320, weights: 'w', dropped: { where_out: 80 } })
  expect(await fairness(...data, '--prediction', 'c', ...across, '--unit', 'person')).toEqual(clustered)
})

test('a regression is compared by its errors, and by how far its predictions lie apart', async () => {
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i % 20},${(i % 20) + (i % 2 ? 1 : -2) + (i % 3) / 10},${i % 2 ? 'old' : 'young'}`,
  )
  const args = ['--prediction', 'p', '--task', 'regression', '--across', 'age', '--limit', 'mean_error_difference=1']

  const { attributes } = await fairness(...table('regression.csv', ['y,p,age', ...rows]), ...args)

  const { disparities, distribution, definitions, calibration } = attributes.age
  expect(Object.keys(disparities)).toEqual(['mean_prediction_difference', 'mean_error_difference', 'mae_difference'])
  expectClose(disparities.mean_error_difference.value, 3, 0.01)
  expect(disparities.mean_error_difference).toMatchObject({
    between: [{ age: 'old' }, { age: 'young' }],
    limit: { interval_lies: 'outside' },
  })
  expect(distribution.wasserstein.value).toBeGreaterThan(distribution.wasserstein.null_q95)
  expect({ definitions, calibration }).toEqual({ definitions: null, calibration: null })
})
