/**
 * The engine's own memory behind a vector: one value at a time would take ten times as long. What is read here is not
 * in the engine's public types, so its shape is checked, and another one is refused.
 */
export interface VectorMemory<Items> {
  readonly items: Items
  /** One bit a row, lowest first, 1 for a value; null when every row has one. */
  readonly valid: Uint32Array | null
}

/** Of a DOUBLE vector. */
export function doublesOf(vector: unknown): VectorMemory<Float64Array> {
  const items = part(vector, 'items')
  if (!(items instanceof Float64Array)) throw otherShape()
  return { items, valid: validOf(vector) }
}

/** Of a UTINYINT vector. */
export function bytesOf(vector: unknown): Uint8Array {
  const items = part(vector, 'items')
  if (!(items instanceof Uint8Array)) throw otherShape()
  return items
}

/** Of a VARCHAR vector: four words a row, the length and then twelve bytes, or what points to more. */
export function textsOf(vector: unknown): VectorMemory<Int32Array> {
  const view = part(vector, 'dataView')
  if (!(view instanceof DataView)) throw otherShape()
  return { items: new Int32Array(view.buffer, view.byteOffset, view.byteLength >> 2), valid: validOf(vector) }
}

function validOf(vector: unknown): Uint32Array | null {
  const bits = part(part(vector, 'validity'), 'data')
  if (bits === null) return null
  if (!(bits instanceof BigUint64Array)) throw otherShape()
  return new Uint32Array(bits.buffer, bits.byteOffset, bits.length * 2)
}

/** Calls back for every row without a value. */
export function eachNull(valid: Uint32Array | null, rows: number, found: (row: number) => void): void {
  if (valid === null) return
  for (let word = 0; word * 32 < rows; word++) {
    const bits = valid[word] ?? 0
    if (bits === 0xffffffff) continue
    const end = Math.min(rows, (word + 1) * 32)
    for (let row = word * 32; row < end; row++) if (((bits >>> (row & 31)) & 1) === 0) found(row)
  }
}

function part(whole: unknown, name: string): unknown {
  if (typeof whole !== 'object' || whole === null || !(name in whole)) throw otherShape()
  return (whole as Readonly<Record<string, unknown>>)[name]
}

function otherShape(): TypeError {
  return new TypeError('the engine answered with another type than asked for')
}
