import type { Engine, Parameter } from './engine.ts'
import { KIND, NUMBERS } from './value-kinds.ts'

/** Rows of text that wait for their types; the columns are v0, v1 and on. */
export interface TextRows {
  readonly called: string
  readonly names: readonly string[]
  readonly from: string
  readonly parameters: readonly Parameter[]
  /** SQL of the kind bit of column i. */
  readonly kind: (index: number) => string
  /** SQL whether a value of column i is surely of one of some kinds. */
  readonly isOfKinds: (index: number, kinds: number) => string
  /** SQL of the kind bit of a text that was written, where the text alone tells it. */
  readonly kindOfStored?: (text: string) => string
  /** Whether a comma may be a decimal sign. */
  readonly decimalComma: boolean
}

/** Kinds of every column, and how large its rows are. */
export interface Kinds {
  readonly rows: number
  readonly kinds: readonly number[]
  readonly bytesPerRow: number
}

/** Looks at every value of some of the rows. */
export async function kindsOf(engine: Engine, text: TextRows, from: string): Promise<Kinds> {
  const bits = text.names.map((_, index) => `coalesce(bit_or(CAST(${text.kind(index)} AS INTEGER)), 0)`)
  const bytes = text.names.map((_, index) => `coalesce(sum(strlen(v${index})), 0)`).join(' + ')
  const [found] = await engine.rows(`SELECT count(*), ${bytes}, ${bits.join(', ')} FROM ${from}`, text.parameters)
  const [rows = 0, size = 0, ...kinds] = (found ?? []).map(Number)
  return { rows, kinds, bytesPerRow: size / Math.max(rows, 1) + 8 * kinds.length }
}

/** Kinds that would change nothing about a column: the type stays the same, and so do the warnings. */
export function alsoAllowed(kinds: number): number {
  const whole = KIND.whole | KIND.long
  if (kinds !== 0 && (kinds & ~whole) === 0) return whole
  const harmless = KIND.whole | KIND.decimal | KIND.special
  return (kinds & KIND.decimal) !== 0 && (kinds & ~NUMBERS) === 0 ? kinds | harmless : kinds
}
