import { expect, test } from 'vitest'
import { fitFairness } from '../../src/jobs/fit-fairness.ts'
import type { Scored } from '../../src/measuring/scored.ts'
import { columnsOf } from '../support/rows.ts'

async function adult(version: string, rows: number) {
  const columns = await columnsOf(`adult/predictions/${version}.parquet`, ['label', 'score', 'sex', 'race'])
  const first = (name: string) => (columns[name] ?? []).slice(0, rows)
  const score = Float64Array.from(first('score'), Number)
  const facts = {
    version,
    rows,
    dropped: { label_null: 0, score_null: 0 },
    provenance: 'claimed' as const,
    problems: [],
  }
  const scored: Scored = { score, prediction: score.map((value) => (value > 0.5 ? 1 : 0)), facts }
  const group = (name: string) => {
    const values = [...new Set(first(name).map(String))]
    return {
      type: 'category' as const,
      values,
      codes: Int32Array.from(first(name), (value) => values.indexOf(String(value))),
    }
  }
  const exam = {
    task: 'binary' as const,
    rows,
    label: Float64Array.from(first('label'), Number),
    unit: null,
    weight: null,
  }
  return {
    exam,
    scored,
    columns: new Map([
      ['sex', group('sex')],
      ['race', group('race')],
    ]),
  }
}

async function fittedOn(rows: number, sensitive: readonly string[]) {
  const [candidate, incumbent] = await Promise.all([adult('1.1.0', rows), adult('1.0.0', rows)])
  const { exam, columns } = candidate
  return fitFairness({ exam, columns, candidate: candidate.scored, incumbent: incumbent.scored }, sensitive)
}

test('8,000 rows decide the baseline’s own rule', async () => {
  expect(await fittedOn(8000, ['sex'])).toEqual({ fits: 'baseline' })
})

test('fewer rows get a wider margin, and the policy says that it is looser', async () => {
  const fitted = await fittedOn(1200, ['sex'])

  expect(fitted).toMatchObject({ fits: 'margin', rule: { loosens: 'fairness/equalized_odds_difference/*/incumbent' } })
  expect(fitted.fits === 'margin' && fitted.rule.yaml).toMatch(/max_rise: 0\.[25], confidence: 0\.9/)
})

test('rows that cannot decide it leave it out, and say which column', async () => {
  const fitted = await fittedOn(500, ['sex', 'race'])

  expect(fitted).toMatchObject({ fits: 'none', id: 'fairness/equalized_odds_difference/*/incumbent' })
  expect(fitted.fits === 'none' && fitted.why).toMatch(/^Across sex and race fewer than two groups/)
})

test('without sensitive columns or an incumbent nothing is fitted', async () => {
  const { exam, columns, scored } = await adult('1.1.0', 500)
  expect(await fittedOn(500, [])).toEqual({ fits: 'baseline' })
  expect(fitFairness({ exam, columns, candidate: scored, incumbent: null }, ['sex'])).toEqual({ fits: 'baseline' })
})
