import { COMPARISONS, type Expression, type ExpressionMistake, type Path } from './expression.ts'
import { comparison, count, membership, type Operand, shown, unknownFunction, value } from './operands.ts'
import { NotAnExpression, type Token, tokensOf } from './tokens.ts'

const MAX_CHARACTERS = 2000
const MAX_NODES = 200
const MAX_DEPTH = 32

export type Parsed =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly mistake: ExpressionMistake }

/**
 * Reads one expression of the policy's language.
 *
 * CEL without macros, by recursive descent: at most 2,000 characters, 200 nodes and 32 levels. Nothing is looked up;
 * see `checkNames` and `toSql` for names and types.
 *
 * @returns the expression, or the first mistake with its 1-based column
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 * @example parseExpression('age < 25').ok // => true
 */
export function parseExpression(text: string): Parsed {
  try {
    if (text.length > MAX_CHARACTERS) throw tooLong(MAX_CHARACTERS + 1, `longer than ${MAX_CHARACTERS} characters`)
    if (!text.isWellFormed()) throw new NotAnExpression(1, 'half a surrogate pair', 'Save the file as UTF-8.')
    return { ok: true, expression: new Parser(tokensOf(text)).whole() }
  } catch (error) {
    if (error instanceof NotAnExpression) return { ok: false, mistake: error.mistake }
    throw error
  }
}

function tooLong(column: number, what: string): NotAnExpression {
  return new NotAnExpression(column, what, 'Split it into several rules.')
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #nodes = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    if (this.#peek().kind === 'end')
      throw new NotAnExpression(1, 'an empty expression', 'Write a condition such as age < 25.')
    const expression = this.#expression()
    const rest = this.#peek()
    if (rest.kind !== 'end')
      throw new NotAnExpression(
        rest.column,
        `unexpected ${shown(rest)} after the end`,
        'Join conditions with && or ||.',
      )
    return expression
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token
  }

  #take(): Token {
    const token = this.#peek()
    this.#at = Math.min(this.#at + 1, this.#tokens.length - 1)
    return token
  }

  #isSign(...signs: readonly string[]): boolean {
    const next = this.#peek()
    return next.kind === 'sign' && signs.includes(next.value)
  }

  #expect(sign: string): void {
    if (this.#isSign(sign)) this.#take()
    else
      throw new NotAnExpression(this.#peek().column, `expected ${sign}, found ${shown(this.#peek())}`, `Add ${sign}.`)
  }

  #node<Node extends { readonly column: number }>(node: Node): Node {
    this.#nodes += 1
    if (this.#nodes > MAX_NODES) throw tooLong(node.column, `more than ${MAX_NODES} parts`)
    return node
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw tooLong(this.#peek().column, `nested more than ${MAX_DEPTH} levels deep`)
    const result = read()
    this.#depth -= 1
    return result
  }

  #expression(): Expression {
    return this.#deeper(() => this.#choice())
  }

  #choice(): Expression {
    const condition = this.#or()
    if (!this.#isSign('?')) return condition
    const { column } = this.#take()
    const yes = this.#expression()
    this.#expect(':')
    const no = this.#expression()
    return this.#node({ kind: 'choice', condition, yes, no, column })
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#isSign('||')) {
      const { column } = this.#take()
      left = this.#node({ kind: 'logic', operator: '||', left, right: this.#and(), column })
    }
    return left
  }

  #and(): Expression {
    let left = this.#relation()
    while (this.#isSign('&&')) {
      const { column } = this.#take()
      left = this.#node({ kind: 'logic', operator: '&&', left, right: this.#relation(), column })
    }
    return left
  }

  #relation(): Expression {
    let left = this.#sum()
    while (this.#isSign(...COMPARISONS) || this.#isIn()) {
      const token = this.#take()
      const right = this.#sum()
      left = this.#node(token.value === 'in' ? membership(left, right, token.column) : comparison(left, token, right))
    }
    return value(left)
  }

  #isIn(): boolean {
    const next = this.#peek()
    return next.kind === 'name' && !next.quoted && next.value === 'in'
  }

  #sum(): Operand {
    let left = this.#product()
    while (this.#isSign('+', '-')) {
      const { value: sign, column } = this.#take()
      const operator = sign as '+' | '-'
      left = this.#node({ kind: 'arithmetic', operator, left: value(left), right: value(this.#product()), column })
    }
    return left
  }

  #product(): Operand {
    let left = this.#unary()
    while (this.#isSign('*', '/', '%')) {
      const { value: sign, column } = this.#take()
      const operator = sign as '*' | '/' | '%'
      left = this.#node({ kind: 'arithmetic', operator, left: value(left), right: value(this.#unary()), column })
    }
    return left
  }

  #unary(): Operand {
    if (!this.#isSign('!', '-')) return this.#member()
    const { value: sign, column } = this.#take()
    const of = value(this.#deeper(() => this.#unary()))
    return this.#node({ kind: sign === '!' ? 'not' : 'negate', of, column })
  }

  #member(): Operand {
    let of = this.#primary()
    while (this.#isSign('.', '[')) {
      const { value: sign, column } = this.#take()
      of = sign === '[' ? this.#index(of, column) : this.#field(value(of), column)
    }
    return of
  }

  #index(of: Operand, column: number): Path {
    const key = this.#take()
    const isPlain = key.kind === 'text' || (key.kind === 'number' && Number.isInteger(key.value))
    if (!isPlain)
      throw new NotAnExpression(key.column, 'an index that is not written out', 'Write a "string" or a whole number.')
    this.#expect(']')
    return this.#step(of, key.value, column)
  }

  #field(of: Expression, column: number): Expression {
    const name = this.#take()
    if (name.kind !== 'name')
      throw new NotAnExpression(
        name.column,
        `expected a name after the dot, found ${shown(name)}`,
        'Write a field such as model.task.',
      )
    if (this.#isSign('(')) return this.#method(of, name.value, name.column)
    return this.#step(of, name.value, column)
  }

  #step(of: Operand, key: string | number, column: number): Path {
    if (of.kind !== 'path')
      throw new NotAnExpression(column, 'only names have fields', 'Write a path such as model.labels["team"].')
    this.#node(of)
    return { ...of, keys: [...of.keys, key] }
  }

  #method(of: Expression, name: string, column: number): Expression {
    const parts = this.#arguments()
    if (name === 'size') {
      count(parts, 0, name, column)
      return this.#node({ kind: 'size', of, column })
    }
    if (name !== 'startsWith' && name !== 'endsWith' && name !== 'contains') throw unknownFunction(name, column)
    count(parts, 1, name, column)
    return this.#node({ kind: 'text-test', name, of, part: parts[0] as Expression, column })
  }

  #function(name: string, column: number): Expression {
    const parts = this.#arguments()
    if (name !== 'size' && name !== 'has') throw unknownFunction(name, column)
    count(parts, 1, name, column)
    const of = parts[0] as Expression
    if (name === 'size') return this.#node({ kind: 'size', of, column })
    if (of.kind !== 'path')
      throw new NotAnExpression(of.column, 'has() asks for a name', 'Write has(model.risk_class).')
    return this.#node({ kind: 'has', of, column })
  }

  #arguments(): readonly Expression[] {
    this.#expect('(')
    return this.#items(')')
  }

  #items(close: string): readonly Expression[] {
    const items: Expression[] = []
    while (!this.#isSign(close)) {
      if (items.length > 0) this.#expect(',')
      items.push(this.#expression())
    }
    this.#take()
    return items
  }

  #primary(): Operand {
    const token = this.#take()
    const { column } = token
    if (token.kind === 'number' || token.kind === 'text')
      return this.#node({ kind: 'literal', value: token.value, column })
    if (token.kind === 'name') return this.#word(token)
    if (token.kind === 'sign' && token.value === '(') return this.#group()
    if (token.kind === 'sign' && token.value === '[') return { kind: 'list', items: this.#items(']'), column }
    throw new NotAnExpression(
      column,
      `expected a value, found ${shown(token)}`,
      'Write a name, a number, a "string" or a list.',
    )
  }

  #group(): Expression {
    const inner = this.#expression()
    this.#expect(')')
    return inner
  }

  #word(token: Extract<Token, { kind: 'name' }>): Operand {
    const { value: name, column } = token
    if (token.quoted) return this.#node({ kind: 'path', root: name, keys: [], column })
    if (name === 'true' || name === 'false') return this.#node({ kind: 'literal', value: name === 'true', column })
    if (name === 'null') return { kind: 'null', column }
    if (name === 'in')
      throw new NotAnExpression(column, '"in" without a value before it', 'Write plan in ["basic", "pro"].')
    if (this.#isSign('(')) return this.#function(name, column)
    return this.#node({ kind: 'path', root: name, keys: [], column })
  }
}
