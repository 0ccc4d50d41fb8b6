import type { Column, TableSource, Tables } from '../../ports.ts'
import { pcg32 } from '../../statistics/pcg32.ts'
import { takeFromColumn } from '../../statistics/settled-rows.ts'

/** Rows of a window that a look at all columns together takes. */
export const SAMPLED_ROWS = 20_000
/** Cells that one read may bring in; wide tables of many rows are read a few columns at a time. */
const CELLS_A_READ = 20_000_000

/**
 * Places of rows drawn without replacement, rising; null when all are taken.
 *
 * @param seed    the same draw for the same seed and number of rows
 * @param stream  name of the window
 */
export function sampledRows(rows: number, seed: number, stream: string, most = SAMPLED_ROWS): Uint32Array | null {
  if (rows <= most) return null
  const { uniform } = pcg32(seed, `sample of ${stream}`)
  const drawn = new Uint32Array(most)
  let kept = 0
  for (let row = 0; row < rows && kept < most; row++) {
    if (uniform() * (rows - row) < most - kept) drawn[kept++] = row
  }
  return drawn
}

/** Reads some columns of the sampled rows; never more than a few whole columns are in memory. */
export async function readSampled(ask: {
  readonly tables: Tables
  readonly source: TableSource
  readonly columns: readonly string[]
  readonly asCategory: readonly string[]
  /** Further columns, as they are stored. */
  readonly also?: readonly string[]
  readonly asNumber?: readonly string[]
  readonly rows: number
  readonly sample: Uint32Array | null
}): Promise<ReadonlyMap<string, Column>> {
  const names = [...ask.columns, ...(ask.also ?? [])]
  const width = Math.max(1, Math.floor(CELLS_A_READ / Math.max(1, ask.rows)))
  const found = new Map<string, Column>()
  for (let first = 0; first < names.length; first += width) {
    const columns = names.slice(first, first + width)
    const among = (some: readonly string[] = []) => some.filter((name) => columns.includes(name))
    const query = { columns, asCategory: among(ask.asCategory), asNumber: among(ask.asNumber) }
    for (const [name, column] of (await ask.tables.read(ask.source, query)).columns) {
      found.set(name, ask.sample === null ? column : takeFromColumn(column, ask.sample))
    }
  }
  return found
}
