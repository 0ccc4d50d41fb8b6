import { type Columns, columnRows } from './column-codes.ts'

/**
 * Rows in an order that depends on what stands in them and on nothing else: not on the order of rows or columns.
 *
 * The first n of them are a sample that is the same on every machine. Rows that are equal in every column keep their
 * order, which cannot matter.
 *
 * @param columns  by name, one entry a row
 * @param seed     another seed, another order
 */
export function canonicalOrder(columns: Columns, seed: number): Int32Array {
  const rows = columnRows(columns)
  const high = new Uint32Array(rows)
  const low = new Uint32Array(rows)
  for (const [name, column] of columns) {
    const own = textHash(`${seed} ${name}`)
    const hashed = 'codes' in column ? codeHashes(column) : numberHashes(column)
    for (let row = 0; row < rows; row++) {
      high[row]! += mixed(hashed[row]! ^ own)
      low[row]! += mixed(Math.imul(hashed[row]!, 0x85ebca6b) ^ ~own)
    }
  }
  const keys = Float64Array.from(high, (value, row) => value * 2 ** 21 + (low[row]! >>> 11))
  return Int32Array.from(keys, (_, row) => row).sort((a, b) => keys[a]! - keys[b]! || a - b)
}

function codeHashes({ codes, values }: { readonly codes: Int32Array; readonly values: readonly string[] }): Int32Array {
  const hashes = values.map((text) => textHash(text))
  return codes.map((code) => hashes[code] ?? 0)
}

function numberHashes({ values, nulls }: { readonly values: Float64Array; readonly nulls: Uint8Array }): Int32Array {
  const bits = new Int32Array(2)
  const number = new Float64Array(bits.buffer)
  return Int32Array.from(values, (value, row) => {
    if (nulls[row] === 1 || Number.isNaN(value)) return 0
    number[0] = value + 0
    return mixed(bits[0]!) ^ Math.imul(bits[1]!, 0x9e3779b1)
  })
}

function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  return mixed(hash)
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x21f0aaad)
  const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97)
  return twice ^ (twice >>> 15)
}
