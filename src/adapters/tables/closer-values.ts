import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { ClosedColumn, CloserAsk } from '../../ports.ts'
import { numberSql, type TableColumn, textSql } from './column-sql.ts'
import type { Examined } from './examined.ts'
import type { OpenedTable } from './opened-table.ts'
import { notAmong, presentSql } from './quality-columns.ts'

/** Beyond this many rows quartiles are approximate (t-digest), so that no column has to fit into memory. */
const EXACT_ROWS = 5_000_000
const FENCE = 10
const MOST_DISTINCT = 100_000
const NAMED_ROWS = 10
const MOST_NAMED = 3
const SENTINELS: readonly number[] = [
  -999, -9999, -99999, -999999, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999,
]
const SENTINEL_ROWS = 3
const BLANKS: readonly string[] = ['', '?', '-', '--', '.', 'na', 'n/a', '#n/a', 'nan', 'null', 'nil', 'none']

const NOTHING: Omit<ClosedColumn, 'column'> = {
  outliers: null,
  infinite: 0,
  sentinels: [],
  numbers: 0,
  blanks: 0,
  variants: { values: 0, rows: 0, examples: [] },
  unseen: null,
}

/** The values of every column, each looked at by itself. */
export async function closedColumns(examined: Examined, closer: CloserAsk): Promise<readonly ClosedColumn[]> {
  const found: ClosedColumn[] = []
  for (const [at, column] of examined.table.columns.entries()) {
    const distinct = examined.counts[at]?.distinct ?? 0
    const seen =
      column.type === 'number'
        ? await numberFacts(examined, column, distinct)
        : column.type === 'category'
          ? await textFacts(examined, column, distinct, closer.named.includes(column.name))
          : NOTHING
    const unseen = await unseenFacts(examined, column, closer.named.includes(column.name))
    found.push({ ...seen, column: column.name, unseen })
  }
  return found
}

type Facts = Omit<ClosedColumn, 'column' | 'unseen'>

/** Outliers lie beyond ten interquartile ranges; a feature that is mostly one number has no such range. */
async function numberFacts({ engine, table }: Examined, column: TableColumn, distinct: number): Promise<Facts> {
  if (distinct < 3) return NOTHING
  const numbers = `SELECT ${numberSql(column)} AS x FROM ${table.from} WHERE ${presentSql(column)}`
  const quartiles = table.rows > EXACT_ROWS ? 'approx_quantile(x, [0.25, 0.75])' : 'quantile_cont(x, [0.25, 0.75])'
  const finite = '(WHERE isfinite(x))'
  const [found = []] = await engine.rows(
    `SELECT min(x) FILTER ${finite}, max(x) FILTER ${finite}, ${quartiles} FILTER ${finite}, count(*) FILTER (NOT isfinite(x)) FROM (${numbers})`,
    table.parameters,
  )
  const [low, high] = [Number(found[0]), Number(found[1])]
  const [first, third] = ((found[2] as readonly unknown[] | null) ?? []).map(Number)
  const range = first === undefined || third === undefined ? 0 : third - first
  const [under, over] = [(first ?? 0) - FENCE * range, (third ?? 0) + FENCE * range]
  const isTame = range > 0 && low >= under && high <= over
  const outliers =
    range > 0
      ? isTame
        ? 0
        : Number(
            (
              await engine.rows(`SELECT count(*) FROM (${numbers}) WHERE isfinite(x) AND (x < ? OR x > ?)`, [
                ...table.parameters,
                under,
                over,
              ])
            )[0]?.[0],
          )
      : null
  const ends = [low, high].filter((end) => SENTINELS.includes(end))
  const sentinels = []
  for (const value of ends) {
    const rows = await sentinelRows({ engine, table }, numbers, value, value === low, range)
    if (rows >= SENTINEL_ROWS) sentinels.push({ value, rows })
  }
  return { ...NOTHING, outliers, infinite: Number(found[3]), sentinels }
}

/** How often an extreme occurs that stands far from the next value; 0 where it is close to it. */
async function sentinelRows(
  { engine, table }: Pick<Examined, 'engine' | 'table'>,
  numbers: string,
  value: number,
  isLow: boolean,
  range: number,
): Promise<number> {
  const next = isLow ? 'min(x) FILTER (WHERE x > ?)' : 'max(x) FILTER (WHERE x < ?)'
  const [found = []] = await engine.rows(
    `SELECT count(*) FILTER (WHERE x = ?), ${next} FROM (${numbers}) WHERE isfinite(x)`,
    [value, value, ...table.parameters],
  )
  const gap = found[1] === null ? 0 : Math.abs(value - Number(found[1]))
  return gap > Math.max(range, Math.abs(value) / 10) ? Number(found[0]) : 0
}

async function textFacts(
  { engine, table }: Examined,
  column: TableColumn,
  distinct: number,
  named: boolean,
): Promise<Facts> {
  const values = `SELECT ${textSql(column)} AS x, count(*) AS n FROM ${table.from} WHERE ${presentSql(column)} GROUP BY 1`
  const blank = `lower(trim(x)) IN (${BLANKS.map(() => '?').join(', ')})`
  const [found = []] = await engine.rows(
    `SELECT coalesce(sum(n) FILTER (WHERE TRY_CAST(x AS DOUBLE) IS NOT NULL AND NOT isnan(TRY_CAST(x AS DOUBLE))), 0), coalesce(sum(n) FILTER (WHERE ${blank}), 0) FROM (${values})`,
    [...BLANKS, ...table.parameters],
  )
  const [numbers = 0, blanks = 0] = found.map(Number)
  const variants = distinct > MOST_DISTINCT ? NOTHING.variants : await variantFacts({ engine, table }, values, named)
  return { ...NOTHING, numbers, blanks, variants }
}

/** Values with more than one spelling; the rows are those that do not have the most frequent one. */
async function variantFacts(
  { engine, table }: Pick<Examined, 'engine' | 'table'>,
  values: string,
  named: boolean,
): Promise<ClosedColumn['variants']> {
  const folded = `lower(regexp_replace(trim(nfc_normalize(replace(x, chr(160), ' '))), '\\s+', ' ', 'g'))`
  const spelled = `SELECT ${folded} AS k, count(*) AS forms, sum(n) - max(n) AS odd, max(n) AS most, list(x ORDER BY n DESC, x) AS xs FROM (${values}) GROUP BY k HAVING count(*) > 1`
  const rows = await engine.rows(
    `SELECT odd, most, xs[1:2], count(*) OVER (), sum(odd) OVER () FROM (${spelled}) ORDER BY odd DESC, k LIMIT ${MOST_NAMED}`,
    table.parameters,
  )
  const examples = rows
    .filter(([, most]) => named && Number(most) >= NAMED_ROWS)
    .map(([, , forms]) =>
      (forms as readonly unknown[]).map((form) => JSON.stringify(String(form).slice(0, 40))).join(' and '),
    )
  return { values: Number(rows[0]?.[3] ?? 0), rows: Number(rows[0]?.[4] ?? 0), examples }
}

/** Values that model.yml does not list, or, where it lists none, that the reference does not have. */
async function unseenFacts(
  { engine, table, reference, ask, counts }: Examined,
  column: TableColumn,
  named: boolean,
): Promise<ClosedColumn['unseen']> {
  const declared = ask.ranges.find((range) => range.column === column.name)?.values
  if (column.type === 'nested' || column.type === 'time') return null
  if (declared !== undefined) {
    if (counts.find((count) => count.column === column.name)?.unseen === 0) return { rows: 0, values: 0, examples: [] }
    const condition = notAmong(column, declared)
    return unseenValues({ engine, table }, column, condition.sql, condition.parameters, named)
  }
  const other = reference?.columns.find(({ name }) => name === column.name)
  if (reference === null || other === undefined || other.type !== 'category' || column.type !== 'category') return null
  const known = `SELECT DISTINCT ${textSql(other)} FROM ${reference.from} WHERE ${quoteIdentifier(other.as)} IS NOT NULL`
  const condition = `(${textSql(column)}) NOT IN (${known})`
  return unseenValues({ engine, table }, column, condition, reference.parameters, named)
}

async function unseenValues(
  { engine, table }: { readonly engine: Examined['engine']; readonly table: OpenedTable },
  column: TableColumn,
  condition: string,
  parameters: Parameters<Examined['engine']['rows']>[1] & readonly (number | string)[],
  named: boolean,
): Promise<NonNullable<ClosedColumn['unseen']>> {
  const rows = await engine.rows(
    `SELECT x, n, count(*) OVER (), sum(n) OVER () FROM (SELECT ${textSql(column)} AS x, count(*) AS n FROM ${table.from} WHERE ${presentSql(column)} AND ${condition} GROUP BY 1) ORDER BY n DESC, x LIMIT ${MOST_NAMED}`,
    [...table.parameters, ...parameters],
  )
  const examples = rows.filter(([, n]) => named && Number(n) >= NAMED_ROWS).map(([x]) => String(x).slice(0, 40))
  return { rows: Number(rows[0]?.[3] ?? 0), values: Number(rows[0]?.[2] ?? 0), examples }
}
