import type { ExpressionMistake } from './expression.ts'

/** A word of the text; `end` is last and empty. */
export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly column: number }
  | { readonly kind: 'text'; readonly value: string; readonly column: number }
  | { readonly kind: 'name'; readonly value: string; readonly quoted: boolean; readonly column: number }
  | { readonly kind: 'sign'; readonly value: string; readonly column: number }
  | { readonly kind: 'end'; readonly value: ''; readonly column: number }

/** Thrown inside the parser only; `parseExpression` answers it as a value. */
export class NotAnExpression extends Error {
  readonly mistake: ExpressionMistake
  constructor(column: number, what: string, mend: string) {
    super(what)
    this.name = 'NotAnExpression'
    this.mistake = { column, what, mend }
  }
}

const SIGNS = [
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<',
  '>',
  '!',
  '+',
  '-',
  '*',
  '/',
  '%',
  '?',
  ':',
  '(',
  ')',
  '[',
  ']',
  '.',
  ',',
]
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '`': '`',
  '?': '?',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * Cuts an expression into words.
 * @throws {NotAnExpression} at the first character that begins no word
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (true) {
    at += /^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0
    if (at >= text.length) break
    const read = readToken(text, at)
    tokens.push(read.token)
    at = read.end
  }
  return [...tokens, { kind: 'end', value: '', column: text.length + 1 }]
}

function readToken(text: string, at: number): { readonly token: Token; readonly end: number } {
  const character = text[at] ?? ''
  if (character === '"' || character === "'") return readText(text, at)
  if (character === '`') return readQuotedName(text, at)
  if (/[0-9]/.test(character) || /^\.[0-9]/.test(text.slice(at, at + 2))) return readNumber(text, at)
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at))?.[0]
  if (name !== undefined) return readName(text, at, name)
  const sign = SIGNS.find((candidate) => text.startsWith(candidate, at))
  if (sign !== undefined) return { token: { kind: 'sign', value: sign, column: at + 1 }, end: at + sign.length }
  throw new NotAnExpression(at + 1, `unexpected ${printable(text, at)}`, mendCharacter(character))
}

function readName(text: string, at: number, name: string): { readonly token: Token; readonly end: number } {
  const next = text[at + name.length]
  if (/^([rR]?[bB]|[bB]?[rR])$/.test(name) && (next === '"' || next === "'")) {
    throw new NotAnExpression(
      at + 1,
      'raw strings and bytes are not part of this language',
      'Write a plain "string" with \\ escapes.',
    )
  }
  return { token: { kind: 'name', value: name, quoted: false, column: at + 1 }, end: at + name.length }
}

function readNumber(text: string, at: number): { readonly token: Token; readonly end: number } {
  const written = /^(\d+\.\d+|\.\d+|\d+)([eE][+-]?\d+)?/.exec(text.slice(at))?.[0] ?? ''
  const end = at + written.length
  const value = Number(written)
  if (/^[A-Za-z0-9_]/.test(text.slice(end)) || /^\.(?![A-Za-z_`])/.test(text.slice(end))) {
    throw new NotAnExpression(
      at + 1,
      `${/^[\w.]+/.exec(text.slice(at))?.[0]} is not a number`,
      'Write 42, 0.5 or 1e-3.',
    )
  }
  if (!Number.isFinite(value)) throw new NotAnExpression(at + 1, `${written} is too large`, 'Numbers go up to 1.7e308.')
  if (/^\d+$/.test(written) && !Number.isSafeInteger(value)) {
    throw new NotAnExpression(
      at + 1,
      `${written} is beyond 2^53 and would not be compared exactly`,
      'Write a smaller number.',
    )
  }
  return { token: { kind: 'number', value, column: at + 1 }, end }
}

function readQuotedName(text: string, at: number): { readonly token: Token; readonly end: number } {
  const close = text.indexOf('`', at + 1)
  if (close < 0) throw new NotAnExpression(at + 1, 'this name never ends', 'Close it with `.')
  if (close === at + 1) throw new NotAnExpression(at + 1, 'an empty name', 'Write the name between the two `.')
  return { token: { kind: 'name', value: text.slice(at + 1, close), quoted: true, column: at + 1 }, end: close + 1 }
}

function readText(text: string, at: number): { readonly token: Token; readonly end: number } {
  const quote = text[at] ?? ''
  let value = ''
  let next = at + 1
  while (text[next] !== quote) {
    const character = text[next]
    if (character === undefined || character === '\n' || character === '\r') {
      throw new NotAnExpression(at + 1, 'this string never ends', `Close it with ${quote}.`)
    }
    const piece = character === '\\' ? readEscape(text, next) : { value: character, end: next + 1 }
    value += piece.value
    next = piece.end
  }
  return { token: { kind: 'text', value, column: at + 1 }, end: next + 1 }
}

function readEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  const letter = text[at + 1] ?? ''
  if (Object.hasOwn(ESCAPES, letter)) return { value: ESCAPES[letter] ?? '', end: at + 2 }
  const digits = Object.hasOwn(HEX_DIGITS, letter) ? (HEX_DIGITS[letter] ?? 0) : 0
  const hex = text.slice(at + 2, at + 2 + digits)
  const code = digits > 0 && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : -1
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw new NotAnExpression(
      at + 1,
      `\\${letter} is no escape`,
      'Known are \\n \\r \\t \\\\ \\" \\\' \\xHH \\uHHHH \\UHHHHHHHH.',
    )
  }
  return { value: String.fromCodePoint(code), end: at + 2 + digits }
}

function printable(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return /^[\x20-\x7e]$/.test(character)
    ? `"${character}"`
    : `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function mendCharacter(character: string): string {
  if (character === '=') return 'Compare with ==.'
  if (character === '&') return 'Write &&.'
  if (character === '|') return 'Write ||.'
  if (character === ';') return 'One expression only.'
  return 'Names with other characters go between backticks: `hours-per-week`.'
}
