import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { openTables } from '../../src/adapters/tables/tables.ts'
import type { TableSource } from '../../src/ports.ts'
import { writeDoubles, writeDriftTables } from './drift-tables.ts'
import { type Timing, timed } from './stopwatch.ts'

const MILLION = 1_000_000

/**
 * Reading at size: two windows of a million rows and 25 columns, one column of each at a time as drift reads them, from
 * CSV and from Parquet; and ten million rows of twenty doubles. Each by a fresh reader.
 */
export async function largeTables(folder: string, show: (timing: Timing) => void): Promise<void> {
  const windows = ['reference', 'current'] as const
  for (const window of windows) await writeDriftTables(folder, { rows: MILLION, window, formats: ['csv', 'parquet'] })
  for (const kind of ['csv', 'parquet'] as const) {
    const sources = windows.map((window) => sourceAt(`${folder}/${window}.${kind}`, kind))
    const memory = watchMemory()
    show(
      await timed(`two windows of 1,000,000 x 25 as ${kind}, column by column`, 1, () => readColumns(folder, sources)),
    )
    console.log(`  peak of reader and parent together: ${memory()} MB`)
  }
  const doubles = sourceAt(await writeDoubles(folder, 10 * MILLION, 20), 'parquet')
  const memory = watchMemory()
  show(await timed('10,000,000 x 20 doubles of Parquet, column by column', 1, () => readColumns(folder, [doubles])))
  console.log(`  peak of reader and parent together: ${memory()} MB`)
}

function sourceAt(path: string, format: TableSource['format']): TableSource {
  return { files: [{ path, digest: path, size_bytes: statSync(path).size }], format, called: basename(path) }
}

// one column at a time: all of them together may be more than the reader's memory
async function readColumns(folder: string, sources: readonly TableSource[]): Promise<void> {
  const tables = openTables({ folder, timeoutMs: 600_000 })
  for (const source of sources) {
    const { columns } = await tables.describe(source)
    for (const { name } of columns) await tables.read(source, { columns: [name] })
  }
  await tables.close()
}

/** The largest sum of resident memory of this process and its children since; 0 where /proc does not tell. */
function watchMemory(): () => number {
  let peakKb = 0
  const look = () => {
    peakKb = Math.max(
      peakKb,
      [process.pid, ...children()].reduce((sum, pid) => sum + residentKb(pid), 0),
    )
  }
  const timer = setInterval(look, 20)
  return () => {
    clearInterval(timer)
    return Math.round(peakKb / 1024)
  }
}

function children(): readonly number[] {
  const text = procText(`/proc/${process.pid}/task/${process.pid}/children`).trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(procText(`/proc/${pid}/status`))?.[1] ?? 0)
}

function procText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
