import type { EncodedColumn } from './encoded-columns.ts'
import type { Interval } from './estimate.ts'
import { principalComponents, reconstructionErrors } from './principal-components.ts'

export interface Reconstruction {
  /** Mean reconstruction error of the current rows, in standard deviations of the reference's columns. */
  readonly error: number | null
  /** The same of the reference's rows. */
  readonly reference: number | null
  /** Mean and three standard deviations of the errors of the reference's chunks, either way. */
  readonly limits: Interval | null
  readonly is_drifted: boolean | null
  readonly components: number
  readonly columns: number
  readonly chunks: { readonly count: number; readonly rows: number }
  readonly reason?: string
}

const VARIANCE_HELD = 0.65
const CHUNKS = 10
const MOST_CHUNKS = 100
const FEWEST_ROWS = 50
const REACH = 3

/**
 * Whether the current rows still lie where the reference's columns, taken together, say that rows lie.
 *
 * Principal components of the scaled reference to 0.65 of its variance; the error of a row is its distance from them. The mean
 * of the current rows is held against mean +- 3 sd of the reference's chunks. Chunks have the current window's length, if ten
 * of them fit: the mean of a short window moves more than that of a long one.
 *
 * @param columns  by what the reference taught; its rows in order of time, or in any order that means nothing
 * @returns nulls with the reason below 50 rows a window, or under two columns that vary
 * @see NannyML, Multivariate drift: data reconstruction with PCA
 */
export function reconstructionError(columns: readonly EncodedColumn[]): Reconstruction {
  const varying = columns.filter(({ reference }) => reference.some((value) => value !== reference[0]))
  const rows = [varying[0]?.reference.length ?? 0, varying[0]?.current.length ?? 0] as const
  if (varying.length < 2) return undecided('too_few_columns', varying.length)
  if (Math.min(...rows) < FEWEST_ROWS) return undecided('too_few_rows', varying.length)
  const model = principalComponents(
    varying.map((column) => column.reference),
    VARIANCE_HELD,
  )
  const errors = (side: 'reference' | 'current') =>
    reconstructionErrors(
      model,
      varying.map((column) => column[side]),
    )
  const before = errors('reference')
  const chunks = chunkMeans(before, rows[1])
  const { mean, sd } = spreadOf(chunks.means)
  const limits = [Math.max(0, mean - REACH * sd), mean + REACH * sd] as const
  const error = meanOf(errors('current'))
  return {
    error,
    reference: meanOf(before),
    limits,
    is_drifted: error < limits[0] || error > limits[1],
    components: model.components.length,
    columns: varying.length,
    chunks: { count: chunks.means.length, rows: chunks.rows },
  }
}

function undecided(reason: string, columns: number): Reconstruction {
  const nothing = { error: null, reference: null, limits: null, is_drifted: null, components: 0 }
  return { ...nothing, columns, chunks: { count: 0, rows: 0 }, reason }
}

/** Means of at least ten chunks of consecutive rows, each as long as the current window if they are long enough. */
function chunkMeans(errors: Float64Array, current: number): { readonly means: Float64Array; readonly rows: number } {
  const rows = Math.min(current, Math.floor(errors.length / CHUNKS))
  const count = Math.min(MOST_CHUNKS, Math.floor(errors.length / rows))
  const apart = errors.length / count
  const means = Float64Array.from({ length: count }, (_, chunk) => {
    const start = Math.floor(chunk * apart)
    return meanOf(errors.subarray(start, start + rows))
  })
  return { means, rows }
}

function spreadOf(means: Float64Array): { readonly mean: number; readonly sd: number } {
  const mean = meanOf(means)
  return { mean, sd: Math.sqrt(means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (means.length - 1)) }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
