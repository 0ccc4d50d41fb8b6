import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import { type TableColumn, textSql } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'

/** The distinct texts of a column as a type of the engine, whose codes arrive as integers: no string crosses twice. */
export interface Dictionary {
  readonly values: readonly string[]
  /** SQL of the code, -1 for null. */
  readonly sql: string
  drop(): Promise<void>
}

let dictionaries = 0

export async function dictionaryOf(engine: Engine, table: OpenedTable, column: TableColumn): Promise<Dictionary> {
  const name = `d${dictionaries++}`
  const drop = async () => {
    await engine.rows(`DROP TYPE IF EXISTS ${name}`)
    await engine.rows(`DROP TABLE IF EXISTS ${name}_values`)
  }
  const distinct = `SELECT DISTINCT ${textSql(column)} AS x FROM ${table.from} WHERE ${quoteIdentifier(column.as)} IS NOT NULL`
  try {
    await engine.rows(`CREATE TEMP TABLE ${name}_values AS ${distinct}`, table.parameters)
    await engine.rows(`CREATE TYPE ${name} AS ENUM (SELECT x FROM ${name}_values)`)
    const values = (await engine.rows(`SELECT unnest(enum_range(NULL::${name}))`)).map(([value]) => String(value))
    const sql =
      values.length === 0
        ? 'CAST(-1 AS INTEGER)'
        : `CAST(coalesce(enum_code(CAST(${textSql(column)} AS ${name})), -1) AS INTEGER)`
    return { values, sql, drop }
  } catch (error) {
    await drop()
    throw error
  }
}

/** The same codes with the values in the order in which they first appear in the rows. */
export function inOrderOfAppearance(codes: Int32Array, values: readonly string[]) {
  const order = new Int32Array(values.length).fill(-1)
  const appeared: string[] = []
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1
    if (code < 0) continue
    if (order[code] === -1) order[code] = appeared.push(values[code] ?? '') - 1
    codes[row] = order[code] ?? -1
  }
  return { codes, values: appeared }
}
