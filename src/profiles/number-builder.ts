import { MOST_IN_CHUNK } from './bucket-store.ts'
import { type Chunk, chunkOf } from './chunk.ts'
import type { NumberProfile } from './column-profile.ts'
import { counted } from './edge-counts.ts'
import { exactSums } from './exact-sums.ts'
import { emptyRegisters, noteNumbers } from './hyperloglog.ts'
import { sketchBuilder } from './sketch-builder.ts'

export interface NumberBuilder {
  /**
   * @param values  numbers of the next rows; NaN and infinite ones are counted apart
   * @param nulls   1 where there is no value; may be left out
   */
  add(values: Float64Array, nulls?: Uint8Array): void
  profile(): NumberProfile
}

/** What is counted while numbers pass. */
interface Passed {
  rows: number
  nulls: number
  nan: number
  negative: number
  positive: number
  min: number
  max: number
  whole: boolean
}

/**
 * Profiles a column of numbers in one pass, with the same memory however many rows there are.
 *
 * @param column  its name
 * @param type    number, or time in milliseconds
 * @param edges   those of a reference to count on, rising
 * @example numberBuilder('age', 'number', null).profile().rows // => 0
 */
export function numberBuilder(column: string, type: 'number' | 'time', edges: readonly number[] | null): NumberBuilder {
  const passed = { rows: 0, nulls: 0, nan: 0, negative: 0, positive: 0, min: Infinity, max: -Infinity, whole: true }
  const room = chunkOf(new Float64Array(MOST_IN_CHUNK))
  const [sums, sketch] = [exactSums(), sketchBuilder()]
  const counts = edges === null ? null : new Float64Array(edges.length + 1)
  let registers: Uint8Array | null = null
  const addChunk = (chunk: Chunk) => {
    sums.add(chunk)
    const { left } = sketch.add(chunk)
    if (left !== undefined) {
      registers = emptyRegisters()
      for (let at = 0; at < left.length; at += MOST_IN_CHUNK)
        noteNumbers(registers, chunkOf(left.subarray(at, at + MOST_IN_CHUNK)))
    } else if (registers !== null) noteNumbers(registers, chunk)
    if (edges !== null && counts !== null) counted(edges, chunk.values.subarray(0, chunk.length), counts)
  }
  return {
    add(values, nulls) {
      for (let start = 0; start < values.length; start += MOST_IN_CHUNK) {
        const length = pass(values, nulls, start, room.values, passed)
        if (length > 0) addChunk({ ...room, length })
      }
    },
    profile: () => ({
      ...profileOf(column, type, passed),
      sums: sums.sums(),
      sketch: sketch.sketch(),
      registers: registers?.slice() ?? null,
      histogram: edges === null || counts === null ? null : { edges, counts: [...counts] },
    }),
  }
}

function profileOf(column: string, type: 'number' | 'time', passed: Passed) {
  const { rows, nulls, nan, negative, positive, min, max, whole } = passed
  return {
    kind: 'number' as const,
    column,
    type,
    rows,
    missing: nulls + nan,
    nan,
    infinite: { negative, positive },
    ends: min > max ? null : { min, max },
    whole,
  }
}

/** Copies the finite numbers of the next rows into `to`, and counts the others. */
function pass(
  values: Float64Array,
  nulls: Uint8Array | undefined,
  start: number,
  to: Float64Array,
  passed: Passed,
): number {
  const end = Math.min(values.length, start + MOST_IN_CHUNK)
  let { min, max, whole } = passed
  let length = 0
  for (let row = start; row < end; row++) {
    // -0 becomes 0
    const x = values[row]! + 0
    if (x - x !== 0) {
      noteStrange(x, nulls !== undefined && nulls[row] !== 0, passed)
      continue
    }
    if (nulls !== undefined && nulls[row] !== 0) {
      passed.nulls++
      continue
    }
    if (x < min) min = x
    if (x > max) max = x
    if (whole && x !== Math.floor(x)) whole = false
    to[length++] = x
  }
  passed.rows += end - start
  Object.assign(passed, { min, max, whole })
  return length
}

function noteStrange(x: number, isNull: boolean, passed: Passed): void {
  if (isNull) passed.nulls++
  else if (Number.isNaN(x)) passed.nan++
  else if (x < 0) passed.negative++
  else passed.positive++
}
