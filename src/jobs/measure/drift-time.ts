import { BadTable } from '../../adapters/tables/bad-table.ts'
import { blocksOfTime, type PeriodTerms, seasonRows, type Times } from '../../measuring/drift-periods.ts'
import type { TableShape, TableSource, Tables } from '../../ports.ts'
import { FEWEST_BLOCKS } from '../../statistics/drift-blocks.ts'
import type { RowBlocks } from '../../statistics/drift-column.ts'

/** What time makes of two tables: which rows of the reference count, and in which window each lies. */
export interface Periods {
  readonly kept?: Uint8Array
  readonly blocks?: RowBlocks
  readonly warnings: TableShape['warnings']
}

export interface PeriodsAsk {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
  readonly terms: PeriodTerms
}

/** Reads the time column of both windows and forgets it again. */
export async function periodsOf({ tables, reference, current, terms }: PeriodsAsk): Promise<Periods> {
  const before = await timesOf(tables, reference, terms.time)
  const warnings: { code: string; column: string; message: string }[] = []
  const say = (code: string, message: string) => warnings.push({ code, column: terms.time, message })
  const kept =
    terms.season === 'none' ? null : seasonRows(before, await timesOf(tables, current, terms.time), terms.season)
  if (terms.season !== 'none' && kept === null) {
    say(
      'no-season',
      `the reference holds no rows of the same ${terms.season === 'week' ? 'weekdays' : 'days a year before'}: all of it is compared`,
    )
  }
  const blocks =
    terms.calibrate === 'rows' ? null : blocksOfTime(kept === null ? before : only(before, kept), terms.windowMs)
  const enough = blocks !== null && blocks.count >= FEWEST_BLOCKS
  if (blocks !== null && !enough) {
    say(
      'few-windows',
      `the reference holds ${blocks.count} full windows, ${FEWEST_BLOCKS} are needed: thresholds allow for chance by rows alone`,
    )
  }
  return { warnings, ...(kept !== null && { kept }), ...(enough && { blocks }) }
}

async function timesOf(tables: Tables, source: TableSource, column: string): Promise<Times> {
  const { columns } = await tables.read(source, { columns: [column] })
  const found = columns.get(column)
  if (found !== undefined && 'nulls' in found && found.type === 'time') return found
  const mend = 'Name a column of dates, or of dates with times as ISO 8601 writes them.'
  throw new BadTable('types', `${source.called}: column ${column} holds no times`, mend)
}

function only({ values, nulls }: Times, kept: Uint8Array): Times {
  return {
    values: values.filter((_, row) => kept[row] === 1),
    nulls: nulls.filter((_, row) => kept[row] === 1),
  }
}
