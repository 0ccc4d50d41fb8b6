import { z } from 'zod'
import { MOST_CATEGORIES } from './category-counts.ts'
import { WITHHELD_REASONS } from './column-profile.ts'
import { MOST_EDGES } from './edge-counts.ts'

const count = z.int().nonnegative()
const number = z.number().nullable()
const name = z.string().max(1000)
/** The longest sum of squares that there is has 1,200 digits. */
const exact = z.string().max(1300)

const distinct = z.strictObject({
  value: count,
  error: z.number(),
  registers: z.string().max(4096).nullable(),
})

export const numberColumn = z.strictObject({
  column: name,
  type: z.enum(['number', 'time']),
  missing: count,
  nan: count,
  infinite: z.strictObject({ negative: count, positive: count }),
  min: number,
  max: number,
  mean: number,
  sd: number,
  whole: z.boolean(),
  quantiles: z.record(z.string().max(3), number),
  quantile_error: z.strictObject({ relative: z.number(), rank: z.number() }),
  distinct,
  histogram: z
    .strictObject({
      edges: z.array(z.number()).max(MOST_EDGES),
      counts: z.array(count).max(MOST_EDGES + 1),
    })
    .nullable(),
  sum: exact,
  sum_of_squares: exact,
  sketch: z.strictObject({ exact: z.boolean(), bits: z.int(), buckets: z.string().max(110_000) }),
})
export type NumberColumn = z.infer<typeof numberColumn>

export const categoryColumn = z.strictObject({
  column: name,
  type: z.enum(['category', 'boolean']),
  missing: count,
  distinct,
  values: z.array(z.strictObject({ value: z.string().max(200), rows: count.positive() })).max(MOST_CATEGORIES),
  others: count,
  shortfall: count,
})
export type CategoryColumn = z.infer<typeof categoryColumn>

export const withheldColumn = z.strictObject({
  column: name,
  type: z.enum(['number', 'time', 'category', 'boolean', 'nested']),
  withheld: z.enum(WITHHELD_REASONS),
  missing: count,
})
export type WithheldColumn = z.infer<typeof withheldColumn>

/** The document but for its columns, of which each has its own kind. */
export const profileShape = z.strictObject({
  schema: z.string(),
  engine: z.string().max(200),
  rows: count,
  columns: z.array(z.unknown()).max(2000),
  warnings: z.array(z.strictObject({ code: z.string(), column: z.string().optional(), message: z.string() })).max(4000),
})
