import { afterAll, beforeAll, expect, test } from 'vitest'
import { explainModel } from '../../../src/jobs/measure/explain.ts'
import { measureFairnessTable } from '../../../src/jobs/measure/fairness.ts'
import type { AttributeFairness, FairnessDocument } from '../../../src/measuring/fairness-document.ts'
import { explainPage } from '../../../src/report/measured/explain-page.ts'
import { fairnessPage } from '../../../src/report/measured/fairness-page.ts'
import { catalogue, fetched, LIMITS } from '../../adapters/onnx/fixture-models.ts'
import { diceOf } from '../../support/dice.ts'
import { type NastyTable, nastyTable } from '../../support/nasty-tables.ts'
import { FORMATS } from '../../support/spelled-tables.ts'
import { type NastyWorld, nastyWorld, ofManyTables, soundAnswer } from './nasty-world.ts'
import { anyAsk, SCORED } from './scored-tables.ts'

let world: NastyWorld
beforeAll(async () => {
  world = await nastyWorld()
})
afterAll(() => world.close())

function mustSayWhy(name: string, attribute: AttributeFairness, warnings: FairnessDocument['warnings']): void {
  const said = warnings.filter(({ column }) => column === name).map(({ message }) => message)
  const isSaid = (what: string) =>
    expect(
      said.some((message) => message.includes(what)),
      `${what} of ${name}`,
    ).toBe(true)
  for (const [disparity, { value }] of Object.entries(attribute.disparities)) if (value === null) isSaid(disparity)
  for (const { metrics } of attribute.groups)
    for (const [metric, value] of Object.entries(metrics)) if (value === null) isSaid(metric)
}

/** How many rows say each value, by its exact spelling. */
function spellings({ columns }: NastyTable, name: string): Map<string | null, number> {
  const counts = new Map<string | null, number>()
  for (const cell of columns.get(name)!.cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  return counts
}

async function fairnessHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const table = nastyTable(dice, { columns: { ...SCORED, race: 'group' } })
  const data = await world.put(table, dice.pick(FORMATS))
  const asked = anyAsk(dice)
  const task = asked.task === 'regression' ? 'regression' : 'binary'
  const ask = {
    ...asked,
    data,
    task,
    across: dice() < 0.3 ? [['group'], ['group', 'race']] : [['group']],
    minRows: dice.pick([1, 5, 30]),
    privileged: new Map<string, string>(),
    minCell: dice() < 0.2 ? 10 : null,
    limits: new Map(task === 'regression' ? [] : [['disparate_impact', 0.8]]),
  } as const

  const job = measureFairnessTable(ask, world.tables)
  const document = await soundAnswer(job, (it) => fairnessPage(it, 't'), [table])

  if (document === null) return 'refused'
  const { dropped, rows, attributes, warnings } = document
  expect(rows + dropped.label_null + dropped.answer_null + dropped.where_out, 'rows').toBe(table.rows)
  for (const [name, attribute] of Object.entries(attributes)) {
    expect(
      attribute.groups.reduce((sum, group) => sum + group.rows, 0),
      `rows of ${name}`,
    ).toBe(rows)
    mustSayWhy(name, attribute, warnings)
  }
  const { columns } = await world.tables.describe(data)
  const isText = columns.find(({ name }) => name === 'group')!.type === 'category'
  if (!isText || ask.minCell !== null) return 'answered'
  const written = spellings(table, 'group')
  for (const { group, rows: own } of attributes.group!.groups)
    expect(own, `rows of ${JSON.stringify(group)}`).toBeLessThanOrEqual(written.get(group.group as string | null) ?? 0)
  if (rows === table.rows) expect(attributes.group!.groups.length, 'a group a spelling').toBe(written.size)
  return 'answered'
}

test('fairness keeps groups apart as they are spelled, and says why a number is missing, in any table', async () => {
  const answers = await ofManyTables(25, fairnessHolds)

  expect(answers.answered).toBeGreaterThan(12)
  expect(answers.refused).toBeGreaterThan(1)
})

const FEATURES = catalogue('compas').features
const COLUMNS = { ...Object.fromEntries(FEATURES.map((name) => [name, 'feature'] as const)), label: 'label' } as const

async function explanationHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const table = nastyTable(dice, { columns: COLUMNS, nasty: 0.1 })
  const background = dice() < 0.3 ? nastyTable(dice, { columns: COLUMNS, nasty: 0.1 }) : table
  const ask = {
    tables: world.tables,
    runner: world.runner,
    limits: LIMITS,
    engine: 'test',
    progress: () => {},
    model: fetched('compas/models/1.0.0.onnx'),
    words: { features: FEATURES },
    data: await world.put(table, dice.pick(FORMATS)),
    background: await world.put(background, dice.pick(FORMATS)),
    ...(dice() < 0.8 && { label: 'label' }),
    positive: 1,
    repeats: 2,
    seed: 0,
    sample: 20_000,
    dependence: dice() < 0.5 ? [FEATURES[0]!] : [],
    ...(dice() < 0.5 && { counterfactual: { row: 0, fixed: [] } }),
  }

  const document = await soundAnswer(explainModel(ask), explainPage, [table, background])

  if (document === null) return 'refused'
  const { rows, importance, warnings, shapley } = document
  expect(rows).toBe(table.rows)
  for (const { column, mean } of importance) {
    const isSaid = warnings.some((warning) => warning.column === column || warning.code === 'no_label')
    if (mean === null) expect(isSaid, `why ${column} has no importance`).toBe(true)
  }
  for (const { score, values } of shapley.rows)
    expect(
      Object.values(values).reduce((sum, value) => sum + value, shapley.base),
      'base and values',
    ).toBeCloseTo(score, 6)
  return 'answered'
}

test('explain takes the model at its word on any rows, or refuses rows that no model can take', async () => {
  const answers = await ofManyTables(18, explanationHolds)

  expect(answers.answered).toBeGreaterThan(5)
  expect(answers.refused).toBeGreaterThan(1)
})
