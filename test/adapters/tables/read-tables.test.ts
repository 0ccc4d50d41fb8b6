import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../support/fixtures.ts'
import { columnsOf } from '../../support/rows.ts'
import { plainRows, refusal, type ScratchTables, scratchTables, sourceAt } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

const typesOf = async (name: string, content: string) =>
  Object.fromEntries(
    (await world.tables.describe(world.file(name, content))).columns.map((column) => [column.name, column.stored]),
  )

test('the same rows say the same from Snappy, GZIP, ZSTD, CSV, gzipped CSV and JSON Lines', async () => {
  const names = ['row_id', 'age', 'workclass', 'sex', 'capital_gain', 'label']
  const reference = await columnsOf('adult/evaluation.parquet', names)
  const from = `(select ${names.join(', ')} from '${fixture('adult/evaluation.parquet')}')`
  const sources = [
    world.fixture('adult/evaluation.parquet'),
    await world.written('gzip.parquet', `copy ${from} to FILE (compression gzip)`),
    await world.written('many-groups.parquet', `copy ${from} to FILE (compression zstd, row_group_size 2048)`),
    await world.written('plain.csv', `copy ${from} to FILE (header)`),
    await world.written('tabs.csv', `copy ${from} to FILE (header, delimiter '\t')`),
    await world.written('packed.csv.gz', `copy ${from} to FILE (header, compression gzip, format csv)`),
    await world.written('lines.jsonl', `copy ${from} to FILE (format json)`),
  ]
  for (const source of sources)
    expect(await plainRows(world.tables, source, { columns: names }), source.called).toEqual(reference)
})

test('8,000 rows of 15 columns are read warm in under 150 ms', async () => {
  const source = world.fixture('adult/evaluation.parquet')
  const columns = (await world.tables.describe(source)).columns.map(({ name }) => name).slice(1)
  expect(columns).toHaveLength(15)
  await world.tables.read(source, { columns })
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const start = performance.now()
    await world.tables.read(source, { columns })
    times.push(performance.now() - start)
  }
  expect(Math.min(...times)).toBeLessThan(150)
})

test('values keep the order in which they first appear, and bytes that only look alike stay apart', async () => {
  const { columns } = await world.tables.read(world.file('order.csv', 'x\nb\na\n\nb\né\ne\u0301\n'), { columns: ['x'] })
  expect(columns.get('x')).toEqual({
    type: 'category',
    codes: Int32Array.of(0, 1, -1, 0, 2, 3),
    values: ['b', 'a', 'é', 'e\u0301'],
  })
})

describe('types are those of every value, not of a sample', () => {
  test('one late text makes a column text, one late fraction a number', async () => {
    const rows = Array.from({ length: 30_000 }, (_, row) => `${row},${row}`)
    expect(await typesOf('late.csv', `a,b\n${rows.join('\n')}\nx,0.5\n`)).toEqual({ a: 'VARCHAR', b: 'DOUBLE' })
  })

  test('powers, NaN and Infinity are numbers; leading zeros, dates and true are what they are', async () => {
    const text =
      'p,n,zip,day,when,yes,id,huge,none\n1e5,NaN,01234,2026-01-31,2026-01-31T10:00:00+02:00,true,9007199254740993,99999999999999999999,\n2,-Infinity,99999,2026-02-01,2026-01-31 09:00:00,False,2,1,\n'
    expect(await typesOf('types.csv', text)).toEqual({
      p: 'DOUBLE',
      n: 'DOUBLE',
      zip: 'VARCHAR',
      day: 'TIMESTAMP WITH TIME ZONE',
      when: 'TIMESTAMP WITH TIME ZONE',
      yes: 'BOOLEAN',
      id: 'BIGINT',
      huge: 'HUGEINT',
      none: 'NULL',
    })
    const source = world.file('types.csv', text)
    expect(
      await plainRows(world.tables, source, {
        columns: ['when', 'yes', 'p', 'id', 'zip'],
        asCategory: ['id'],
        asNumber: ['yes', 'zip'],
      }),
    ).toEqual({
      when: [Date.UTC(2026, 0, 31, 8), Date.UTC(2026, 0, 31, 9)],
      yes: [1, 0],
      p: [1e5, 2],
      id: ['9007199254740993', '2'],
      zip: [1234, 99999],
    })
  })

  test('a decimal comma counts only where no column has a decimal point', async () => {
    expect(await typesOf('comma.csv', 'a;b\n1,5;1\n-2;2\n')).toEqual({ a: 'DOUBLE', b: 'BIGINT' })
    const both = await world.tables.describe(world.file('both.csv', 'a;b\n1,5;1.5\n2,5;2\n'))
    expect(both.columns.map(({ stored }) => stored)).toEqual(['VARCHAR', 'DOUBLE'])
    expect(both.warnings).toMatchObject([{ code: 'decimal-comma', column: 'a' }])
    expect(await typesOf('list.csv', 'a,b\n"1,5",1\n"2,5",2\n')).toEqual({ a: 'VARCHAR', b: 'BIGINT' })
  })

  test('numbers beside text are text, with a warning', async () => {
    const { warnings } = await world.tables.describe(world.file('mixed.csv', 'a,b\n1,x\n?,y\n'))
    expect(warnings).toMatchObject([{ code: 'mixed-types', column: 'a' }])
    expect(
      await refusal(world.tables.read(world.file('mixed.csv', 'a,b\n1,x\n?,y\n'), { columns: ['a'], asNumber: ['a'] })),
    ).toContain('column a is text, 1 of its values are no numbers')
  })

  test('JSON Lines keep strings as text, and know NaN, nested values and absent keys', async () => {
    const text = '{"a":1,"s":"5","n":NaN,"o":{"k":1},"A":true}\n{"a":2.5,"s":"6","n":"Infinity","extra":"x"}\n'
    expect(await typesOf('odd.jsonl', text)).toEqual({
      a: 'DOUBLE',
      s: 'VARCHAR',
      n: 'DOUBLE',
      o: 'JSON',
      A: 'BOOLEAN',
      extra: 'VARCHAR',
    })
    const read = await plainRows(world.tables, world.file('odd.jsonl', text), {
      columns: ['a', 's', 'n', 'A', 'extra'],
    })
    expect(read).toEqual({
      a: [1, 2.5],
      s: ['5', '6'],
      n: [Number.NaN, Number.POSITIVE_INFINITY],
      A: ['true', null],
      extra: [null, 'x'],
    })
    expect(await refusal(world.tables.read(world.file('odd.jsonl', text), { columns: ['o'] }))).toContain(
      'column o is nested',
    )
  })

  test('the same number reads the same as a category in every type', async () => {
    const source = await world.written(
      'numbers.parquet',
      "copy (select 1::tinyint i, 1.0::double d, 1.50::decimal(5,2) e, 0.1::float f, true b, date '2026-01-31' t) to FILE",
    )
    expect(
      await plainRows(world.tables, source, {
        columns: ['i', 'd', 'e', 'f', 'b', 't'],
        asCategory: ['i', 'd', 'e', 'f', 'b', 't'],
      }),
    ).toEqual({
      i: ['1'],
      d: ['1'],
      e: ['1.5'],
      f: ['0.1'],
      b: ['true'],
      t: ['2026-01-31'],
    })
  })
})

describe('several files of one source', () => {
  test('are read in order, whatever the order of their columns', async () => {
    world.file('part-1.csv', 'a,b\n1,x\n2,y\n')
    world.file('part-2.csv', 'b;a\nz;0,5\n')
    const [one, two] = ['part-1.csv', 'part-2.csv'].map((name) => `${world.folder}/${name}`) as [string, string]
    expect((await world.tables.describe(sourceAt(one, two))).warnings).toEqual([
      expect.objectContaining({ code: 'mixed-types', column: 'a' }),
    ])
    world.file('part-2.csv', 'b;a\nz;3.5\n')
    expect(await plainRows(world.tables, sourceAt(one, two), { columns: ['a', 'b'] })).toEqual({
      a: [1, 2, 3.5],
      b: ['x', 'y', 'z'],
    })
  })

  test('of Parquet take the wider type, and a file that differs is named with its column', async () => {
    const whole = await world.written('w1.parquet', 'copy (select 1 a, 2 b) to FILE')
    const fraction = await world.written('w2.parquet', 'copy (select 3 b, 0.5::double a) to FILE')
    const [one, two] = [whole.files[0]?.path ?? '', fraction.files[0]?.path ?? '']
    expect(await plainRows(world.tables, sourceAt(one, two), { columns: ['a', 'b'] })).toEqual({
      a: [1, 0.5],
      b: [2, 3],
    })
    const other = await world.written('w3.parquet', 'copy (select 3 b, 0.5::double "A") to FILE')
    expect(await refusal(world.tables.describe(sourceAt(one, other.files[0]?.path ?? '')))).toContain(
      'w1.parquet (w3.parquet) has no column a, which w1.parquet (w1.parquet) has',
    )
  })
})

test('columns whose names differ in case are two columns', async () => {
  const lines = world.file('case.jsonl', '{"sex":"m","Sex":1}\n{"sex":"f","Sex":2}\n')
  const csv = world.file('case.csv', 'sex,Sex\nm,1\nf,2\n')
  const parquet = await world.written('case.parquet', "copy (select 'm' sex, 1 b union all select 'f', 2) to FILE")
  for (const source of [lines, csv])
    expect(await plainRows(world.tables, source, { columns: ['Sex', 'sex'] })).toEqual({ Sex: [1, 2], sex: ['m', 'f'] })
  expect(await refusal(world.tables.read(parquet, { columns: ['Sex'] }))).toContain(
    'missing columns: Sex; unexpected: sex, b -> Did you mean sex for Sex?',
  )
})

test('a slice has three answers: in, out, and null', async () => {
  const source = world.file('slice.csv', 'age,plan\n20,a\n30,b\n,a\n24,\n')
  const { masks } = await world.tables.read(source, {
    columns: ['age'],
    where: ['age < 25', 'age < 25 && plan == "a"', 'plan != null', 'age == null'],
  })
  expect(masks.map((mask) => [...mask])).toEqual([
    [1, 0, 2, 1],
    [1, 0, 2, 2],
    [1, 1, 1, 0],
    [0, 0, 1, 0],
  ])
  expect(await refusal(world.tables.read(source, { columns: ['age'], where: ['plan < 25'] }))).toBe(
    "BadTable: where 'plan < 25', character 6: plan is a text, 25 is a number: < does not go with them -> Compare like with like.",
  )
})

test('any table survives CSV: texts with quotes and line ends, numbers, nulls and empty texts', async () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('', 'a"b', ',', ';', '\n', '\r\n', '"', ' x ', "'", '|\t', '#', '\\', 'NULL', 'NaN?'),
  )
  const quote = (text: string | null) => (text === null ? '' : `"${text.replaceAll('"', '""')}"`)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, fc.oneof(fc.double({ noDefaultInfinity: false }), fc.constant(null)), cell), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      async (rows, separator, end) => {
        const clean = rows.map(
          ([a, n, b]) =>
            [a?.replaceAll('\0', '') ?? null, Object.is(n, -0) ? 0 : n, b?.replaceAll('\0', '') ?? null] as const,
        )
        const lines = clean.map(([a, n, b]) => [quote(a), n === null ? '' : String(n), quote(b)].join(separator))
        const source = world.file('any.csv', `${[['a', 'n', 'b'].join(separator), ...lines].join(end)}${end}`)
        const read = await plainRows(world.tables, source, { columns: ['a', 'n', 'b'], asNumber: ['n'] })
        expect(read.n).toEqual(clean.map(([, n]) => n))
        for (const [name, index] of [
          ['a', 0],
          ['b', 2],
        ] as const) {
          const { columns } = await world.tables.describe(source)
          if (columns.find((column) => column.name === name)?.stored !== 'VARCHAR') continue
          expect(read[name]).toEqual(clean.map((row) => row[index]))
        }
      },
    ),
    { numRuns: 150, seed: 20_241_120 },
  )
})
