import { afterAll, beforeAll, expect, test } from 'vitest'
import { rocAuc } from '../../../src/statistics/ranking.ts'
import { type ScratchTables, scratchTables } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

const ROWS = 4000
const noise = (at: number, seed: number) => Math.abs((Math.sin(at * 12.9898 + seed * 78.233) * 43758.5453) % 1)

test('the AUC of a giveaway is the one of the metrics, ties and both directions included, and no giveaway is passed over', async () => {
  const label = Uint8Array.from({ length: ROWS }, (_, at) => (noise(at, 1) < 0.2 ? 1 : 0))
  const shifts = [0.5, 0.86, 0.9, 0.95, 1.2, -0.95, -1.2]
  const columns = shifts.map((shift, which) =>
    Float64Array.from(
      { length: ROWS },
      (_, at) => Math.round(100 * (noise(at, which + 2) + shift * (label[at] ?? 0))) / 100,
    ),
  )
  const names = columns.map((_, which) => `x${which}`)
  const lines = [...label].map((y, at) => [y, ...columns.map((column) => column[at])].join(','))
  const source = world.file('leaks.csv', `${['y', ...names].join(',')}\n${lines.join('\n')}\n`)
  const closer = { positive: '1', time: null, scores: [], groups: [], named: [], values: false }
  const answer = await world.tables.quality(source, {
    id: null,
    label: 'y',
    features: names,
    reference: null,
    ranges: [],
    closer,
  })

  const aucs = columns.map((column) => rocAuc(label, column)(new Float64Array(ROWS).fill(1)) ?? 0)
  const expected = names.flatMap((column, at) => ((aucs[at] ?? 0) > 0.99 || (aucs[at] ?? 0) < 0.01 ? [column] : []))
  expect(expected.length).toBeGreaterThan(2)
  expect(expected.length).toBeLessThan(names.length)
  expect(answer.closer?.leaks.map(({ column }) => column)).toEqual(expected)
  for (const { column, auc } of answer.closer?.leaks ?? [])
    expect(auc).toBeCloseTo(aucs[names.indexOf(column ?? '')] ?? 0, 12)
})
