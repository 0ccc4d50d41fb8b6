import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/adapters/tables/engine.ts'
import { plainRows, refusal, type ScratchTables, scratchTables, sourceAt } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

/** A path that begins in the folder and leaves it. */
const upTo = (path: string) => `${world.folder}/${relative(world.folder, path)}`

/** Process ids of the children of a process, from Linux. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}
const readersOf = (pid: number) =>
  childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('tables-child'))

async function until(holds: () => boolean, ms = 5000): Promise<boolean> {
  const end = performance.now() + ms
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  return holds()
}

describe('S67: neither an expression nor a column name nor a path reaches beyond the folder', () => {
  test.each([
    "read_csv('/etc/passwd') == 1",
    'age < 25; copy (select 1) to "/tmp/evil.csv"',
    'age < 25) or (select count(*) from range(1000000000)) > 0 --',
    'age < 25 union select * from glob("/etc/*")',
    '"age" in (select 1)',
    'getenv("HOME") == "x"',
    '`/etc/passwd` == 1',
    'age == (1, 2)',
  ])('%s', async (where) => {
    const source = world.file('plain.csv', 'age,plan\n20,a\n30,b\n')
    expect(await refusal(world.tables.read(source, { columns: ['age'], where: [where] }))).toMatch(
      /^BadTable: where .* character \d+: /,
    )
    expect(existsSync('/tmp/evil.csv')).toBe(false)
  })

  test('hostile headers are names and nothing else', async () => {
    const names = [
      '"; drop table t0; --',
      'a"b',
      "c'd",
      'e;f',
      'c0',
      'v0',
      '$x',
      '../..',
      'copy (select 1) to',
      'ｓex',
      '__proto__',
    ]
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`)
    const source = world.file('hostile.csv', `${quoted.join(',')}\n${names.map((_, index) => index).join(',')}\n`)
    expect((await world.tables.describe(source)).columns.map(({ name }) => name)).toEqual(names)
    const { columns, masks } = await world.tables.read(source, {
      columns: names,
      where: names.map((name, index) => `\`${name}\` == ${index}`),
    })
    expect(names.map((name) => (columns.get(name) as { values: Float64Array }).values[0])).toEqual(
      names.map((_, index) => index),
    )
    expect(masks.map(([mask]) => mask)).toEqual(names.map(() => 1))
    const lines = world.file(
      'hostile.jsonl',
      `${JSON.stringify(Object.fromEntries(names.filter((name) => name !== '__proto__').map((name, index) => [name, index])))}\n`,
    )
    expect(
      Object.keys(await plainRows(world.tables, lines, { columns: [names[0] ?? '', 'a"b', '../..'] })),
    ).toHaveLength(3)
    expect(
      (
        await world.tables.quality(source, {
          id: 'a"b',
          label: "c'd",
          features: ['e;f'],
          reference: source,
          ranges: [],
        })
      ).duplicates.rows,
    ).toBe(0)
  })

  test('a path outside the folder is refused, also of a neighbour whose name begins alike', async () => {
    const neighbour = `${world.folder}-other`
    mkdirSync(neighbour)
    try {
      writeFileSync(join(neighbour, 't.csv'), 'a\n1\n')
      for (const path of ['/etc/passwd', join(neighbour, 't.csv'), upTo('/etc/passwd')]) {
        const source = { files: [{ path, digest: '', size_bytes: 1 }], format: 'csv', called: 'x' } as const
        expect(await refusal(world.tables.describe(source))).toContain(
          'x is not a file of the folder that tables are read from',
        )
      }
    } finally {
      rmSync(neighbour, { recursive: true })
    }
  })

  test('below our checks the engine itself denies other files, writes, extensions, a second statement and new settings', async () => {
    const neighbour = `${world.folder}-other`
    mkdirSync(neighbour)
    writeFileSync(join(neighbour, 't.csv'), 'a\n1\n')
    const engine = await openEngine({ folder: world.folder, scratch: join(world.folder, 'scratch'), memoryMb: 256 })
    world.file('mine.csv', 'a\n1\n')
    expect(await engine.rows(`select * from read_csv('${join(world.folder, 'mine.csv')}')`)).toEqual([[1n]])
    for (const sql of [
      "select * from read_csv('/etc/passwd')",
      `select * from read_csv('${join(neighbour, 't.csv')}')`,
      `select * from read_csv('${upTo('/etc/passwd')}')`,
      "copy (select 1) to '/tmp/evil.csv'",
      "attach '/tmp/evil.db'",
      "select * from glob('/etc/*')",
      'install httpfs',
      'load httpfs',
      "select * from read_csv('https://example.com/a.csv')",
      'set enable_external_access = true',
      "set allowed_directories = ['/']",
      'select 1; select 2',
    ]) {
      await expect(engine.rows(sql), sql).rejects.toThrow(
        /Permission|locked|multiple statements|disabled|requires the extension|Cannot change|Missing Extension/i,
      )
    }
    rmSync(neighbour, { recursive: true })
  })
})

test('one reader process answers all questions, with an empty environment', async () => {
  process.env.WEIGHBRIDGE_SECRET_FOR_TEST = 'hunter2'
  const mine = scratchTables()
  const source = mine.file('a.csv', 'a\n1\n2\n')
  const before = readersOf(process.pid)
  const answers = await Promise.all([
    mine.tables.describe(source),
    mine.tables.read(source, { columns: ['a'] }),
    mine.tables.read(source, { columns: ['b'] }).catch((error: Error) => error.name),
  ])
  expect(answers[2]).toBe('BadTable')
  const started = readersOf(process.pid).filter((pid) => !before.includes(pid))
  expect(started).toHaveLength(1)
  const names = readFileSync(`/proc/${started[0]}/environ`, 'utf8')
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.split('=')[0])
  expect(names.filter((name) => !name?.startsWith('NODE_CHANNEL')).toSorted()).toEqual(['NODE_NO_WARNINGS', 'TZ'])
  await mine.close()
  expect(await until(() => !existsSync(`/proc/${started[0]}`))).toBe(true)
  delete process.env.WEIGHBRIDGE_SECRET_FOR_TEST
})

test('a reader that is killed is a clear error, and the next question is answered', async () => {
  const mine = scratchTables()
  const source = await mine.written(
    'many.parquet',
    'copy (select i as a, hash(i) as b from range(400000) r(i)) to FILE',
  )
  await mine.tables.describe(source)
  const answer = refusal(
    mine.tables.quality(source, { id: null, label: null, features: [], reference: source, ranges: [] }),
  )
  await new Promise((resolve) => setTimeout(resolve, 10))
  for (const pid of readersOf(process.pid)) process.kill(pid, 'SIGKILL')
  expect(await answer).toBe(
    'Unavailable: many.parquet: the process that reads tables ended (SIGKILL) -> Ask again; if it ends again, the table is too large for this machine, or damaged.',
  )
  expect((await mine.tables.describe(source)).rows).toBe(400_000)
  await mine.close()
  expect(await refusal(mine.tables.describe(source))).toContain(
    'Unavailable: many.parquet: tables were closed before it was read',
  )
})

test('a question that takes too long is stopped with its process, and the next one is answered', async () => {
  const mine = scratchTables({ timeoutMs: 3000 })
  const source = mine.file('slow.csv', 'a\n1\n')
  const before = readersOf(process.pid)
  await mine.tables.describe(source)
  const [stuck = 0] = readersOf(process.pid).filter((pid) => !before.includes(pid))
  process.kill(stuck, 'SIGSTOP')
  expect(await refusal(mine.tables.read(source, { columns: ['a'] }))).toBe(
    'Unavailable: slow.csv: reading took longer than 3 s and was stopped -> Ask again, ask for fewer columns, or raise the time limit.',
  )
  expect(await until(() => !existsSync(`/proc/${stuck}`))).toBe(true)
  expect((await mine.tables.describe(source)).rows).toBe(1)
  await mine.close()
})

test.each(['SIGKILL', 'SIGINT'] as const)(
  'the reader dies with its parent, in the middle of a query (%s)',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'weighbridge-parent-'))
    const tables = fileURLToPath(new URL('../../../src/adapters/tables/tables.ts', import.meta.url))
    const large = await world.written(
      'hold.parquet',
      'copy (select hash(i) as a, hash(i + 1) as b from range(3000000) r(i)) to FILE',
    )
    const source = { ...large, files: [{ ...large.files[0], path: join(folder, 'hold.parquet') }] }
    writeFileSync(join(folder, 'hold.parquet'), readFileSync(large.files[0]?.path ?? ''))
    const script = `import { openTables } from ${JSON.stringify(pathToFileURL(tables).href)}
    const tables = openTables({ folder: ${JSON.stringify(folder)} })
    const source = ${JSON.stringify(source)}
    await tables.describe(source)
    console.log('ready')
    await tables.quality(source, { id: null, label: null, features: [], reference: source, ranges: [] })
    process.exit(7)`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => parent.stdout.once('data', resolve))
    const [reader] = readersOf(parent.pid ?? 0)
    expect(reader).toBeGreaterThan(0)
    parent.kill(signal)
    const code = await new Promise((resolve) => parent.once('exit', resolve))
    expect(code).not.toBe(7)
    expect(await until(() => !existsSync(`/proc/${reader}`), 2000)).toBe(true)
    rmSync(folder, { recursive: true })
  },
)

test('a program that forgets to close still ends, and closing leaves nothing behind', async () => {
  const mine = scratchTables()
  const packed = await mine.written(
    'packed.csv.gz',
    'copy (select 1 as a, 2 as b) to FILE (format csv, header, compression gzip)',
  )
  await mine.tables.describe(packed)
  expect(readdirSync(mine.folder).filter((name) => name.startsWith('.weighbridge-tables-'))).toHaveLength(1)
  await mine.tables.close()
  expect(readdirSync(mine.folder)).toEqual(['packed.csv.gz'])
  const tables = pathToFileURL(fileURLToPath(new URL('../../../src/adapters/tables/tables.ts', import.meta.url))).href
  const script = `import { openTables } from ${JSON.stringify(tables)}
    console.log((await openTables({ folder: ${JSON.stringify(mine.folder)} }).describe(${JSON.stringify(sourceAt(packed.files[0]?.path ?? ''))})).rows)`
  const program = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const out: string[] = []
  program.stdout.on('data', (text) => out.push(String(text)))
  expect(await new Promise((resolve) => program.once('exit', resolve))).toBe(0)
  expect(out.join('').trim()).toBe('1')
  await mine.close()
})
