import type { Configuration } from '../registry/configuration.ts'
import type { YamlValue } from './yaml-value.ts'

/** The store as far as manifests may name it. */
export type Store = Configuration['store']

/** Our mark, also as JSON pointers and Helm paths write it; not as part of a web address. */
const MARK = /(?<!\/\/)weighbridge\\?\.dev(\/|~1)/

/** A text that bears our mark, or null. */
export function markIn(text: string): string | null {
  return MARK.test(text) ? text : null
}

/** The part of a text that names something below `store.artifacts`, or null; the prefix alone names nothing. */
export function storeNameIn(text: string, store: Store): string | null {
  const prefix = store.artifacts.endsWith('/') ? store.artifacts : `${store.artifacts}/`
  for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
    const [name] = /^[^\s"'`,;)\]}]+/.exec(text.slice(at, at + 200)) ?? ['']
    if (name.length > prefix.length) return name
  }
  return null
}

/** The first key or text anywhere in a value for which `test` answers. */
export function findText(value: YamlValue, test: (text: string) => string | null): string | null {
  if (typeof value === 'string') return test(value)
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = (Array.isArray(value) ? null : test(key)) ?? findText(inner, test)
    if (found !== null) return found
  }
  return null
}
