import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTables } from '../../../src/adapters/tables/tables.ts'
import type { TableSource } from '../../../src/ports.ts'
import { columnDocument } from '../../../src/profiles/column-document.ts'
import { writeDriftTables } from '../../bench/drift-tables.ts'
import { type ScratchTables, scratchTables, sourceAt } from './scratch-tables.ts'

const CLOSER = { positive: null, time: null, scores: [], groups: [], named: [], values: true }
const PROFILE = { columns: null, asCategory: [], withheld: [], edges: [] }

let world: ScratchTables
const sources: TableSource[] = []
beforeAll(async () => {
  world = scratchTables()
  const made = await writeDriftTables(world.folder, {
    rows: 40_000,
    columns: 10,
    window: 'current',
    formats: ['csv', 'parquet'],
  })
  sources.push(sourceAt(made.csv!), sourceAt(made.parquet!))
})
afterAll(() => world.close())

/** Everything that a reader can say of a table; a thread takes 128 MB, so memory sets how many there are. */
async function said(source: TableSource, memoryMb: number): Promise<string> {
  const tables = openTables({ folder: world.folder, memoryMb })
  try {
    const { columns } = await tables.describe(source)
    const features = columns.map(({ name }) => name)
    const about = { id: null, label: null, features, reference: null, ranges: [], closer: CLOSER }
    const { columns: read } = await tables.read(source, { columns: features.slice(0, 4) })
    return JSON.stringify({
      profile: (await tables.profile(source, PROFILE)).columns.map(columnDocument),
      quality: await tables.quality(source, about),
      sums: [...read].map(([name, column]) => [name, 'nulls' in column ? column.values.at(-1) : column.codes.at(-1)]),
    })
  } finally {
    await tables.close()
  }
}

test('neither the number of threads nor memory changes a number, down to the byte', async () => {
  for (const source of sources) {
    const alone = await said(source, 128)

    expect(await said(source, 512)).toBe(alone)
    expect(alone.length).toBeGreaterThan(5000)
  }
}, 120_000)

test('nor does the format of the file', async () => {
  const [csv, parquet] = sources

  expect(JSON.parse(await said(csv!, 512)).profile).toEqual(JSON.parse(await said(parquet!, 512)).profile)
})
