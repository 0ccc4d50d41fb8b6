import { CORE_SCHEMA, YAML11_SCHEMA } from 'js-yaml'

/** What a plain scalar means to every reader; the text itself where readers differ or a number would lose digits. */
export function plainValue(text: string): null | boolean | number | string {
  const [here, there] = [CORE_SCHEMA, YAML11_SCHEMA].map((schema) => schema.resolveImplicitScalarTag(text).value)
  if (here === null && there === null) return null
  if (typeof here === 'boolean' && here === there) return here
  if (typeof here !== 'number' || here !== there || !Number.isFinite(here)) return text
  return Number.isInteger(here) && !Number.isSafeInteger(here) ? text : here
}

/**
 * Whether every reader takes a plain scalar for text; if not, what some take it for.
 *
 * @returns null when it is text everywhere
 */
export function notText(text: string): string | null {
  if (text === '') return 'nothing'
  const meanings = [CORE_SCHEMA, YAML11_SCHEMA].map((schema) => schema.resolveImplicitScalarTag(text).value)
  if (/^[yn]$/i.test(text)) return 'a truth value'
  const odd = meanings.find((meaning) => typeof meaning !== 'string')
  if (odd === undefined) return null
  if (meanings.every((meaning) => typeof meaning === 'number') && meanings[0] !== meanings[1]) {
    return meanings.map((meaning, index) => `${meaning} for YAML 1.${2 - index}`).join(' and ')
  }
  if (typeof odd === 'number') return `the number ${odd}`
  return typeof odd === 'boolean' ? 'a truth value' : odd === null ? 'nothing' : 'a date'
}
