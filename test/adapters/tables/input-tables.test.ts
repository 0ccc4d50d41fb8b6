import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTables } from '../../../src/adapters/tables/tables.ts'
import type { CommandInput } from '../../../src/cli/command.ts'
import { type InputTables, openInputTables } from '../../../src/cli/measuring/input-tables.ts'
import { openTerminal } from '../../../src/cli/terminal.ts'
import { tableOf } from '../../../src/jobs/prediction-files.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import type { StoreServer } from '../../../src/world/store/store-server.ts'
import { fixture } from '../../support/fixtures.ts'
import { openStoreHere } from '../../support/store-here.ts'
import { plainRows, refusal } from './scratch-tables.ts'

let home: string
let opened: InputTables[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'weighbridge-home-'))
  opened = []
})
afterEach(async () => {
  for (const input of opened) await input.close()
  rmSync(home, { recursive: true, force: true })
})

const ROWS = 'id,x,c\n1,0.5,a\n2,,b\n'
const put = (name: string, content: string | Uint8Array = ROWS) => {
  mkdirSync(join(home, name, '..'), { recursive: true })
  writeFileSync(join(home, name), content)
}

/** What a command holds after `--data NAME ...`, typed in `home`. */
function commandInput(options: Readonly<Record<string, string | readonly string[]>>): CommandInput {
  return {
    positionals: [],
    text: (name) => (typeof options[name] === 'string' ? options[name] : undefined),
    texts: (name) => (Array.isArray(options[name]) ? options[name] : []),
    flag: () => false,
    folder: home,
    calledFrom: home,
    json: true,
    terminal: openTerminal(process.stdout, process.stderr, {}),
  }
}

function typed(options: Readonly<Record<string, string | readonly string[]>>, stdin?: Readable): InputTables {
  const input = openInputTables(commandInput(options), stdin)
  opened.push(input)
  return input
}

async function idsOf(names: string | readonly string[], stdin?: Readable): Promise<readonly unknown[]> {
  const input = typed({ data: names }, stdin)
  return (await plainRows(input.tables, await input.source('data'), { columns: ['id'] })).id ?? []
}

const refused = (names: string | readonly string[], stdin?: Readable) => refusal(idsOf(names, stdin))

describe('a table is named as a shell user would name it', () => {
  test('a file, several, a pattern in quotes, also through folders; in the order of their names', async () => {
    put('part-2.csv', 'id,x,c\n3,1,a\n')
    put('part-1.csv')
    put('deep/er/part-3.csv', 'c,x,id\nz,9,4\n')
    expect(await idsOf('part-1.csv')).toEqual([1, 2])
    expect(await idsOf(join(home, 'part-1.csv'))).toEqual([1, 2])
    expect(await idsOf(['part-2.csv', 'part-1.csv'])).toEqual([3, 1, 2])
    expect(await idsOf('part-*.csv')).toEqual([1, 2, 3])
    expect(await idsOf('{part-[12].csv,**/part-3.csv}')).toEqual([4, 1, 2, 3])
  })

  test('a file whose own name looks like a pattern is that file, and nothing beside it', async () => {
    put('data[1]*.csv')
    put('data1.csv', 'id\n9\n')
    put("it's; drop table?.csv", 'id\n7\n')
    expect(await idsOf('data[1]*.csv')).toEqual([1, 2])
    expect(await idsOf("it's; drop table?.csv")).toEqual([7])
    const judged = await tableOf(join(home, 'data[1]*.csv'), home, 'data[1]*.csv')
    const tables = openTables({ folder: home })
    expect(await plainRows(tables, judged, { columns: ['id'] })).toEqual({ id: [1, 2] })
    await tables.close()
  })

  test('standard input and pipes, whatever they carry', async () => {
    const packed = gzipSync(ROWS)
    expect(await idsOf('-', Readable.from([Buffer.from(ROWS)]))).toEqual([1, 2])
    expect(await idsOf('-', Readable.from([packed.subarray(0, 9), packed.subarray(9)]))).toEqual([1, 2])
    expect(await idsOf('-', Readable.from([Buffer.from('\ufeff{"id":5}\n{"id":6}\n')]))).toEqual([5, 6])
    expect(await idsOf('-', Readable.from([readFileSync(fixture('edge/zstd.parquet'))])).catch(String)).toContain(
      'missing columns: id',
    )
    execFileSync('mkfifo', [join(home, 'pipe')])
    const written = import('node:fs/promises').then((fs) => fs.writeFile(join(home, 'pipe'), ROWS))
    expect(await idsOf('pipe')).toEqual([1, 2])
    await written
  })

  test('a name without an ending is read by what it holds; links are followed', async () => {
    put('lines', '{"id":1}\n')
    put('text.dat')
    copyFileSync(fixture('edge/types.parquet'), join(home, 'table'))
    symlinkSync(join(home, 'text.dat'), join(home, 'link.csv'))
    expect(await idsOf('lines')).toEqual([1])
    expect(await idsOf('text.dat')).toEqual([1, 2])
    expect(await idsOf('link.csv')).toEqual([1, 2])
    const input = typed({ data: 'table' })
    expect((await input.tables.describe(await input.source('data'))).rows).toBeGreaterThan(0)
  })

  test('what cannot be read says what, where and how to mend it', async () => {
    put('a.csv')
    put('b.jsonl', '{"id":1}\n')
    put('folder/c.csv', 'id,x\n1\n')
    put('ragged.csv', 'id,x\n1,2\n3\n')
    expect(await refused('gone.csv')).toBe('Unavailable: there is no file gone.csv -> Check the path.')
    expect(await refused('folder')).toBe("Unavailable: folder is a folder -> Name its files: 'folder/*.parquet'.")
    expect(await refused('*.parquet')).toContain(
      '*.parquet matches no file -> Check the pattern; in a shell, put it in quotes.',
    )
    expect(await refused(['a.csv', 'b.jsonl'])).toContain(
      'a.csv, b.jsonl holds files of several formats: a.csv is csv, b.jsonl is jsonl -> Files of one table have one format.',
    )
    expect(await refused(['a.csv', 'folder/c.csv'])).toContain('has no column c, which')
    expect(await refused('ragged.csv')).toContain('ragged.csv:3: 1 fields where the header has 2')
    expect(await refused('-', Readable.from([]))).toContain('standard input: 0 bytes')
    expect(await refused(['-', '-'], Readable.from([Buffer.from(ROWS)]))).toContain('standard input is named twice')
    expect(await refused('-', Object.assign(Readable.from([]), { isTTY: true }))).toContain(
      'standard input is a terminal',
    )
    expect(() => typed({ data: 'a.csv' }).source('other')).toThrow('--other is not given')
    for (const memory of ['63', '0', '-1', 'lots', '1e3', '512MB'])
      expect(() => openInputTables(commandInput({ memory }))).toThrow(`--memory ${memory} is no number of megabytes`)
  })
})

describe('a large file is not copied, and not trusted to stay as it is', () => {
  test('it is linked into the folder of the job, and the original is left alone', async () => {
    put('data.csv')
    const before = statSync(join(home, 'data.csv'))
    const input = typed({ data: 'data.csv' })
    const [file] = (await input.source('data')).files
    expect(statSync(file!.path).ino).toBe(before.ino)
    await input.close()
    expect(statSync(join(home, 'data.csv'))).toMatchObject({ nlink: 1, mode: before.mode, size: before.size })
    expect(readFileSync(join(home, 'data.csv'), 'utf8')).toBe(ROWS)
  })

  test('one that is written to meanwhile gives an error, not half of its rows', async () => {
    put('data.csv')
    const input = typed({ data: 'data.csv' })
    const source = await input.source('data')
    expect((await input.tables.describe(source)).rows).toBe(2)
    appendFileSync(join(home, 'data.csv'), '3,1,a\n')
    expect(await refusal(input.tables.read(source, { columns: ['id'] }))).toBe(
      'BadTable: data.csv changed while it was read -> Wait until it is written, or give a copy of it.',
    )
  })

  test('closing leaves no folder behind', async () => {
    put('data.csv')
    const input = typed({ data: 'data.csv' })
    const source = await input.source('data')
    await input.tables.describe(source)
    const folder = join(source.files[0]!.path, '../..')
    expect(readdirSync(folder).length).toBeGreaterThan(1)
    await input.close()
    expect(() => readdirSync(folder)).toThrow('ENOENT')
  })
})

test('every odd table of the reference set comes through the command line as through the adapter', async () => {
  const names = readdirSync(fixture('edge')).filter((name) => name !== 'expected.json')
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) copyFileSync(fixture(`edge/${name}`), join(home, name))
  const input = typed(Object.fromEntries(names.map((name) => [name, name])))
  for (const name of names) {
    const shape = input.source(name).then((source) => input.tables.describe(source))
    if (/^(empty|header-only|zero-rows)/.test(name)) expect(await refusal(shape)).toMatch(/BadTable: .* 0 (bytes|rows)/)
    else expect((await shape).rows, name).toBeGreaterThan(0)
    if (name === 'bom-semicolon.csv') expect((await shape).columns[0]?.name).toBe('row_id')
  }
})

describe('objects of a store', () => {
  let server: StoreServer
  beforeAll(async () => {
    server = await openStoreHere({ pageSize: 3, buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/'] }] })
  })
  afterAll(() => server.close())

  test('one, and a pattern over a prefix of several pages', async () => {
    for (let day = 1; day <= 7; day++) server.objects.set(`acme/logs/day-${day}.csv`, Buffer.from(`id,x\n${day},1\n`))
    server.objects.set('acme/logs/notes.txt', Buffer.from('none of it'))
    server.objects.set('acme/logs/deeper/day-9.csv', Buffer.from('id,x\n9,1\n'))
    expect(await idsOf('s3://acme/logs/day-3.csv')).toEqual([3])
    expect(await idsOf('s3://acme/logs/day-*.csv')).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await idsOf(['s3://acme/logs/day-{2,1}.csv', 's3://acme/logs/deeper/*'])).toEqual([1, 2, 9])
  })

  test('what is not there, a prefix, and a pattern without a match are named', async () => {
    expect(await refused('s3://acme/gone.csv')).toContain('s3://acme/gone.csv')
    expect(await refused('s3://acme/logs/')).toContain(
      "is a prefix, not an object -> Name objects: 's3://acme/logs/*.parquet'.",
    )
    expect(await refused('s3://acme')).toContain("Name objects: 's3://acme/*.parquet'.")
    expect(await refused('s3://acme/logs/*.parquet')).toContain('matches no file')
  })
})
