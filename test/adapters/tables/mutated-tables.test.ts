import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixture } from '../../support/fixtures.ts'
import { type ScratchTables, scratchTables } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables({ timeoutMs: 20_000 })
})
afterAll(() => world.close())

const LINES = `{"id":9007199254740993,"x":1.5,"c":"a"}\n{"id":2,"x":null,"c":"é"}\n{"id":3,"x":-0.1,"c":"NaN","more":[1]}\n`

const FILES = [
  ['damaged.csv', readFileSync(fixture('edge/quotes-newlines.csv'))],
  ['damaged.csv', readFileSync(fixture('edge/bom-semicolon.csv'))],
  ['damaged.jsonl', Buffer.from(LINES)],
  ['damaged.parquet', readFileSync(fixture('edge/types.parquet'))],
  ['damaged.parquet', readFileSync(fixture('edge/nested.parquet'))],
  ['damaged.parquet', readFileSync(fixture('edge/zstd.parquet'))],
] as const

interface Damage {
  readonly at: number
  readonly bytes: readonly number[]
  readonly cut: number
}
const damage: fc.Arbitrary<Damage> = fc.record({
  // Parquet says what it is at its end
  at: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.9, max: 1, noNaN: true })),
  bytes: fc.oneof(
    fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }),
    fc.constantFrom([0], [0xff, 0xfe], [0x22], [0xc3], [0x0a, 0x0d], [0x80, 0x80, 0x80]),
  ),
  cut: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(400) }),
})

test('of a table with damaged bytes every value can be counted on, or what is wrong is said; the reader goes on', async () => {
  const healthy = world.file('healthy.csv', 'a,b\n1,x\n2,y\n')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FILES),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      async (file, done) => {
        const [name, bytes] = file
        const source = world.file(name, damaged(bytes, done))
        const said = await readWhole(source).catch((error: Error & { mend?: string }) => error)
        if (said instanceof Error) {
          expect(said.name, said.message).toMatch(/^(BadTable|Unavailable)$/)
          expect((said as { mend?: string }).mend).toMatch(/\w/)
          expect(said.message).toContain(name)
        }
        expect((await world.tables.describe(healthy)).rows).toBe(2)
      },
    ),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 120 : 3000, seed: 20261121 },
  )
})

function damaged(bytes: Buffer, all: readonly Damage[]): Uint8Array {
  const copy = Buffer.from(bytes)
  let length = copy.length
  for (const { at, bytes: put, cut } of all) {
    Buffer.from(put).copy(copy, Math.min(Math.floor(at * copy.length), copy.length - put.length))
    length = Math.max(1, length - cut)
  }
  return copy.subarray(0, length)
}

async function readWhole(source: ReturnType<ScratchTables['file']>): Promise<void> {
  const { rows, columns } = await world.tables.describe(source)
  const flat = columns.filter(({ type }) => type !== 'nested').map(({ name }) => name)
  const read = await world.tables.read(source, { columns: flat })
  expect(read.rows).toBe(rows)
  for (const column of read.columns.values()) {
    if ('codes' in column) expect(column.codes.every((code) => code >= -1 && code < column.values.length)).toBe(true)
    else expect(column.nulls.every((isNull, row) => isNull === 0 || Number.isNaN(column.values[row]))).toBe(true)
  }
}
