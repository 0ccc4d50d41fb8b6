import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BadTable } from '../../../src/adapters/tables/bad-table.ts'
import type { Column, ColumnInfo } from '../../../src/ports.ts'
import { type ScratchTables, scratchTables } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

/** Texts that readers like to take for something else. */
const ODD = [
  ['', '0', '-0', '+5', '007', '0.5', '.5', '5.', '1e5', '1E-7', '1e400', '-1.5e999', '1e-400', '0x1F', '1_000'],
  ['NaN', 'nan', 'Nan', 'inf', '-Infinity', 'null', 'NULL', 'None', 'NA', 'true', 'False', 'TRUE', 't', 'yes'],
  ['9007199254740993', '-9223372036854775808', '9223372036854775808', '99999999999999999999999999999999999999999999'],
  ['2026-01-31', '2026-02-30', '2026-01-31T10:00:00Z', '10:00', '1,5', '1.5.2', ' 5', '5 ', '"', 'a"b', 'a,b', 'x\ny'],
  ['é', '\ud83d\ude00', '\u202e', '=1+1', '{"a":1}', '[1]', '\t', '#', '1.7976931348623157e308', '1.8e308'],
].flat()

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0')) },
)
/** Most columns are of one mind, with an odd value or two. */
const column = fc.oneof(
  fc.array(cell, { minLength: 12, maxLength: 12 }),
  fc.tuple(fc.constantFrom(...ODD), cell, fc.nat(11)).map(([same, other, at]) => Array(12).fill(same).with(at, other)),
  fc.array(fc.oneof(fc.integer().map(String), fc.constant('')), { minLength: 12, maxLength: 12 }),
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), { minLength: 12, maxLength: 12 }),
) as fc.Arbitrary<readonly string[]>

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const csvCell = (text: string) => (text === '' ? '' : /[",\r\n]|^\s|\s$/.test(text) ? quoted(text) : text)

interface Stated {
  readonly info: ColumnInfo
  readonly asText: string | undefined
  /** Columns that a warning names. */
  readonly warned: readonly string[]
  readonly place: string
}

interface ReadColumn {
  readonly info: ColumnInfo
  readonly read: Column
  readonly exact: Column
  readonly warned: readonly string[]
}

/** What a column may come out as, written without the reader's own rules. */
function mustHold({ info, read, exact, warned }: ReadColumn, texts: readonly string[]) {
  for (const [row, text] of texts.entries()) {
    // of the plain rows before, some
    if (row < texts.length - 100 && row % 499 > 0) continue
    const place = `${info.stored}, row ${row}: ${JSON.stringify(text)}`
    if (text === '') {
      expect('codes' in read ? read.codes[row] : read.nulls[row], place).toBe('codes' in read ? -1 : 1)
      continue
    }
    const asText = 'codes' in exact ? exact.values[exact.codes[row] ?? -1] : undefined
    if (info.type === 'category') expect(asText, place).toBe(text)
    else if (info.type === 'boolean') expect(asText, place).toBe(text.toLowerCase())
    else if ('codes' in read) throw new Error(`${place}: read as a category`)
    else if (info.type === 'time') expect(read.values[row], place).toBe(Date.parse(text))
    else mustBeNumber(read.values[row] ?? Number.POSITIVE_INFINITY, text, { info, asText, warned, place })
  }
}

function mustBeNumber(value: number, text: string, { info, asText, warned, place }: Stated) {
  const word = /^[+-]?(nan|inf(inity)?)$/i.exec(text)?.[1]?.toLowerCase()
  if (word === 'nan') expect(value, place).toBeNaN()
  else if (word !== undefined) expect(value, place).toBe(text.startsWith('-') ? -Infinity : Infinity)
  else {
    expect(Number.isFinite(value), place).toBe(true)
    expect(value === Number(text), place).toBe(true)
    expect(/^[+-]?0\d/.test(text) && !/[.e]/i.test(text), `${place}: a code, not a number`).toBe(false)
    // whole numbers keep every digit as text, however long, or a warning says that they do not
    const isWhole = /^[+-]?\d{1,38}$/.test(text)
    if (isWhole && info.stored !== 'DOUBLE') expect(asText, place).toBe(BigInt(text.replace('+', '')).toString())
    if (isWhole && info.stored === 'DOUBLE' && Math.abs(Number(text)) > 2 ** 53)
      expect(warned, place).toContain(info.name)
  }
}

async function check(columns: readonly (readonly string[])[], before: readonly string[]) {
  const names = columns.map((_, index) => `x${index}`)
  const rows = columns[0]?.map((_, row) => columns.map((texts) => csvCell(texts[row] ?? '')).join(',')) ?? []
  // one more column, so that no row is blank
  const lines = [...before, ...rows].map((row) => `.,${row}`)
  const source = world.file('fuzz.csv', `anchor,${names.join(',')}\n${lines.join('\n')}\n`)
  try {
    const shape = await world.tables.describe(source)
    const read = await world.tables.read(source, { columns: names })
    const exact = await world.tables.read(source, { columns: names, asCategory: names })
    expect(shape.rows).toBe(lines.length)
    const warned = shape.warnings.map((warning) => warning.column ?? '')
    for (const [index, texts] of columns.entries()) {
      const name = `x${index}`
      const padded = [...before.map((row) => row.split(',')[index] ?? ''), ...texts]
      const info = shape.columns.find((one) => one.name === name)!
      mustHold({ info, read: read.columns.get(name)!, exact: exact.columns.get(name)!, warned }, padded)
    }
  } catch (error) {
    if (!(error instanceof BadTable)) throw error
    expect(error.message).toMatch(/fuzz\.csv/)
    expect(error.mend).not.toBe('')
  }
}

test('whatever stands in the cells comes out as it is stated, or the table is refused with a way out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(column, { minLength: 1, maxLength: 4 }), (columns) => check(columns, [])),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 80 : 2000, seed: 20261121 },
  )
})

test('so it does when the odd values come after 20,000 plain rows', async () => {
  const plain = Array.from({ length: 20_000 }, (_, row) =>
    [row % 7, (row * 0.37).toFixed(2), `v${row % 5}`, ''].join(','),
  )
  await fc.assert(
    fc.asyncProperty(fc.tuple(column, column, column, column), (columns) => check(columns, plain)),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 5 : 200, seed: 20261121 },
  )
})

const jsonValue = fc.oneof(
  fc.constantFrom(
    '9007199254740993',
    '1e5',
    '1e400',
    '-0',
    '1.50',
    '99999999999999999999',
    'true',
    'null',
    '[1]',
    '{"a":1}',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(...ODD).map((text) => JSON.stringify(text)),
)
const jsonColumn = fc.oneof(
  fc.array(jsonValue, { minLength: 8, maxLength: 8 }),
  fc.tuple(jsonValue, jsonValue, fc.nat(7)).map(([same, other, at]) => Array<string>(8).fill(same).with(at, other)),
)

test('JSON Lines keep strings as text and numbers as numbers, whatever stands beside them', async () => {
  await fc.assert(
    fc.asyncProperty(jsonColumn, async (values) => {
      const source = world.file('fuzz.jsonl', values.map((value) => `{"row":0,"x":${value}}\n`).join(''))
      const [info] = (await world.tables.describe(source)).columns.filter(({ name }) => name === 'x')
      if (info === undefined || info.type === 'nested') return
      const column = (await world.tables.read(source, { columns: ['x'] })).columns.get('x')!
      for (const [row, value] of values.entries()) {
        const place = `${info.stored}, row ${row}: ${value}`
        const isText = value.startsWith('"')
        if (value === 'null') expect('codes' in column ? column.codes[row] : -column.nulls[row]!, place).toBe(-1)
        else if (info.type === 'category' && 'codes' in column) {
          if (isText) expect(column.values[column.codes[row]!], place).toBe(JSON.parse(value))
        } else if (info.type === 'number' && 'nulls' in column) {
          if (!isText) expect(column.values[row] === Number(value) && Number.isFinite(Number(value)), place).toBe(true)
          else expect(value, place).toMatch(/^"(NaN|-?Infinity)"$/)
        }
      }
    }),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 60 : 1000, seed: 20261121 },
  )
})
