/** Deeper documents are refused: nothing of ours is, and recursion must end. */
const DEEPEST = 100

/**
 * One text for one value, whatever order its keys were written in: the form that digests and seals are made of.
 *
 * Keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript prints them. A key whose
 * value is undefined is left out. Anything without one JSON form is refused rather than guessed.
 *
 * @param value  null, booleans, finite numbers, strings, arrays and plain objects of these
 * @throws {TypeError} for NaN, infinite numbers, undefined in arrays, bigint, class instances, cycles
 * @see RFC 8785, JSON Canonicalization Scheme
 * @example canonicalJson({ b: 1, a: [true, null] }) // => '{"a":[true,null],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new TypeError(`canonical JSON: deeper than ${DEEPEST} levels`)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return writeNumber(value)
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`
  if (isPlainObject(value)) return writeObject(value, depth)
  throw new TypeError(`canonical JSON: ${typeof value === 'object' ? 'an instance of a class' : typeof value}`)
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`canonical JSON: ${value} has no JSON form`)
  return JSON.stringify(value)
}

function writeObject(value: Readonly<Record<string, unknown>>, depth: number): string {
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key], depth + 1)}`)
  return `{${members.join(',')}}`
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
