import { BadTable } from '../../adapters/tables/bad-table.ts'
import type { Column, ColumnInfo, TableSource, Tables } from '../../ports.ts'
import type { DriftSide, ReadColumn, ReadInput, RowBlocks } from '../../statistics/drift-column.ts'
import { type Examination, type Examined, examine } from '../../statistics/drift-examination.ts'
import { sortedInPlace } from '../../statistics/drift-windows.ts'
import { type DriftPair, type DriftPairs, typeChange } from './drift-pairs.ts'

export interface ColumnsAsk {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
  readonly pairs: DriftPairs
  readonly asked: Examination
  /** Rows of the reference that count, where not all do. */
  readonly kept?: Uint8Array | undefined
  /** Blocks of the rows that count. */
  readonly blocks?: RowBlocks | undefined
  readonly progress?: (done: number, of: number, column: string) => void
}

/**
 * Examines the columns of two tables one at a time: no more than three windows of a column are ever in memory.
 *
 * The reader is always one question ahead: it reads while this process sorts, so both cores are busy.
 */
export async function examineColumns(ask: ColumnsAsk): Promise<readonly Examined[]> {
  const { pairs } = ask.pairs
  const spare = new Float64Array(Math.max(ask.pairs.rows.reference, ask.pairs.rows.current))
  const examined: Examined[] = []
  let next = pairs[0] && started(read(ask, pairs[0], 'reference'))
  for (const [index, pair] of pairs.entries()) {
    ask.progress?.(index, pairs.length, pair.column)
    const reference = await next!
    const coming = started(read(ask, pair, 'current'))
    await questionSent()
    const sorted = prepared(ask, pair, reference, 'reference', spare)
    const current = await coming
    const following = pairs[index + 1]
    next = following && started(read(ask, following, 'reference'))
    await questionSent()
    examined.push(examine(inputOf(ask, pair, sorted, prepared(ask, pair, current, 'current', spare)), ask.asked))
  }
  return examined
}

/** An answer that nobody waits for yet: when it fails, whoever comes to wait hears of it. */
function started<Answer>(answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => undefined)
  return answer
}

/** A question leaves with the next turn of the loop; sorting first would keep the reader waiting for it. */
function questionSent(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function read(ask: ColumnsAsk, pair: DriftPair, side: DriftSide): Promise<Column> {
  const info = pair[side]
  if (info === undefined || becameNested(pair, side)) {
    return { type: 'category', codes: new Int32Array(ask.pairs.rows[side]).fill(-1), values: [] }
  }
  const source = ask[side]
  const columns = [info.name]
  const as = readAs(pair, info)
  const { columns: found } = await ask.tables.read(source, { columns, ...(as !== null && { [as]: columns }) })
  const column = found.get(info.name)
  if (column === undefined)
    throw new BadTable('columns', `${source.called} has no column ${info.name}`, 'Read it again.')
  return column
}

/** A flat column that is nested in one window cannot be read there; its type changed, and the others go on. */
function becameNested({ reference, current }: DriftPair, side: DriftSide): boolean {
  const [here, there] = side === 'reference' ? [reference, current] : [current, reference]
  return here?.type === 'nested' && there !== undefined && there.type !== 'nested'
}

function readAs({ kind }: DriftPair, { type }: ColumnInfo): 'asCategory' | 'asNumber' | null {
  if (kind === 'category') return 'asCategory'
  return type === 'boolean' ? 'asNumber' : null
}

/** Sorted at once where nothing asks for the order of the rows any more. */
function prepared(ask: ColumnsAsk, pair: DriftPair, column: Column, side: DriftSide, spare: Float64Array): ReadColumn {
  const kept = side === 'reference' && ask.kept !== undefined ? onlyKept(column, ask.kept) : column
  const inOrder = pair.kind === 'category' || (side === 'reference' && ask.blocks !== undefined)
  return inOrder ? kept : sortedInPlace(kept, spare)
}

function onlyKept(column: Column, kept: Uint8Array): Column {
  if ('codes' in column) return { ...column, codes: column.codes.filter((_, row) => kept[row] === 1) }
  return {
    type: column.type,
    values: column.values.filter((_, row) => kept[row] === 1),
    nulls: column.nulls.filter((_, row) => kept[row] === 1),
  }
}

function inputOf(ask: ColumnsAsk, pair: DriftPair, reference: ReadColumn, current: ReadColumn): ReadInput {
  const change = typeChange(pair)
  const absent = pair.reference === undefined ? 'reference' : pair.current === undefined ? 'current' : undefined
  return {
    column: pair.column,
    kind: pair.kind,
    reference,
    current,
    ...(change !== undefined && { typeChanged: change }),
    ...(absent !== undefined && { absent }),
    ...(ask.blocks !== undefined && { blocks: ask.blocks }),
  }
}
