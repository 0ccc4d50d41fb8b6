import { expect, test } from 'vitest'
import {
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

test('a regression is weighed end to end: better on the same rows passes, worse is held', async () => {
  const metrics = [
    { metric: 'rmse', max: 200 },
    { metric: 'r2', against: 'incumbent', max_drop: 0.02, confidence: 0.9 },
  ]
  const world = await openWorld({ set: 'bike', versions: ['1.0.0', '1.1.0', '1.3.0'], policy: { gates: { metrics } } })

  const better = await world.check({ head: await world.opensPromotion('1.1.0') })
  await world.serves('1.1.0')
  const worse = await world.check({ head: await world.opensPromotion('1.3.0') })

  expect(statuses(better).metrics).toBe('passed')
  expect(gate(better, 'metrics').children[0]?.method).toMatch(/bootstrap/)
  expect(statuses(worse).metrics).toBe('failed')
})

test('rows of one day belong together: intervals are those of days, and wider than those of rows', async () => {
  const metrics = [{ metric: 'accuracy', min: 0.1, confidence: 0.9 }]
  const byRow = await openWorld({ set: 'elec2', policy: { gates: { metrics } } })
  const byDay = await openWorld({
    set: 'elec2',
    policy: { gates: { metrics } },
    model: { columns: { id: 'row_id', time: 'ts', unit: 'day' } },
  })

  const [rows, days] = await Promise.all(
    [byRow, byDay].map(
      async (world) => gate(await world.check({ head: await world.opensPromotion('1.1.0') }), 'metrics').children[0]!,
    ),
  )

  expect(days!.method).toMatch(/-clustered$/)
  expect(rows!.method).not.toMatch(/clustered/)
  expect(days!.measured).toBe(rows!.measured)
  expect(days!.interval![1] - days!.interval![0]).toBeGreaterThan(1.2 * (rows!.interval![1] - rows!.interval![0]))
})

test('fairness is clustered too where rows belong together, and says why where there are too few units', async () => {
  const fairness = [{ across: 'sex', metric: 'statistical_parity_difference', max: 0.5, confidence: 0.9 }]
  const judgedBy = async (columns: Record<string, string>) => {
    const world = await openWorld({ policy: { gates: { fairness } }, model: { columns: { id: 'row_id', ...columns } } })
    const check = await world.check({ head: await world.opensPromotion('1.1.0') })
    return gate(check, 'fairness').children[0]!
  }

  const [arrests, months] = [
    await judgedBy({ unit: 'days_b_screening_arrest' }),
    await judgedBy({ time: 'ts', unit: 'day' }),
  ]

  expect(arrests).toMatchObject({ status: 'passed', method: 'all-pairs-clustered' })
  expect(months.status).toBe('inconclusive')
  expect(months.because).toMatch(/the rows belong to \d+ units; an interval needs 20/)
})

test('a time column that is text has no days: nothing is clustered by words', async () => {
  const [header = '', ...rows] = fixtureBytes('compas/evaluation.csv').toString().trim().split('\n')
  const words = stored(
    'data/words.csv',
    [header, ...rows.map((row) => row.replace(/^(\d+),(\d)/, '$1,day $2'))].join('\n'),
  )
  const world = await openWorld({
    model: { columns: { id: 'row_id', time: 'ts', unit: 'day' }, evaluation: { data: words.reference } },
    files: [words.file],
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('holds no moments')
})

test('units that somebody else measured are claimed: shown, compared, and never passing', async () => {
  const [candidate, incumbent] = [units('b', 0.8), units('a', 0.7)]
  const rules = [
    { unit: 'reward', better: 'higher', min: 0.5 },
    { unit: 'reward', better: 'higher', against: 'incumbent', max_drop: 0.01, confidence: 0.9 },
  ]
  const world = await openWorld({
    versions: [],
    serves: null,
    model: { task: 'other', label: undefined, features: undefined, sensitive: undefined, evaluation: undefined },
    policy: { gates: { metrics: rules } },
    files: [candidate.file, incumbent.file, ...opaque('1.0.0', incumbent.reference), manifestFile('compas', '1.0.0')],
  })

  const check = await world.check({
    head: await world.opens('units', ...opaque('1.1.0', candidate.reference), manifestFile('compas', '1.1.0')),
  })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('They would have said: passed')
})

test('a unit that stands in its table twice is no measurement', async () => {
  const twice = stored(
    'units/twice.csv',
    `id,reward\n${Array.from({ length: 60 }, (_, unit) => `q${unit % 30},1`).join('\n')}\n`,
  )
  const world = await openWorld({
    versions: [],
    serves: null,
    model: { task: 'other', label: undefined, features: undefined, sensitive: undefined, evaluation: undefined },
    policy: { gates: { metrics: [{ unit: 'reward', better: 'higher', min: 0.5 }] } },
    files: [twice.file],
  })

  const check = await world.check({
    head: await world.opens('units', ...opaque('1.0.0', twice.reference), manifestFile('compas', '1.0.0')),
  })

  expect(said(check)).toContain('ids of the units table are missing or repeat')
})

function units(name: string, mean: number) {
  const rows = Array.from({ length: 100 }, (_, unit) => `q${unit},${mean + 0.01 * Math.sin(unit + mean)}`)
  return stored(`units/${name}.csv`, `id,reward\n${rows.join('\n')}\n`)
}

function opaque(version: string, reference: { uri: string; digest: string }) {
  const bytes = Buffer.from(`opaque ${version}`)
  const record = {
    features: undefined,
    artifact: { ...stored(`compas/${version}/model.onnx`, bytes).reference, format: 'opaque' },
    evaluation: { reference: storedTable('compas/train.csv').reference, units: { ...reference, id: 'id' } },
  }
  return versionFiles({ set: 'compas', version, bytes, record })
}
