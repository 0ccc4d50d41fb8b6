import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { columnType } from './column-sql.ts'
import type { Engine, Parameter } from './engine.ts'
import { mustHaveRows, type OpenedTable } from './opened-table.ts'
import { alsoAllowed, type Kinds, kindsOf, type TextRows } from './text-rows.ts'
import { looksMixed, typeWarnings } from './type-warnings.ts'
import { type Decision, decide, KIND, NUMBERS } from './value-kinds.ts'

const SAMPLE_ROWS = 20_000

/**
 * Finds the type of every column by looking at every value, and writes the typed rows to scratch as Parquet, from where
 * single columns are read fast and in little memory.
 *
 * Most tables end as they begin. So the first rows say what the types will be, and one pass holds every value to it
 * while it is written; only where a value is of another kind are all of them looked at first.
 */
export async function typedTable(engine: Engine, text: TextRows): Promise<OpenedTable> {
  const sample = await kindsOf(engine, text, `(SELECT * FROM ${text.from} LIMIT ${SAMPLE_ROWS})`)
  mustHaveRows(sample.rows, text.called)
  if (sample.rows < SAMPLE_ROWS) return written(engine, text, sample, null)
  try {
    return await written(engine, text, sample, sample.kinds.map(alsoAllowed))
  } catch (error) {
    if (!/Conversion Error/.test((error as Error).message) && !(error as Error).message.includes(SURPRISE)) throw error
    return written(engine, text, await kindsOf(engine, text, text.from), null)
  }
}

const SURPRISE = 'a value of another kind'

let tables = 0

/** Writes the rows as the kinds say; where `allowed` is given, stops at a value that it does not hold. */
async function written(
  engine: Engine,
  text: TextRows,
  { kinds, bytesPerRow }: Kinds,
  allowed: readonly number[] | null,
): Promise<OpenedTable> {
  const hasPoint = kinds.some((kind) => isNumeric(kind) && (kind & KIND.decimal) !== 0)
  const decisions = kinds.map((kind) => decide(kind, text.decimalComma && !hasPoint))
  const picked = decisions.map((decision, index) => {
    const isFree = allowed === null || hasText(kinds[index] ?? 0)
    const value = isFree ? storedSql(decision, `v${index}`) : heldTo(text, decision, index, allowed[index] ?? 0)
    return `${value} AS c${index}`
  })
  const file = join(engine.limits.scratch, `table-${tables++}.parquet`)
  const drop = () => rm(file, { force: true })
  try {
    const select = `SELECT ${picked.join(', ')} FROM ${text.from}`
    const rows = await copyTo(engine, file, { select, parameters: text.parameters, bytesPerRow })
    const all = allowed === null ? kinds : await kindsOfTexts(engine, text, kinds, file)
    const from = `(SELECT ${decisions.map(readSql).join(', ')} FROM read_parquet(?))`
    return {
      called: text.called,
      from,
      parameters: [file],
      rows,
      ...described(text, decisions, all, text.decimalComma && hasPoint),
      drop,
    }
  } catch (error) {
    await drop()
    throw error
  }
}

function described(
  { names }: TextRows,
  decisions: readonly Decision[],
  kinds: readonly number[],
  isCommaBesidePoint: boolean,
): Pick<OpenedTable, 'columns' | 'warnings'> {
  return {
    columns: decisions.map(({ stored }, index) => ({
      name: names[index] ?? '',
      as: `c${index}`,
      stored,
      type: columnType(stored),
    })),
    warnings: decisions.flatMap(({ stored }, index) =>
      typeWarnings(kinds[index] ?? 0, { column: names[index] ?? '', stored, isCommaBesidePoint }),
    ),
  }
}

/** SQL of the typed value that stops the pass at a value of another kind. */
function heldTo(text: TextRows, decision: Decision, index: number, allowed: number): string {
  const value = storedSql(decision, `v${index}`)
  const isHeld = text.isOfKinds(index, allowed)
  return `CASE WHEN v${index} IS NULL THEN NULL WHEN ${isHeld} THEN ${value} ELSE error('${SURPRISE}') END`
}

function hasText(kinds: number): boolean {
  return (kinds & KIND.text) !== 0
}

function isNumeric(kinds: number): boolean {
  return kinds !== 0 && (kinds & ~NUMBERS) === 0
}

/** Parquet has no integers of 128 bits: DuckDB would write doubles. They travel as text. */
function storedSql({ stored, cast }: Decision, text: string): string {
  return stored === 'HUGEINT' ? `CAST(${cast(text)} AS VARCHAR)` : cast(text)
}

function readSql({ stored }: Decision, index: number): string {
  return stored === 'HUGEINT' ? `CAST(c${index} AS HUGEINT) AS c${index}` : `c${index}`
}

const ROW_GROUP_BYTES = 32_000_000

async function copyTo(
  engine: Engine,
  file: string,
  rows: { readonly select: string; readonly parameters: readonly Parameter[]; readonly bytesPerRow: number },
): Promise<number> {
  const fitting = Math.floor(ROW_GROUP_BYTES / rows.bytesPerRow / 2048) * 2048
  const rowGroup = Math.max(2048, Math.min(fitting, 122_880))
  const to = `'${file.replaceAll("'", "''")}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroup})`
  await mkdir(engine.limits.scratch, { recursive: true })
  const [copied] = await engine.rows(`COPY (${rows.select}) TO ${to}`, rows.parameters)
  return Number(copied?.[0])
}

/** Text columns were written unchecked: whether they hold numbers beside text is found in what was written. */
async function kindsOfTexts(
  engine: Engine,
  text: TextRows,
  kinds: readonly number[],
  file: string,
): Promise<readonly number[]> {
  const open = kinds.flatMap((kind, index) => (hasText(kind) && !looksMixed(kind) ? [index] : []))
  if (open.length === 0) return kinds
  const { kindOfStored } = text
  const sqlOf = kindOfStored === undefined ? text.kind : (index: number) => kindOfStored(`c${index}`)
  const bits = open.map((index) => `coalesce(bit_or(CAST(${sqlOf(index)} AS INTEGER)), 0)`).join(', ')
  const [from, parameters] = kindOfStored === undefined ? [text.from, text.parameters] : ['read_parquet(?)', [file]]
  const [found] = await engine.rows(`SELECT ${bits} FROM ${from}`, parameters)
  return kinds.map((kind, index) => kind | Number(found?.[open.indexOf(index)] ?? 0))
}
