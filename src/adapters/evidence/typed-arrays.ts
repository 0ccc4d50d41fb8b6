/** Scores inside documents: base64 of little-endian bytes, the same on every machine, exact to the last bit. */

const FLOATS = '$float64'
const INTEGERS = '$int32'

/** Replaces typed arrays by `{$float64: base64}` and `{$int32: base64}`; every NaN becomes the one NaN. */
export function packed(value: unknown): unknown {
  if (value instanceof Float64Array)
    return { [FLOATS]: base64(value, 8, (view, at, number) => view.setFloat64(at, number, true)) }
  if (value instanceof Int32Array)
    return { [INTEGERS]: base64(value, 4, (view, at, number) => view.setInt32(at, number, true)) }
  if (Array.isArray(value)) return value.map(packed)
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, packed(inner)]))
}

/** The inverse of `packed`. */
export function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && typeof only?.[1] === 'string') {
    if (only[0] === FLOATS) return floats(only[1])
    if (only[0] === INTEGERS) return integers(only[1])
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, unpacked(inner)]))
}

function base64(
  values: Float64Array | Int32Array,
  width: number,
  write: (view: DataView, at: number, value: number) => void,
): string {
  const view = new DataView(new ArrayBuffer(values.length * width))
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    write(view, index * width, Number.isNaN(value) ? Number.NaN : value)
  }
  return Buffer.from(view.buffer).toString('base64')
}

function floats(text: string): Float64Array {
  const view = viewOf(text)
  return Float64Array.from({ length: view.byteLength >> 3 }, (_, index) => view.getFloat64(index * 8, true))
}

function integers(text: string): Int32Array {
  const view = viewOf(text)
  return Int32Array.from({ length: view.byteLength >> 2 }, (_, index) => view.getInt32(index * 4, true))
}

function viewOf(text: string): DataView {
  const bytes = Buffer.from(text, 'base64')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
