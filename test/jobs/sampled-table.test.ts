import { expect, test } from 'vitest'
import { sampledRows } from '../../src/jobs/measure/sampled-table.ts'

test('a table of few rows is taken whole; of many, exactly as many as asked, each once, in order', () => {
  expect(sampledRows(500, 0, 'reference', 500)).toBeNull()
  const rows = sampledRows(100_000, 0, 'reference', 500)!
  expect(rows).toHaveLength(500)
  expect(new Set(rows).size).toBe(500)
  expect(rows.every((row, place) => place === 0 || row > rows[place - 1]!)).toBe(true)
  expect(rows.at(-1)).toBeLessThan(100_000)
})

test('every row is as likely to be drawn as every other, and the same seed draws the same', () => {
  const counts = new Float64Array(20)
  for (let seed = 0; seed < 2000; seed++) for (const row of sampledRows(20, seed, 'current', 5)!) counts[row]! += 1
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(2000 * 0.25 * 0.75))
  expect(sampledRows(1000, 7, 'current', 50)).toEqual(sampledRows(1000, 7, 'current', 50))
  expect(sampledRows(1000, 7, 'current', 50)).not.toEqual(sampledRows(1000, 7, 'reference', 50))
})
