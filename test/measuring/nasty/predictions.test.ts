import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedPolicies } from '../../../src/adapters/shipped-policies.ts'
import { judgePredictions } from '../../../src/jobs/judge-predictions.ts'
import { compareTables } from '../../../src/jobs/measure/compare-predictions.ts'
import { measureTable } from '../../../src/jobs/measure/metrics.ts'
import { policyFromFile } from '../../../src/jobs/policy-from-file.ts'
import { renderHtml } from '../../../src/report/html.ts'
import { renderMarkdown } from '../../../src/report/markdown.ts'
import { comparisonPage } from '../../../src/report/measured/comparison-page.ts'
import { metricsPage } from '../../../src/report/measured/metrics-page.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { diceOf } from '../../support/dice.ts'
import { nastyTable } from '../../support/nasty-tables.ts'
import { FORMATS } from '../../support/spelled-tables.ts'
import {
  answered,
  mustBeSound,
  mustSayNothingOf,
  type NastyWorld,
  nastyWorld,
  ofManyTables,
  soundAnswer,
  wordsIn,
} from './nasty-world.ts'
import { anyAsk, classesIn, mustExplainNulls, SCORED, truthOf, withOtherAnswers } from './scored-tables.ts'

let world: NastyWorld
beforeAll(async () => {
  world = await nastyWorld()
})
afterAll(() => world.close())

async function metricsHold(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const table = nastyTable(dice, { columns: SCORED })
  const source = await world.put(table, dice.pick(FORMATS))
  const ask = { ...anyAsk(dice), source, slices: dice.pick([[], ['group'], ['*']]) }
  const label = table.columns.get('label')!

  const document = await soundAnswer(measureTable(ask, world.tables), (it) => metricsPage(it, 't'), [table])

  if (document === null) return 'refused'
  const { dropped, rows, metrics, warnings } = document
  expect(rows + dropped.label_null + dropped.where_out, 'rows that are counted and dropped').toBe(table.rows)
  mustExplainNulls(metrics, ['value', 'interval'], warnings)
  if (ask.task !== 'binary') return 'answered'
  expect(classesIn(label), 'two classes at most').toBeLessThanOrEqual(2)
  if (ask.where !== null || dropped.score_null > 0) return 'answered'
  const truth = truthOf(label)
  expect(dropped.label_null, 'labels that are missing').toBe(truth.filter((value) => value === null).length)
  expect(metrics.accuracy?.support.positives ?? 0, 'positives').toBe(truth.filter((value) => value === 1).length)
  return 'answered'
}

test('metrics answers of any table with finite numbers, all rows accounted for, or refuses it', async () => {
  const answers = await ofManyTables(20, metricsHold)

  expect(answers.answered).toBeGreaterThan(5)
  expect(answers.refused).toBeGreaterThan(0)
})

async function comparisonHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const a = nastyTable(dice, { columns: SCORED, nasty: 0.2 })
  const b = withOtherAnswers(a, nastyTable(dice, { columns: SCORED, nasty: 0.2, rows: a.rows }))
  const sources = { a: await world.put(a, dice.pick(FORMATS)), b: await world.put(b, dice.pick(FORMATS)) }
  const ask = { ...anyAsk(dice), ...sources }
  const ids = a.columns.get('id')!.cells

  const page = (it: Awaited<ReturnType<typeof compareTables>>) => comparisonPage(it, { a: 'a', b: 'b' })
  const document = await soundAnswer(compareTables(ask, world.tables), page, [a, b])

  if (document === null) return 'refused'
  const { dropped, rows, metrics, warnings } = document
  expect(rows + dropped.label_null + dropped.where_out + dropped.only_a, 'rows of a').toBe(a.rows)
  mustExplainNulls(metrics, ['a', 'b', 'difference', 'interval'], warnings)
  if (ask.id === null) return 'answered'
  expect([dropped.only_a, dropped.only_b], 'each id is found again, in whatever format').toEqual([0, 0])
  expect(new Set(ids).size, 'ids that repeat are refused').toBe(a.rows)
  return 'answered'
}

test('compare-predictions pairs rows of any two tables by the exact spelling of ids, or refuses them', async () => {
  const answers = await ofManyTables(25, comparisonHolds)

  expect(answers.answered).toBeGreaterThan(5)
})

async function judgementHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const incumbent = nastyTable(dice, { columns: SCORED, nasty: 0.2 })
  const candidate = withOtherAnswers(incumbent, nastyTable(dice, { columns: SCORED, nasty: 0.2, rows: incumbent.rows }))
  const asked = anyAsk(dice)
  const isRegression = asked.task === 'regression'
  const policy = await policyFromFile(null, shippedPolicies())
  const job = judgePredictions(
    {
      ...asked,
      candidate: await world.put(candidate, dice.pick(FORMATS)),
      incumbent: dice() < 0.8 ? await world.put(incumbent, dice.pick(FORMATS)) : null,
      task: isRegression ? 'regression' : 'binary',
      score: isRegression ? null : asked.score,
      prediction: isRegression ? 'answer' : asked.prediction,
      sensitive: dice() < 0.5 ? ['group'] : [],
      now: '2026-01-01T00:00:00Z',
    },
    'composed' in policy ? policy.composed : expect.fail('the shipped policy has mistakes'),
    world.tables,
  )

  const check = await answered(job)

  if (check === null) return 'refused'
  mustBeSound(check)
  const plain = (_: string, text: string) => text
  const pages = [renderHtml(check), renderMarkdown(check), renderTerminal(check, plain, 100).join('\n')]
  mustSayNothingOf(pages, wordsIn(incumbent, candidate))
  const words = [...candidate.columns.get('score')!.cells, ...candidate.columns.get('prediction')!.cells]
  const isSpoilt = !isRegression && asked.score !== null && words.includes('NaN')
  if (isSpoilt) expect(check.verdict.status, 'answers that are no numbers never pass').not.toBe('passed')
  return check.verdict.status
}

test('judge holds what it cannot measure: no table of odd answers passes by being odd', async () => {
  const answers = await ofManyTables(14, judgementHolds)

  expect(answers.refused).toBeGreaterThan(0)
  expect((answers.inconclusive ?? 0) + (answers.failed ?? 0)).toBeGreaterThan(5)
})
