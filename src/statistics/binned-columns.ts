import type { DriftInput, WindowColumn } from './drift-column.ts'
import { quantileEdges } from './quantile-bins.ts'

/** Both windows of a column as small whole numbers: the reference's rows first, then the current ones. */
export interface BinnedColumn {
  readonly column: string
  readonly fine: Uint8Array
  readonly fineLevels: number
  /** The same in few levels, for tables of two columns. */
  readonly coarse: Uint8Array
  readonly coarseLevels: number
}

const FINE_QUANTILES = 16
const FINE_CATEGORIES = 30
export const COARSE_LEVELS = 8

/**
 * Cuts a column of both windows into levels, without a look at which window a row belongs to.
 *
 * Numbers are cut at the quantiles of both windows together (16 fine, 7 coarse bins), categories keep their most
 * frequent values and put the rest together; a missing value is a level of its own.
 *
 * @param input  both windows; a column to be read as numbers must hold numbers in both
 * @returns at most 32 fine and 8 coarse levels
 * @throws {RangeError} when a column that is to be read as numbers holds text
 */
export function binned(input: DriftInput): BinnedColumn {
  const { column, kind, reference, current } = input
  if (kind === 'category') return { column, ...categoryLevels([reference, current]) }
  if (!('nulls' in reference && 'nulls' in current)) throw new RangeError(`column ${column} holds text, not numbers`)
  const values = pooledNumbers([reference, current])
  const sorted = values.filter(Number.isFinite).sort()
  const fine = numberLevels(values, sorted, FINE_QUANTILES)
  const coarse = numberLevels(values, sorted, COARSE_LEVELS - 1)
  return { column, fine: fine.of, fineLevels: fine.levels, coarse: coarse.of, coarseLevels: coarse.levels }
}

type NumberColumn = Extract<WindowColumn, { readonly nulls: Uint8Array }>

/** One array of both windows; what is missing or not finite is NaN. */
function pooledNumbers(windows: readonly NumberColumn[]): Float64Array {
  const pooled = new Float64Array(windows.reduce((sum, window) => sum + window.values.length, 0))
  let place = 0
  for (const { values, nulls } of windows) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!
      pooled[place++] = nulls[row] === 0 && Number.isFinite(value) ? value : Number.NaN
    }
  }
  return pooled
}

function numberLevels(values: Float64Array, sorted: Float64Array, bins: number) {
  const edges = sorted.length === 0 ? [] : quantileEdges(sorted, bins)
  const missing = edges.length + 1
  const of = new Uint8Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    of[row] = Number.isNaN(value) ? missing : levelOf(value, edges)
  }
  return { of, levels: missing + 1 }
}

/** Right-closed, as in `countByBin`. */
function levelOf(value: number, edges: readonly number[]): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

function categoryLevels(windows: readonly WindowColumn[]) {
  const texts = windows.map(textsOf)
  const counts = new Map<string, number>()
  for (const { codes, values } of texts) {
    for (const code of codes) if (code >= 0) counts.set(values[code]!, (counts.get(values[code]!) ?? 0) + 1)
  }
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([value]) => value)
  const fine = rankLevels(texts, ranked, FINE_CATEGORIES)
  const coarse = rankLevels(texts, ranked, COARSE_LEVELS - 2)
  return { fine: fine.of, fineLevels: fine.levels, coarse: coarse.of, coarseLevels: coarse.levels }
}

interface Texts {
  readonly codes: Int32Array
  readonly values: readonly string[]
}

/** The most frequent values are levels 0, 1, ...; then all others; then missing. */
function rankLevels(texts: readonly Texts[], ranked: readonly string[], kept: number) {
  const shown = Math.min(ranked.length, kept)
  const levelOfText = new Map(ranked.map((value, rank) => [value, Math.min(rank, shown)]))
  const of = new Uint8Array(texts.reduce((sum, { codes }) => sum + codes.length, 0))
  let place = 0
  for (const { codes, values } of texts) {
    const levels = values.map((value) => levelOfText.get(value) ?? shown)
    for (const code of codes) of[place++] = code < 0 ? shown + 1 : levels[code]!
  }
  return { of, levels: shown + 2 }
}

function textsOf(column: WindowColumn): Texts {
  if ('codes' in column) return column
  const codeOf = new Map<number, number>()
  const codes = new Int32Array(column.values.length)
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row]!
    if (column.nulls[row] !== 0 || !Number.isFinite(value)) codes[row] = -1
    else {
      if (!codeOf.has(value)) codeOf.set(value, codeOf.size)
      codes[row] = codeOf.get(value)!
    }
  }
  return { codes, values: [...codeOf.keys()].map(String) }
}
