import type { Expression, ExpressionMistake, Path, Suggest } from './expression.ts'
import { mendName, pathText } from './expression.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/** A column that an expression may name. `as` is its name in the query when that differs. */
export interface SqlColumn {
  readonly name: string
  readonly type: 'number' | 'category' | 'boolean' | 'time' | 'nested'
  readonly as?: string
}

export type Compiled =
  | { readonly sql: string; readonly parameters: readonly (number | string)[] }
  | { readonly mistake: ExpressionMistake }

type SqlType = 'number' | 'text' | 'boolean'
interface Typed {
  readonly sql: string
  readonly type: SqlType
}

class NotSql extends Error {
  readonly mistake: ExpressionMistake
  constructor(column: number, what: string, mend: string) {
    super(what)
    this.name = 'NotSql'
    this.mistake = { column, what, mend }
  }
}

/**
 * An expression over a row as one condition of DuckDB's SQL.
 *
 * Values are bound with `?`, names are quoted identifiers of columns that exist, and nothing else of the text arrives in
 * the SQL. Says what `evaluate` says of each row; its undefined is SQL's null. Numbers are compared as doubles, times as
 * milliseconds since 1970 UTC. No operand is written twice, so the SQL grows with the expression and not faster.
 *
 * Bind numbers as DOUBLE and strings as VARCHAR: a driver that guesses takes 1e308 for an integer.
 *
 * @param columns  the table's columns; names are compared byte by byte
 * @returns SQL of type BOOLEAN with its parameters in order, or the first mistake in names or types
 * @example toSql(parseExpression('age < 25').expression, [{ name: 'age', type: 'number' }]).parameters // => [25]
 */
export function toSql(expression: Expression, columns: readonly SqlColumn[], suggest?: Suggest): Compiled {
  try {
    const writer = new Writer(columns, suggest)
    const { sql } = writer.typed(expression, 'boolean', 'a condition such as age < 25')
    return { sql, parameters: writer.parameters }
  } catch (error) {
    if (error instanceof NotSql) return { mistake: error.mistake }
    throw error
  }
}

class Writer {
  readonly parameters: (number | string)[] = []
  readonly #columns: readonly SqlColumn[]
  readonly #suggest: Suggest | undefined

  constructor(columns: readonly SqlColumn[], suggest: Suggest | undefined) {
    this.#columns = columns
    this.#suggest = suggest
  }

  typed(expression: Expression, type: SqlType, wanted: string): Typed {
    const written = this.#write(expression)
    if (written.type === type) return written
    throw new NotSql(expression.column, `${named(expression)} is ${withArticle(written.type)}`, `Write ${wanted} here.`)
  }

  #write(expression: Expression): Typed {
    switch (expression.kind) {
      case 'literal':
        return this.#literal(expression.value)
      case 'path':
        return this.#column(expression)
      case 'not':
        return { sql: `(NOT ${this.#boolean(expression.of)})`, type: 'boolean' }
      case 'negate':
        return { sql: `(- ${this.#number(expression.of)})`, type: 'number' }
      case 'logic':
        return this.#logic(expression)
      case 'compare':
        return this.#compare(expression)
      case 'arithmetic':
        return this.#arithmetic(expression)
      case 'is-null':
        return { sql: `(${this.#raw(expression.of)} IS ${expression.isNull ? '' : 'NOT '}NULL)`, type: 'boolean' }
      case 'has':
        return { sql: `(${this.#raw(expression.of)} IS NOT NULL)`, type: 'boolean' }
      case 'in':
        return this.#in(expression)
      case 'choice':
        return this.#choice(expression)
      case 'text-test':
        return this.#textTest(expression)
      case 'size':
        return { sql: `CAST(length(${this.#text(expression.of)}) AS DOUBLE)`, type: 'number' }
    }
  }

  #boolean(expression: Expression): string {
    return this.typed(expression, 'boolean', 'a condition').sql
  }

  #number(expression: Expression): string {
    return this.typed(expression, 'number', 'a number').sql
  }

  #text(expression: Expression): string {
    return this.typed(expression, 'text', 'a text').sql
  }

  #literal(value: number | string | boolean): Typed {
    if (typeof value === 'boolean') return { sql: value ? 'TRUE' : 'FALSE', type: 'boolean' }
    this.parameters.push(value)
    return typeof value === 'number'
      ? { sql: 'CAST(? AS DOUBLE)', type: 'number' }
      : { sql: 'CAST(? AS VARCHAR)', type: 'text' }
  }

  #find(path: Path): SqlColumn {
    const column = this.#columns.find(({ name }) => name === path.root)
    const known = this.#columns.map(({ name }) => name)
    if (column === undefined)
      throw new NotSql(path.column, `there is no column ${path.root}`, mendName(path.root, known, this.#suggest))
    if (path.keys.length > 0)
      throw new NotSql(
        path.column,
        `a column has no fields, as in ${pathText(path)}`,
        `Write a column whose name holds a dot between backticks: \`${pathText(path)}\`.`,
      )
    return column
  }

  #raw(path: Path): string {
    const column = this.#find(path)
    return quoteIdentifier(column.as ?? column.name)
  }

  #column(path: Path): Typed {
    const { type } = this.#find(path)
    const raw = this.#raw(path)
    if (type === 'number')
      return { sql: `(CASE WHEN isnan(CAST(${raw} AS DOUBLE)) THEN NULL ELSE CAST(${raw} AS DOUBLE) END)`, type }
    if (type === 'time') return { sql: `CAST(epoch_ms(${raw}) AS DOUBLE)`, type: 'number' }
    if (type === 'boolean') return { sql: raw, type }
    if (type === 'category') return { sql: `CAST(${raw} AS VARCHAR)`, type: 'text' }
    throw new NotSql(path.column, `column ${path.root} is nested`, 'Only flat columns can be compared.')
  }

  #logic(expression: Extract<Expression, { kind: 'logic' }>): Typed {
    const left = this.#boolean(expression.left)
    const right = this.#boolean(expression.right)
    return { sql: `(${left} ${expression.operator === '&&' ? 'AND' : 'OR'} ${right})`, type: 'boolean' }
  }

  #compare(expression: Extract<Expression, { kind: 'compare' }>): Typed {
    const { operator } = expression
    const left = this.#write(expression.left)
    const right = this.#write(expression.right)
    const isEquality = operator === '==' || operator === '!='
    if (left.type !== right.type) throw pair(expression, left, right)
    if (!isEquality && left.type === 'boolean') throw pair(expression, left, right)
    const sign = operator === '==' ? '=' : operator === '!=' ? '<>' : operator
    return { sql: `(${left.sql} ${sign} ${right.sql})`, type: 'boolean' }
  }

  #arithmetic(expression: Extract<Expression, { kind: 'arithmetic' }>): Typed {
    const { operator } = expression
    const left = this.#write(expression.left)
    const right = this.#write(expression.right)
    if (operator === '+' && left.type === 'text' && right.type === 'text')
      return { sql: `(${left.sql} || ${right.sql})`, type: 'text' }
    if (left.type !== 'number' || right.type !== 'number') throw pair(expression, left, right)
    const sql = `(list_transform([${left.sql} ${operator} ${right.sql}], lambda n: CASE WHEN isfinite(n) THEN n END)[1])`
    return { sql, type: 'number' }
  }

  #in(expression: Extract<Expression, { kind: 'in' }>): Typed {
    const { list, column } = expression
    if ('kind' in list)
      throw new NotSql(column, `a table has no list ${pathText(list)}`, 'Write the list out: plan in ["basic", "pro"].')
    const of = this.#write(expression.of)
    const items = list.map((item) => this.typed(item, of.type, withArticle(of.type)).sql)
    return { sql: `(${of.sql} IN (${items.join(', ')}))`, type: 'boolean' }
  }

  #choice(expression: Extract<Expression, { kind: 'choice' }>): Typed {
    const no = this.#write(expression.no)
    const yes = this.typed(expression.yes, no.type, `${withArticle(no.type)}, as after the colon,`)
    const condition = this.#boolean(expression.condition)
    return { sql: `([${no.sql}, ${yes.sql}][1 + CAST(${condition} AS INTEGER)])`, type: no.type }
  }

  #textTest(expression: Extract<Expression, { kind: 'text-test' }>): Typed {
    const sql = { startsWith: 'starts_with', endsWith: 'ends_with', contains: 'contains' }[expression.name]
    const of = this.#text(expression.of)
    return { sql: `${sql}(${of}, ${this.#text(expression.part)})`, type: 'boolean' }
  }
}

function pair(expression: Extract<Expression, { kind: 'compare' | 'arithmetic' }>, left: Typed, right: Typed): NotSql {
  const what = `${named(expression.left)} is ${withArticle(left.type)}, ${named(expression.right)} is ${withArticle(right.type)}: ${expression.operator} does not go with them`
  const mend = left.type === right.type ? 'Use == or !=.' : 'Compare like with like.'
  return new NotSql(expression.column, what, mend)
}

function named(expression: Expression): string {
  if (expression.kind === 'path') return pathText(expression)
  if (expression.kind === 'literal') return JSON.stringify(expression.value)
  return 'this'
}

function withArticle(type: SqlType): string {
  return type === 'boolean' ? 'true or false' : `a ${type}`
}
