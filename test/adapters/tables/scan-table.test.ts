import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, openEngine } from '../../../src/adapters/tables/engine.ts'
import { tableShelf } from '../../../src/adapters/tables/open-table.ts'
import type { OpenedTable } from '../../../src/adapters/tables/opened-table.ts'
import { readTable } from '../../../src/adapters/tables/read-table.ts'
import { type ScannedColumn, type ScanQuery, scanTable } from '../../../src/adapters/tables/scan-table.ts'
import type { TableSource } from '../../../src/ports.ts'
import { writeDriftTables } from '../../bench/drift-tables.ts'
import { type ScratchTables, scratchTables, sourceAt } from './scratch-tables.ts'

let world: ScratchTables
let engine: Engine
let open: (source: TableSource) => Promise<OpenedTable>
beforeAll(async () => {
  world = scratchTables()
  engine = await openEngine({ folder: world.folder, scratch: join(world.folder, 'scratch'), memoryMb: 256 })
  open = tableShelf(engine)
})
afterAll(() => world.close())

/** What a consumer would have that kept every row. */
async function gathered(source: TableSource, query: ScanQuery) {
  const rows: Record<string, unknown[]> = Object.fromEntries(query.columns.map((name) => [name, []]))
  let next = 0
  await scanTable(engine, await open(source), query, (chunk) => {
    expect(chunk.start).toBe(next)
    next += chunk.rows
    for (const [index, name] of query.columns.entries()) rows[name]?.push(...plain(chunk.columns[index]!))
  })
  return rows
}

function plain(column: ScannedColumn): unknown[] {
  if ('codes' in column) return Array.from(column.codes, (code) => (code < 0 ? null : column.values[code]))
  return Array.from(column.values, (value, row) => (column.nulls[row] === 1 ? null : value))
}

describe('a scan sees what a read sees, chunk by chunk', () => {
  const MADE = `select i, case when i % 7 = 0 then null when i % 11 = 0 then 'nan'::double else i / 3.0 end as x,
    case when i % 5 = 0 then null else 'a text of more than twelve bytes ' || i % 13 end as long,
    'é' || i % 300 as short, i % 3 = 0 as yes, timestamp '2026-01-01' + interval (i) minute as "when", i::varchar as digits,
    9007199254740993 + i as id from range(10000) r(i)`
  const names = ['i', 'x', 'long', 'short', 'yes', 'when', 'digits', 'id']

  test.each(['parquet', 'csv', 'jsonl'])('%s', async (kind) => {
    const format = kind === 'jsonl' ? 'json' : kind
    const source = await world.written(`made.${kind}`, `copy (${MADE}) to FILE (format ${format})`)
    const asked = { columns: names, asCategory: ['id', 'yes'], asNumber: kind === 'csv' ? [] : ['digits'] }
    const read = await readTable(engine, await open(source), asked)
    const scanned = await gathered(source, asked)
    for (const name of names) expect(scanned[name], name).toEqual(plain(read.columns.get(name) as ScannedColumn))
    expect(scanned.x?.slice(0, 12)).toEqual([
      null,
      1 / 3,
      2 / 3,
      1,
      4 / 3,
      5 / 3,
      2,
      null,
      8 / 3,
      3,
      10 / 3,
      Number.NaN,
    ])
    expect(scanned.id?.[1]).toBe('9007199254740994')
  })

  test('a column of ever new texts is bounded: its values begin anew', async () => {
    const source = await world.written(
      'ids.parquet',
      "copy (select case when i % 2 = 0 then 'u' || i else 'somebody with a long name ' || i end as u from range(140000) r(i)) to FILE",
    )
    const seen = new Set<readonly string[]>()
    let row = 0
    await scanTable(engine, await open(source), { columns: ['u'] }, ({ columns: [column] }) => {
      if (column === undefined || !('codes' in column)) throw new Error('no category')
      seen.add(column.values)
      expect(column.values.length).toBeLessThanOrEqual(65_536)
      for (const code of column.codes) {
        if (column.values[code] !== (row % 2 === 0 ? `u${row}` : `somebody with a long name ${row}`))
          throw new Error(`row ${row}`)
        row += 1
      }
    })
    expect(row).toBe(140_000)
    expect(seen.size).toBeGreaterThan(2)
  })

  test('what is not there or no number is refused before the first chunk', async () => {
    const source = world.file('few.csv', 'a,b\n1,x\n2,1_000\n')
    const table = await open(source)
    const none = () => expect.fail('a chunk')
    await expect(scanTable(engine, table, { columns: ['c'] }, none)).rejects.toThrow('few.csv: missing columns: c')
    await expect(scanTable(engine, table, { columns: ['b'], asNumber: ['b'] }, none)).rejects.toThrow(
      'few.csv: column b is text, 2 of its values are no numbers',
    )
  })
})

test('64 MB are enough to read a CSV of any size, and it equals the Parquet of the same rows', async () => {
  const rows = process.env.WEIGHBRIDGE_DEEP === undefined ? 30_000 : 3_000_000
  await writeDriftTables(world.folder, { rows, window: 'reference', formats: ['csv', 'parquet'] })
  const tight = await openEngine({ folder: world.folder, scratch: join(world.folder, 'tight'), memoryMb: 64 })
  const sums = async (kind: string) => {
    const sum = new Float64Array(25)
    const table = await tableShelf(tight)(sourceAt(join(world.folder, `reference.${kind}`)))
    const names = table.columns.map(({ name }) => name)
    await scanTable(tight, table, { columns: names }, ({ columns }) => {
      for (const [index, column] of columns.entries())
        for (const value of 'codes' in column ? column.codes : column.values) sum[index]! += value
    })
    expect(table.rows).toBe(rows)
    return { sum, names, types: table.columns.map(({ type }) => type) }
  }
  expect(await sums('csv')).toEqual(await sums('parquet'))
})
