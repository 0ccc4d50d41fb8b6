import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, INTEGER } from '@duckdb/node-api'
import { type Pcg32, pcg32 } from '../../src/statistics/pcg32.ts'

export interface DriftTables {
  readonly rows: number
  /** Of every five columns four are numbers and one is a category; 25 gives twenty and five. */
  readonly columns?: number
  /** In `current` the first five numbers are shifted by 0.2 and the first two categories are steeper. */
  readonly window: 'reference' | 'current'
  readonly formats: readonly ('csv' | 'parquet')[]
}

/**
 * Writes one window of the tables that drift is timed on, `<window>.csv` and `<window>.parquet`.
 *
 * Numbers `n00` and on cycle through normal, lognormal, exponential and whole uniform ones, rounded to six places;
 * categories `c00` and on are Zipf-like over 3, 5, 10, 50 and 500 values. Every column has a stream of its own, so a
 * table of fewer rows is the beginning of a longer one.
 */
export async function writeDriftTables(folder: string, { rows, columns = 25, window, formats }: DriftTables) {
  const makers = makersOf(columns, window)
  const database = join(folder, `${window}.duckdb`)
  const instance = await DuckDBInstance.create(database, { memory_limit: '400MB' })
  const connection = await instance.connect()
  await connection.run(`CREATE TABLE t (${makers.map(({ name, type }) => `${name} ${type}`).join(', ')})`)
  await fill(connection, makers, rows)
  const picked = makers.map(({ name, type }) => (type === 'DOUBLE' ? name : `'v' || ${name} AS ${name}`)).join(', ')
  for (const format of formats) {
    const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet'
    await connection.run(`COPY (SELECT ${picked} FROM t) TO '${join(folder, `${window}.${format}`)}' (${options})`)
  }
  connection.closeSync()
  instance.closeSync()
  rmSync(database, { force: true })
  return Object.fromEntries(formats.map((format) => [format, join(folder, `${window}.${format}`)]))
}

/** Writes `doubles.parquet`: x00 and on, uniform from 0 to 1 by a hash of row and column, one in a hundred missing. */
export async function writeDoubles(folder: string, rows: number, columns: number): Promise<string> {
  const path = join(folder, 'doubles.parquet')
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', temp_directory: folder })
  const connection = await instance.connect()
  const values = Array.from({ length: columns }, (_, index) => {
    const hashed = `hash(i, ${index})`
    return `CASE WHEN ${hashed} % 100 > 0 THEN (${hashed} >> 11)::DOUBLE / 9007199254740992 END AS x${twoDigits(index)}`
  })
  await connection.run(`COPY (SELECT ${values.join(', ')} FROM range(${rows}) AS r(i)) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  return path
}

interface ColumnMaker {
  readonly name: string
  readonly type: 'DOUBLE' | 'INTEGER'
  readonly next: () => number
}

function makersOf(columns: number, window: DriftTables['window']): readonly ColumnMaker[] {
  const categories = Math.floor(columns / 5)
  const stream = (name: string) => pcg32(window === 'reference' ? 1 : 2, name)
  const isMoved = window === 'current'
  const numbers = Array.from({ length: columns - categories }, (_, index): ColumnMaker => {
    const name = `n${twoDigits(index)}`
    const draw = NUMBERS[index % NUMBERS.length]!(stream(name), isMoved && index < 5 ? 0.2 : 0)
    return { name, type: 'DOUBLE', next: () => Math.round(draw() * 1e6) / 1e6 }
  })
  const texts = Array.from({ length: categories }, (_, index): ColumnMaker => {
    const name = `c${twoDigits(index)}`
    const exponent = isMoved && index < 2 ? 1.2 : 1
    return { name, type: 'INTEGER', next: zipf(stream(name), VALUES[index % VALUES.length]!, exponent) }
  })
  return [...numbers, ...texts]
}

const VALUES = [3, 5, 10, 50, 500] as const

const NUMBERS: readonly ((chance: Pcg32, shift: number) => () => number)[] = [
  (chance, shift) => normal(chance, shift, 1),
  (chance, shift) => {
    const log = normal(chance, shift, 0.75)
    return () => Math.exp(log())
  },
  (chance, shift) => () => -(1 + shift) * Math.log(1 - chance.uniform()),
  (chance, shift) => () => Math.floor(100 * (1 + shift) * chance.uniform()),
]

/** Box and Muller: two draws give two. */
function normal(chance: Pcg32, mean: number, deviation: number): () => number {
  let spare = Number.NaN
  return () => {
    const kept = spare
    spare = Number.NaN
    if (!Number.isNaN(kept)) return mean + deviation * kept
    const radius = Math.sqrt(-2 * Math.log(1 - chance.uniform()))
    const angle = 2 * Math.PI * chance.uniform()
    spare = radius * Math.sin(angle)
    return mean + deviation * radius * Math.cos(angle)
  }
}

/** Value k, from 0, with a share that falls as 1 / (k + 1)^exponent. */
function zipf(chance: Pcg32, count: number, exponent: number): () => number {
  const sums = Float64Array.from({ length: count }, (_, index) => (index + 1) ** -exponent)
  for (let index = 1; index < count; index++) sums[index]! += sums[index - 1]!
  const total = sums[count - 1]!
  return () => {
    const draw = chance.uniform() * total
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > draw) high = middle
      else low = middle + 1
    }
    return low
  }
}

async function fill(connection: DuckDBConnection, makers: readonly ColumnMaker[], rows: number): Promise<void> {
  const appender = await connection.createAppender('t')
  const chunk = DuckDBDataChunk.create(makers.map(({ type }) => (type === 'DOUBLE' ? DOUBLE : INTEGER)))
  for (let done = 0; done < rows; done += 2048) {
    chunk.reset()
    chunk.rowCount = Math.min(2048, rows - done)
    for (const [index, { next }] of makers.entries()) {
      const vector = chunk.getColumnVector(index)
      for (let row = 0; row < vector.itemCount; row++) vector.setItem(row, next())
      vector.flush()
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

function twoDigits(index: number): string {
  return String(index).padStart(2, '0')
}
