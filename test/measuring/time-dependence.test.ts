import { expect, test } from 'vitest'
import type { OutputFacts } from '../../src/gates/evidence.ts'
import { withTimeWarning } from '../../src/measuring/time-dependence.ts'
import { columnsOf } from '../support/rows.ts'

const FACTS: OutputFacts = {
  version: '1.1.0',
  rows: 0,
  dropped: { label_null: 0, score_null: 0 },
  provenance: 'recomputed',
  problems: [],
}

async function elec2(order: 'time' | 'shuffled', unit: Int32Array | null = null) {
  const columns = await columnsOf('elec2/predictions/1.1.0.parquet', ['label', 'score'])
  const label = Float64Array.from(columns.label ?? [], Number)
  const score = Float64Array.from(columns.score ?? [], Number)
  const time = Float64Array.from(label.keys(), (row) => (order === 'time' ? row : (row * 7919) % label.length))
  const exam = { task: 'binary' as const, rows: label.length, label, unit, weight: null, time }
  return withTimeWarning({ exam, candidate: { score, prediction: score, facts: FACTS } }).problems
}

test('half-hours of one day are not independent rows: the check says so and names the mend', async () => {
  const problems = await elec2('time')

  expect(problems).toMatchObject([{ code: 'autocorrelated', status: 'advisory', rows: null }])
  expect(problems[0]?.mend).toContain('columns.unit')
})

test('nothing is said where rows are in no order, or where model.yml names the unit', async () => {
  expect(await elec2('shuffled')).toEqual([])
  expect(await elec2('time', new Int32Array(2400))).toEqual([])
})
