import { columnType, type TableColumn } from './column-sql.ts'
import type { Engine, Parameter } from './engine.ts'
import { mustHaveRows, type OpenedTable } from './opened-table.ts'
import { type Decision, decide, KIND } from './value-kinds.ts'

/** Rows of text that wait for their types; the columns are v0, v1 and on. */
export interface TextRows {
  readonly called: string
  readonly names: readonly string[]
  readonly from: string
  readonly parameters: readonly Parameter[]
  /** SQL of the kind bit of column i. */
  readonly kind: (index: number) => string
  /** Whether a comma may be a decimal sign. */
  readonly decimalComma: boolean
}

let tables = 0

/**
 * Finds the type of every column by looking at every value, then keeps the typed rows as a table of the engine, which
 * moves to the scratch folder what does not fit into memory.
 */
export async function typedTable(engine: Engine, text: TextRows): Promise<OpenedTable> {
  const bits = text.names.map((_, index) => `coalesce(bit_or(CAST(${text.kind(index)} AS INTEGER)), 0)`)
  const [found] = await engine.rows(`SELECT count(*), ${bits.join(', ')} FROM ${text.from}`, text.parameters)
  const [rows, ...kinds] = (found ?? []).map(Number)
  mustHaveRows(rows ?? 0, text.called)
  const isMixed = kinds.some((kind) => isNumeric(kind) && (kind & KIND.decimal) !== 0)
  const decisions = kinds.map((kind) => decide(kind, text.decimalComma && !isMixed))
  const from = `t${tables++}`
  const casts = decisions.map(({ cast }, index) => `${cast(`v${index}`)} AS c${index}`)
  await engine.rows(`CREATE TABLE ${from} AS SELECT ${casts.join(', ')} FROM ${text.from}`, text.parameters)
  const columns = decisions.map((decision, index) => columnOf(text.names[index] ?? '', index, decision))
  const warnings = kinds.flatMap((kind, index) => warningsOf(kind, text, index, isMixed, decisions[index]?.stored))
  return { called: text.called, from, parameters: [], rows: rows ?? 0, columns, warnings }
}

function columnOf(name: string, index: number, { stored }: Decision): TableColumn {
  return { name, as: `c${index}`, stored, type: columnType(stored) }
}

function isNumeric(kinds: number): boolean {
  const numbers = KIND.whole | KIND.decimal | KIND.large | KIND.special
  return kinds !== 0 && (kinds & ~numbers) === 0
}

function warningsOf(
  kinds: number,
  text: TextRows,
  index: number,
  isMixed: boolean,
  stored?: string,
): OpenedTable['warnings'] {
  const column = text.names[index] ?? ''
  if (isMixed && text.decimalComma && (kinds & KIND.comma) !== 0 && (kinds & KIND.text) === 0) {
    return [
      {
        code: 'decimal-comma',
        column,
        message: `${column} has decimal commas where another column has decimal points; it is read as text`,
      },
    ]
  }
  const others = kinds & ~(KIND.text | KIND.time | KIND.comma)
  if (stored !== 'VARCHAR' || others === 0) return []
  return [
    {
      code: 'mixed-types',
      column,
      message: `${column} holds numbers or true and false beside other text; it is read as text`,
    },
  ]
}
