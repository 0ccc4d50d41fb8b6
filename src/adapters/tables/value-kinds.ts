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
} as const

const WHOLE = '[+-]?(0|[1-9][0-9]*)'
const DECIMAL = '[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?'
const POWER = '[+-]?[0-9]+[eE][+-]?[0-9]+'
const SPECIAL = '[+-]?(nan|NaN|NAN|inf|Inf|INF|infinity|Infinity|INFINITY)'
const COMMA = '[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?'
const TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?'

/**
 * SQL that gives the kind bit of one text. `007` is text: leading zeros are part of a code.
 * @param text  SQL of a VARCHAR; written several times, so a plain name
 */
export function kindSql(text: string): string {
  const is = (pattern: string) => `regexp_full_match(${text}, '${pattern}')`
  return `CASE WHEN ${text} IS NULL THEN 0
    WHEN NOT regexp_matches(${text}, '^[-+.0-9nNiItTfF]') THEN ${KIND.text}
    WHEN ${is(WHOLE)} THEN CASE WHEN length(${text}) <= 18 OR TRY_CAST(${text} AS BIGINT) IS NOT NULL THEN ${KIND.whole}
      WHEN TRY_CAST(${text} AS HUGEINT) IS NOT NULL THEN ${KIND.large} ELSE ${KIND.special} END
    WHEN ${is(DECIMAL)} THEN ${KIND.decimal}
    WHEN ${is(COMMA)} THEN ${KIND.comma}
    WHEN ${is(POWER)} OR ${is(SPECIAL)} THEN ${KIND.special}
    WHEN lower(${text}) IN ('true', 'false') THEN ${KIND.boolean}
    WHEN ${is(TIME)} AND TRY_CAST(${text} AS TIMESTAMP WITH TIME ZONE) IS NOT NULL THEN ${KIND.time}
    ELSE ${KIND.text} END`
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
  if (only(KIND.whole)) return castTo('BIGINT')
  if (only(KIND.whole, KIND.large)) return castTo('HUGEINT')
  if (only(KIND.whole, KIND.large, KIND.decimal, KIND.special)) return castTo('DOUBLE')
  const isComma = decimalComma && only(KIND.whole, KIND.large, KIND.comma, KIND.special)
  return isComma ? { stored: 'DOUBLE', cast: (text) => `CAST(replace(${text}, ',', '.') AS DOUBLE)` } : AS_TEXT
}

function castTo(stored: string): Decision {
  return { stored, cast: (text) => `CAST(${text} AS ${stored})` }
}
