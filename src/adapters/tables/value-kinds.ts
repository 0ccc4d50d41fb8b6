/** What the texts of one column look like: one bit for each kind that occurs. */
export const KIND = {
  whole: 1,
  decimal: 2,
  comma: 4,
  boolean: 8,
  time: 16,
  text: 64,
  large: 128,
  special: 256,
  nested: 512,
  /** Whole, and beyond what a double holds exactly. */
  long: 1024,
} as const

/** Kinds that a column of doubles may hold. */
export const NUMBERS = KIND.whole | KIND.long | KIND.large | KIND.decimal | KIND.special

const WHOLE = '[+-]?(0|[1-9][0-9]*)'
const SHORT = '[+-]?(0|[1-9][0-9]{0,14})'
const DECIMAL = '[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?'
const POWER = '[+-]?[0-9]+[eE][+-]?[0-9]+'
const SPECIAL = '[+-]?(nan|NaN|NAN|inf|Inf|INF|infinity|Infinity|INFINITY)'
const COMMA = '[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?'
const TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?'

/**
 * SQL that gives the kind bit of one text. `007` is text: leading zeros are part of a code. So is `1e400`: no double
 * holds it, and it is not infinite.
 * @param text  SQL of a VARCHAR; written several times, so a plain name
 */
export function kindSql(text: string): string {
  const is = (pattern: string) => `regexp_full_match(${text}, '${pattern}')`
  const unlessTooLarge = (kind: number, point = text) =>
    `CASE WHEN ${isTooLargeSql(point)} THEN ${KIND.text} ELSE ${kind} END`
  return `CASE WHEN ${text} IS NULL THEN 0
    WHEN NOT regexp_matches(${text}, '^[-+.0-9nNiItTfF]') THEN ${KIND.text}
    WHEN ${is(WHOLE)} THEN CASE WHEN length(${text}) <= 15 OR abs(TRY_CAST(${text} AS HUGEINT)) <= 9007199254740992 THEN ${KIND.whole}
      WHEN TRY_CAST(${text} AS BIGINT) IS NOT NULL THEN ${KIND.long}
      WHEN TRY_CAST(${text} AS HUGEINT) IS NOT NULL THEN ${KIND.large} ELSE ${unlessTooLarge(KIND.special)} END
    WHEN ${is(DECIMAL)} THEN ${unlessTooLarge(KIND.decimal)}
    WHEN ${is(COMMA)} THEN ${unlessTooLarge(KIND.comma, `replace(${text}, ',', '.')`)}
    WHEN ${is(POWER)} THEN ${unlessTooLarge(KIND.special)}
    WHEN ${is(SPECIAL)} THEN ${KIND.special}
    WHEN lower(${text}) IN ('true', 'false') THEN ${KIND.boolean}
    WHEN ${is(TIME)} AND TRY_CAST(${text} AS TIMESTAMP WITH TIME ZONE) IS NOT NULL THEN ${KIND.time}
    ELSE ${KIND.text} END`
}

/** SQL whether the number that a text spells becomes infinite as a double. */
function isTooLargeSql(text: string): string {
  return `isinf(coalesce(TRY_CAST(${text} AS DOUBLE), 0))`
}

/** SQL of the number that a text spells, null when it spells none; `1_000` and `1e400` are none. */
export function spelledNumberSql(text: string): string {
  const number = ' *[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)? *'
  return `CASE WHEN regexp_full_match(${text}, '${number}') THEN CASE WHEN ${isTooLargeSql(text)} THEN NULL ELSE TRY_CAST(${text} AS DOUBLE) END
    WHEN regexp_full_match(${text}, '${SPECIAL}') THEN TRY_CAST(${text} AS DOUBLE) END`
}

// with fewer than a hundred digits before it, such an exponent can't make a double infinite
const EXPONENT = '[eE]([+]?[0-9]{1,2}|-[0-9]{1,3})'

const PATTERNS: Readonly<Partial<Record<number, string>>> = {
  [KIND.whole]: SHORT,
  [KIND.long]: WHOLE,
  [KIND.large]: WHOLE,
  [KIND.decimal]: `[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+)(${EXPONENT})?`,
  [KIND.comma]: `[+-]?[0-9]+,[0-9]+(${EXPONENT})?`,
  [KIND.special]: `[+-]?[0-9]+${EXPONENT}|${SPECIAL}`,
  [KIND.boolean]: '(?i:true|false)',
  [KIND.time]: TIME,
}

/**
 * SQL whether a text is surely of one of some kinds, faster than finding its kind: one pattern looks at it once.
 *
 * Whole numbers and times pass by their form; that they fit their type is left to the cast, which fails loudly. Very
 * long and very large numbers are not sure.
 */
export function isOfKindsSql(text: string, kinds: number): string {
  const patterns = Object.values(KIND).flatMap((kind) => ((kinds & kind) === 0 ? [] : (PATTERNS[kind] ?? [])))
  if (patterns.length === 0) return 'false'
  return `(strlen(${text}) < 100 AND regexp_full_match(${text}, '${[...new Set(patterns)].join('|')}'))`
}

export interface Decision {
  /** DuckDB's type word; NULL for a column without a value. */
  readonly stored: string
  /** SQL of the typed value, from SQL of the text. */
  readonly cast: (text: string) => string
}

const AS_TEXT: Decision = { stored: 'VARCHAR', cast: (text) => text }

/** The type that holds every value of a column, from the kinds that occur in it. */
export function decide(kinds: number, decimalComma: boolean): Decision {
  const only = (...allowed: readonly number[]) => (kinds & ~allowed.reduce((all, kind) => all | kind, 0)) === 0
  if (kinds === 0) return { stored: 'NULL', cast: (text) => text }
  if ((kinds & KIND.nested) !== 0) return { ...AS_TEXT, stored: 'JSON' }
  if (only(KIND.boolean)) return { stored: 'BOOLEAN', cast: (text) => `(lower(${text}) = 'true')` }
  if (only(KIND.time))
    return { stored: 'TIMESTAMP WITH TIME ZONE', cast: (text) => `CAST(${text} AS TIMESTAMP WITH TIME ZONE)` }
  if (only(KIND.whole, KIND.long)) return castTo('BIGINT')
  if (only(KIND.whole, KIND.long, KIND.large)) return castTo('HUGEINT')
  if (only(NUMBERS)) return castTo('DOUBLE')
  const isComma = decimalComma && only(KIND.whole, KIND.long, KIND.large, KIND.comma, KIND.special)
  return isComma ? { stored: 'DOUBLE', cast: (text) => `CAST(replace(${text}, ',', '.') AS DOUBLE)` } : AS_TEXT
}

function castTo(stored: string): Decision {
  return { stored, cast: (text) => `CAST(${text} AS ${stored})` }
}
