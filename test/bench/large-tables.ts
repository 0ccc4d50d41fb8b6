import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { aucWithInterval } from './auc-rows.ts'
import { writeDoubles, writeDriftTables } from './drift-tables.ts'
import { runWatched, type Spent, spentLine } from './process-tree.ts'

const LAUNCH = fileURLToPath(new URL('../../src/launch.js', import.meta.url))
const PYTHON = '/usr/bin/python3'
const ROWS = 1_000_000

/**
 * What measuring a million rows and more costs: the commands as people type them, start-up and all processes
 * included, beside plain NumPy and SciPy programs in the same run where Debian's packages are there.
 */
export async function largeTables(folder: string): Promise<void> {
  const python = hasPython()
  if (!python) console.log('  without NumPy and SciPy to compare with: apt-get install python3-scipy python3-pandas')
  await drift(folder, python)
  await fairness(folder, python)
  await area(folder, python)
  await profiles(folder)
}

async function drift(folder: string, python: boolean): Promise<void> {
  for (const window of ['reference', 'current'] as const)
    await writeDriftTables(folder, { rows: ROWS, window, formats: ['csv', 'parquet'] })
  const measured = (format: string) =>
    weighbridge(folder, 'drift', '--reference', `reference.${format}`, '--current', `current.${format}`, '--json')
  console.log(spentLine('drift, 1M + 1M rows, 25 columns, Parquet', await measured('parquet'), '(target 5 s, 600 MB)'))
  const csv = await measured('csv')
  console.log(spentLine('drift, the same as CSV', csv, '(target 15 s, 600 MB)'))
  if (python)
    compared(
      'NumPy and SciPy on the same CSV',
      csv,
      await plain(folder, 'numpy-drift.py', 'reference.csv', 'current.csv'),
    )
  for (const name of ['reference', 'current'])
    for (const format of ['csv', 'parquet']) rmSync(join(folder, `${name}.${format}`))
}

async function fairness(folder: string, python: boolean): Promise<void> {
  await query(
    folder,
    `COPY (SELECT i AS row_id, (hash(i, 1) % 100 < 30)::INT AS label, (hash(i, 2) % 100 < 25 + 40 * (hash(i, 1) % 100 < 30)::INT)::INT AS prediction,
      ['a', 'a', 'a', 'b', 'b', 'c', 'd'][1 + (hash(i, 3) % 7)::BIGINT] AS sex, ['-25', '26-35', '36-45', '46-65', '65-'][1 + (hash(i, 4) % 5)::BIGINT] AS age
      FROM range(${ROWS}) AS r(i))`,
    ['fairness.parquet', 'fairness.csv'],
  )
  const start = await weighbridge(folder, '--version')
  const measured = (table: string) =>
    weighbridge(
      folder,
      'fairness',
      '--data',
      table,
      '--label',
      'label',
      '--prediction',
      'prediction',
      '--across',
      'sex',
      '--across',
      'age',
      '--json',
    )
  const parquet = await measured('fairness.parquet')
  console.log(spentLine('weighbridge --version', start))
  console.log(spentLine('fairness, 1M rows, 2 attributes, 6 metrics, Parquet', parquet, '(target 1 s beyond start-up)'))
  if (!python) return
  const csv = await measured('fairness.csv')
  console.log(spentLine('fairness, the same as CSV', csv))
  compared('pandas on the same CSV', csv, await plain(folder, 'numpy-fairness.py', 'fairness.csv'))
}

async function area(folder: string, python: boolean): Promise<void> {
  const seconds = aucWithInterval(ROWS)
  console.log(
    `${'ROC AUC with DeLong’s interval, 1M rows in memory'.padEnd(64)} ${seconds.toFixed(2).padStart(7)} s            (target 2 s)`,
  )
  if (!python) return
  const { said } = await plain(folder, 'numpy-auc.py')
  const theirs = Number(/seconds ([\d.]+)/.exec(said)?.[1])
  console.log(
    `${'NumPy and SciPy on as many rows in memory'.padEnd(64)} ${theirs.toFixed(2).padStart(7)} s            ${(theirs / seconds).toPrecision(2)} times ours`,
  )
}

async function profiles(folder: string): Promise<void> {
  const spent: Spent[] = []
  for (const rows of [10_000_000, 30_000_000]) {
    await writeDoubles(folder, rows, 20)
    const one = await weighbridge(folder, 'profile', '--data', 'doubles.parquet', '--out', 'profile.json')
    const target = rows === 10_000_000 ? '(target 20 s, 700 MB)' : '(target 3 times that, no more memory)'
    console.log(spentLine(`profile, ${rows / 1e6}M rows of 20 doubles, Parquet`, one, target))
    spent.push(one)
    rmSync(join(folder, 'doubles.parquet'))
  }
  const [ten, thirty] = spent
  console.log(
    `  30M to 10M rows: ${(thirty!.seconds / ten!.seconds).toPrecision(2)} times the time, ${(thirty!.peakMb / ten!.peakMb).toPrecision(2)} times the memory`,
  )
}

function weighbridge(folder: string, ...args: readonly string[]): Promise<Spent> {
  return runWatched(process.execPath, [LAUNCH, ...args], folder)
}

function plain(folder: string, program: string, ...args: readonly string[]): Promise<Spent> {
  return runWatched(PYTHON, [fileURLToPath(new URL(program, import.meta.url)), ...args], folder)
}

function compared(name: string, ours: Spent, theirs: Spent): void {
  console.log(spentLine(name, theirs, `${(theirs.seconds / ours.seconds).toPrecision(2)} times ours`))
}

/** Debian's packages, installed where that is allowed. */
function hasPython(): boolean {
  const works = () => {
    try {
      execFileSync(PYTHON, ['-c', 'import numpy, scipy.stats, pandas'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
  if (works()) return true
  if (process.getuid?.() !== 0) return false
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const packages = ['python3-scipy', 'python3-pandas']
    execFileSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], { stdio: 'ignore', env })
  } catch {
    return false
  }
  return works()
}

async function query(folder: string, copy: string, names: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' })
  const connection = await instance.connect()
  for (const name of names) {
    const options = name.endsWith('csv') ? 'FORMAT csv, HEADER' : 'FORMAT parquet'
    await connection.run(`${copy} TO '${join(folder, name)}' (${options})`)
  }
  connection.closeSync()
  instance.closeSync()
}
