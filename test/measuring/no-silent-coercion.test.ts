import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import { judgePredictions } from '../../src/jobs/judge-predictions.ts'
import { compareTables } from '../../src/jobs/measure/compare-predictions.ts'
import { measureDriftOfTables } from '../../src/jobs/measure/drift.ts'
import { explainModel } from '../../src/jobs/measure/explain.ts'
import { type FairnessAsk, measureFairnessTable } from '../../src/jobs/measure/fairness.ts'
import { type MetricsAsk, measureTable } from '../../src/jobs/measure/metrics.ts'
import { profileOfTable } from '../../src/jobs/measure/profile.ts'
import { policyFromFile } from '../../src/jobs/policy-from-file.ts'
import type { TableSource } from '../../src/ports.ts'
import { profilePage } from '../../src/report/measured/profile-page.ts'
import { pageHtml } from '../../src/report/page/page-html.ts'
import { fetched, LIMITS } from '../adapters/onnx/fixture-models.ts'
import { refusal } from '../adapters/tables/scratch-tables.ts'
import { weighbridge } from '../cli/terminal-user.ts'
import { DRIFT_ASK } from '../support/drift-job.ts'
import { PLAIN } from '../support/measured-tables.ts'
import { type NastyWorld, nastyWorld } from './nasty/nasty-world.ts'

let world: NastyWorld
beforeAll(async () => {
  world = await nastyWorld()
})
afterAll(() => world.close())

let files = 0
/** A CSV file of n rows, from a function of the row. */
function table(header: string, rows: number, row: (at: number) => readonly (string | number)[]): TableSource {
  const lines = Array.from({ length: rows }, (_, at) => row(at).join(','))
  return world.file(`story-${files++}.csv`, `${[header, ...lines].join('\n')}\n`)
}

/** 0 to 1, the same in every run. */
const chance = (at: number) => ((at * 7919) % 101) / 101

const metrics = (source: TableSource, more: Partial<MetricsAsk> = {}) =>
  measureTable({ ...PLAIN, source, slices: [], ...more }, world.tables)

const FAIR = { minRows: 5, privileged: new Map(), minCell: null, limits: new Map(), across: [['group']] } as const
const fairness = (data: TableSource, more: Partial<FairnessAsk> = {}) =>
  measureFairnessTable({ ...PLAIN, ...FAIR, task: 'binary', data, ...more }, world.tables)

async function judge(candidate: TableSource, more: object = {}) {
  const policy = await policyFromFile(null, shippedPolicies())
  const ask = { ...PLAIN, task: 'binary' as const, sensitive: [], now: '2026-01-01T00:00:00Z' }
  const composed = 'composed' in policy ? policy.composed : expect.fail('the policy has mistakes')
  return judgePredictions({ ...ask, candidate, incumbent: null, ...more }, composed, world.tables)
}

describe('what a table says is neither guessed nor bent', () => {
  test('a prediction in words that the label does not know is refused, and not counted as a no', async () => {
    const answers = table('label,prediction', 40, (at) => [at % 2, at === 7 ? 'maybe' : at % 2])
    const asked = { score: null, prediction: 'prediction' }

    const refused = await Promise.all([
      refusal(metrics(answers, asked)),
      refusal(compareTables({ ...PLAIN, ...asked, a: answers, b: answers }, world.tables)),
      refusal(judge(answers, asked)),
    ])

    for (const said of refused)
      expect(said).toMatch(/prediction of story.* answers maybe, label of story.* says [01], [01]/)
  })

  test('a label of 01 is not the class 1, and 0x1 and " 1" are none of it either', async () => {
    for (const odd of ['01', '0x1', '" 1"']) {
      const document = await metrics(table('label,score', 40, (at) => [at % 4 === 0 ? 1 : odd, chance(at)]))

      expect(document.metrics.accuracy?.support, odd).toMatchObject({ positives: 10, negatives: 30 })
    }
  })

  test('a label that is NaN is missing and counted so, not a row of the negative class', async () => {
    const source = await world.written(
      'nan-label.parquet',
      `copy (select case when i % 4 = 0 then 'NaN'::double else 1.0 end as label, i / 40.0 as score from range(40) t(i)) to FILE (format parquet)`,
    )

    const document = await metrics(source)

    expect(document).toMatchObject({ rows: 30, dropped: { label_null: 10 } })
    expect(document.metrics.accuracy?.support).toMatchObject({ positives: 30, negatives: 0 })
    expect(document.warnings).toContainEqual(expect.objectContaining({ code: 'label_null' }))
  })

  test('an infinite label of a regression is left out and said, and spoils no other number', async () => {
    const asked = { task: 'regression', label: 'y', score: 'p' } as const
    const source = table('y,p', 40, (at) => [at === 3 ? 'inf' : at, at + 1])

    const document = await metrics(source, asked)

    expect(document).toMatchObject({ rows: 39, dropped: { label_null: 1 }, metrics: { mae: { value: 1 } } })
    expect(document.warnings[0]?.message).toBe('1 rows have no label, or one that is not finite, and are in no number')
  })

  test('a score of 0x10 is no number: none is given, and the rows are named', async () => {
    const document = await metrics(table('label,score', 40, (at) => [at % 2, at === 7 ? '0x10' : chance(at)]))

    expect(document.dropped.score_null).toBe(1)
    expect(document.metrics.roc_auc?.value).toBeNull()
    const said = document.warnings.find(({ code }) => code === 'score_not_finite')
    expect(said?.message).toContain('1 answers are missing or not finite (rows, counted from 1: 8)')
  })

  test('a missing prediction beside a score is a missing answer: judge does not take it for a no', async () => {
    const source = table('label,score,prediction', 400, (at) => [at % 2, chance(at), at === 7 ? '' : at % 2])

    const check = await judge(source, { prediction: 'prediction' })

    expect(check.verdict.status).toBe('failed')
    expect(JSON.stringify(check)).toContain('1 answers of the candidate are missing or not finite')
  })

  test('a row without a score beside its prediction is left out of fairness, and counted', async () => {
    const row = (at: number) => [at % 2, (at + 1) % 2, at === 7 ? 'NaN' : chance(at), at % 3]

    const document = await fairness(table('label,prediction,score,group', 90, row), { prediction: 'prediction' })

    expect(document).toMatchObject({ rows: 89, dropped: { answer_null: 1 } })
    expect(document.warnings[0]?.code).toBe('answer_null')
  })

  test('01 and 1 are two groups and two ids, and ids beyond 2^53 stay apart', async () => {
    const groups = await fairness(table('label,score,group', 90, (at) => [at % 2, chance(at), at % 3 ? '01' : '1']))
    const huge = (first: bigint) => table('id,label,score', 40, (at) => [`${first + BigInt(at)}`, at % 2, chance(at)])
    const [a, b] = [huge(9007199254740993n), huge(9007199254740994n)]
    const compared = await compareTables(
      { ...PLAIN, label: 'score', task: 'regression', id: 'id', a, b: a },
      world.tables,
    )

    expect(groups.attributes.group?.groups.map(({ group, rows }) => [group.group, rows])).toEqual([
      ['01', 60],
      ['1', 30],
    ])
    expect(compared).toMatchObject({ rows: 40, dropped: { only_a: 0, only_b: 0 } })
    expect(await refusal(compareTables({ ...PLAIN, id: 'id', a, b }, world.tables))).toContain(
      '39 rows have another label',
    )
  })

  test('explain refuses a label of three values for a model of two classes', async () => {
    const features = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const data = table(`${features},label`, 30, (at) => [...features.map((_, place) => (at + place) % 5), at % 3])
    const asked = {
      tables: world.tables,
      runner: world.runner,
      limits: LIMITS,
      engine: 'test',
      progress: () => {},
      data,
    }
    const more = { positive: 1, repeats: 2, seed: 0, sample: 100, dependence: [], label: 'label', words: { features } }

    const said = await refusal(explainModel({ ...asked, ...more, model: fetched('compas/models/1.0.0.onnx') }))

    expect(said).toContain('the label label has 3 values, a binary task has two')
  })
})

describe('numbers at the end of what a double holds', () => {
  const HUGE = (at: number) => [at % 2 ? '1e308' : '-1e308', at % 5 ? '-1.7e308' : '1.7e308']

  test('drift has a distance of them, and every preset decides or says why not', async () => {
    const [reference, current] = [table('x,y', 90, HUGE), table('x,y', 80, (at) => HUGE(at * 3))]
    for (const preset of [undefined, 'evidently', 'nannyml', 'deepchecks', 'alibi'] as const) {
      const ask = { ...DRIFT_ASK, statistics: 'all' as const, preset }
      const { columns } = await measureDriftOfTables(ask, { tables: world.tables, reference, current })

      for (const { statistics } of columns)
        expect(Number.isFinite(statistics.wasserstein), `${preset}: ${JSON.stringify(statistics)}`).toBe(true)
    }
  })

  test('a profile has their quantiles, and its page no infinity', async () => {
    const ask = { data: table('x,y', 90, HUGE), columns: null, model: null, reference: null, engine: 'test' }

    const document = await profileOfTable(ask, world.tables, () => {})

    expect(document.columns[0]).toMatchObject({ quantiles: { p1: -1e308, p99: 1e308 } })
    expect(pageHtml(profilePage(document, 't'))).not.toContain('Infinity')
  })

  test('a regression on them has errors where there are any, and null with a reason where they overflow', async () => {
    const source = table('y,p', 40, (at) => [at % 2 ? 1e308 : -1e308, at])

    const { metrics: found, warnings } = await metrics(source, { task: 'regression', label: 'y', score: 'p' })

    expect(found.median_absolute_error?.value).toBeCloseTo(1e308, -306)
    expect(found.rmse).toMatchObject({ value: null, because: expect.stringContaining('too large') })
    expect(warnings.map(({ metric }) => metric)).toContain('rmse')
  })

  test('weights that are infinite, or beyond 1e100, are refused', async () => {
    for (const odd of ['inf', '1e308', '-1', '']) {
      const source = table('label,score,group,w', 40, (at) => [at % 2, chance(at), at % 3, at === 5 ? odd : 1])

      expect(await refusal(metrics(source, { weight: 'w' })), odd).toContain('holds something that is no weight')
      expect(await refusal(fairness(source, { weight: 'w' })), odd).toContain('holds something that is no weight')
    }
  })
})

describe('numbers that do not exist', () => {
  test('a group without any weight is left out of disparities and said, and breaks nothing', async () => {
    const row = (at: number) => [at % 2, chance(at), 'abc'[at % 3]!, at % 3 ? 1 : 0]

    const document = await fairness(table('label,score,group,w', 120, row), { weight: 'w' })

    const { groups, disparities } = document.attributes.group!
    expect(groups[0]).toMatchObject({ rows: 40, metrics: { accuracy: null } })
    expect(disparities.statistical_parity_difference).toMatchObject({ left_out: { groups: [{ group: 'a' }] } })
    expect(document.warnings.find(({ code }) => code === 'rate_undefined')?.message).toContain('0/0 in group a')
  })

  test('a rate that is 0/0 in a small group is warned about, too small to count though the group is', async () => {
    const row = (at: number) => [at < 3 ? 0 : at % 2, chance(at), at < 3 ? 'few' : 'many']

    const document = await fairness(table('label,score,group', 90, row), { minRows: 30 })

    expect(document.attributes.group?.groups[0]?.metrics.true_positive_rate).toBeNull()
    expect(document.warnings.find(({ code }) => code === 'rate_undefined')?.message).toMatch(/true_positive_rate.*few/)
  })

  test('rows whose number is NaN are a slice of their own, "is missing"', async () => {
    const row = (at: number) => [at % 2, chance(at), at % 5 ? at : 'NaN']

    const { slices } = await metrics(table('label,score,age', 100, row), { slices: ['age'] })

    expect(slices.map(({ slice, rows }) => [slice, rows]).at(-1)).toEqual(['age is missing', 20])
    expect(slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(100)
  })

  test('a slice of one class has no area, and one warning a column says so', async () => {
    const row = (at: number) => [at < 40 ? at % 2 : 0, chance(at), at < 40 ? 'both' : 'one']

    const { warnings } = await metrics(table('label,score,kind', 80, row), { slices: ['kind'] })

    const said = warnings.filter(({ code }) => code === 'slice_undefined')
    expect(said).toHaveLength(1)
    expect(said[0]).toMatchObject({ column: 'kind', message: expect.stringContaining('roc_auc in 1') })
  })

  test('a tool whose number needs more rows than there are says nothing of the column', async () => {
    const [reference, current] = [table('c', 2, (at) => ['ab'[at]!]), table('c', 1, () => ['b'])]
    const ask = { ...DRIFT_ASK, preset: 'deepchecks' as const }

    const { columns } = await measureDriftOfTables(ask, { tables: world.tables, reference, current })

    expect(columns[0]).toMatchObject({ score: null, is_drifted: null, reason: 'too_few_rows' })
  })
})

test('on the command line such tables are answered with 0 or refused with 2, never with a trace', async () => {
  const odd = table('label,score,group', 60, (at) => [at % 2, at % 7 ? '1e100' : 'NaN', at % 3 ? '01' : '__proto__'])
    .files[0]!
  const none = world.file('no-rows.csv', 'label,score,group\n').files[0]!
  const commands = (data: string) => [
    ['metrics', '--data', data, '--label', 'label', '--score', 'score', '--slices', '*'],
    ['fairness', '--data', data, '--label', 'label', '--score', 'score', '--across', 'group'],
    ['drift', '--reference', data, '--current', data],
  ]

  const answers = await Promise.all(commands(odd.path).map((args) => weighbridge([...args, '--json'])))
  const refused = await Promise.all(commands(none.path).map((args) => weighbridge(args)))

  for (const { code, err, out } of answers) {
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out).schema).toMatch(/^weighbridge\./)
  }
  for (const { code, err } of refused) {
    expect(code).toBe(2)
    expect(err).toContain('has a header and 0 rows')
    expect(err).not.toContain('    at ')
  }
})
