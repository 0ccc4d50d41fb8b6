import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { CloserAnswer, CloserAsk } from '../../ports.ts'
import { numberSql, type TableColumn, textSql } from './column-sql.ts'
import { columnOf, type Examined } from './examined.ts'

type Leak = CloserAnswer['leaks'][number]

const GIVEAWAY = 0.99
/** A category with more values than this, or fewer rows a value, would tell any label apart by chance. */
const MOST_CATEGORIES = 100
const ROWS_A_CATEGORY = 50
const LEAST_ROWS = 20
const SAMPLED = 5000
const NOTICEABLE = 0.1
const SURE = 5

/**
 * What by itself tells the classes of a binary label apart.
 *
 * A feature whose AUC is above 0.99 or below 0.01 (categories in the order of their share of positives); the id, and
 * the place of the row, whose AUC is off one half by more than 0.1 and five standard errors.
 *
 * No column can pass 0.99 unless the lowest fifth of one class lies above the highest fifth of the other, which is one
 * cheap pass; only such columns are sorted.
 */
export async function giveaways(examined: Examined, closer: CloserAsk): Promise<readonly Leak[]> {
  const { table, ask } = examined
  const label = columnOf(table, ask.label)
  const classes = label === undefined ? null : await classesOf(examined, label, closer.positive)
  if (label === undefined || classes === null) return []
  const known = { ...classes, isPositive: `(${textSql(label)}) = ?`, label }
  const names = ask.features.length > 0 ? ask.features : table.columns.map(({ name }) => name)
  const own = [ask.id, ask.label, closer.time, ...closer.scores]
  const leaks: Leak[] = []
  for (const name of names.filter((one) => !own.includes(one))) {
    const column = columnOf(table, name)
    const auc = column === undefined ? null : await featureAuc(examined, column, known)
    if (auc !== null && (auc > GIVEAWAY || auc < 1 - GIVEAWAY)) leaks.push(leak(name, 'feature', auc, known))
  }
  if (!closer.values) return leaks
  const id = columnOf(table, ask.id)
  const idAuc = id?.type === 'number' ? await sortedAuc(examined, numberSql(id), known) : null
  if (isFarFromHalf(idAuc, known)) leaks.push(leak(id?.name ?? null, 'id', idAuc, known))
  const placeAuc = await sortedAuc(examined, 'place', known)
  if (isFarFromHalf(placeAuc, known)) leaks.push(leak(null, 'place', placeAuc, known))
  return leaks
}

interface Known {
  readonly positive: string
  readonly positives: number
  readonly negatives: number
  readonly isPositive: string
  readonly label: TableColumn
}

function leak(column: string | null, of: Leak['of'], auc: number, { positives, negatives }: Known): Leak {
  return { column, of, auc, positives, negatives }
}

/** The two classes; null where there are not two, or too few rows of one. */
async function classesOf(
  { engine, table }: Examined,
  label: TableColumn,
  named: string | null,
): Promise<Pick<Known, 'positive' | 'positives' | 'negatives'> | null> {
  const rows = await engine.rows(
    `SELECT ${textSql(label)} AS y, count(*) FROM ${table.from} WHERE ${quoteIdentifier(label.as)} IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT 3`,
    table.parameters,
  )
  const classes = rows.map(([y, n]) => ({ name: String(y), rows: Number(n) }))
  const positive = classes.find(({ name }) => name === named) ?? classes.at(-1)
  const negative = classes.find((one) => one !== positive)
  if (classes.length !== 2 || positive === undefined || negative === undefined) return null
  if (positive.rows < LEAST_ROWS || negative.rows < LEAST_ROWS) return null
  return { positive: positive.name, positives: positive.rows, negatives: negative.rows }
}

async function featureAuc(examined: Examined, column: TableColumn, known: Known): Promise<number | null> {
  const distinct = examined.counts.find((count) => count.column === column.name)?.distinct ?? 0
  if (distinct < 2) return null
  if (column.type === 'number' || column.type === 'boolean' || column.type === 'time') {
    const value = numberSql(column)
    return (await standsApart(examined, value, known)) ? sortedAuc(examined, value, known) : null
  }
  const most = Math.min(MOST_CATEGORIES, examined.table.rows / ROWS_A_CATEGORY)
  return column.type === 'category' && distinct <= most ? categoryAuc(examined, column, known) : null
}

/** Told by a sample, of some thousands of the rarer class at least: the fifths of a leak lie far apart. */
async function standsApart({ engine, table }: Examined, value: string, known: Known): Promise<boolean> {
  const { isPositive, positive, label } = known
  const percent = Math.min(100, Math.ceil((100 * SAMPLED) / Math.min(known.positives, known.negatives)))
  const fifths = (which: string) => `approx_quantile(x, [0.2, 0.8]) FILTER (WHERE ${which})`
  const rows = `SELECT ${value} AS x, ${isPositive} AS y FROM ${table.from} WHERE ${quoteIdentifier(label.as)} IS NOT NULL`
  const sample = percent < 100 ? ` USING SAMPLE ${percent} PERCENT (bernoulli)` : ''
  const [found = []] = await engine.rows(
    `SELECT ${fifths('y')}, ${fifths('NOT y')} FROM (SELECT * FROM (${rows})${sample}) WHERE isfinite(x)`,
    [positive, ...table.parameters],
  )
  const [above, below] = found.map((ends) => ((ends as readonly unknown[] | null) ?? []).map(Number))
  if (above?.length !== 2 || below?.length !== 2) return false
  return above[0]! > below[1]! || below[0]! > above[1]!
}

/** Mann and Whitney's share over the rows where both are known; ties count half. */
async function sortedAuc({ engine, table }: Examined, value: string, known: Known): Promise<number | null> {
  const from = value === 'place' ? `(SELECT *, row_number() OVER () AS place FROM ${table.from})` : table.from
  const rows = `SELECT CAST(${value} AS DOUBLE) AS x, ${known.isPositive} AS y FROM ${from} WHERE ${quoteIdentifier(known.label.as)} IS NOT NULL`
  const counted = `SELECT x AS k, count(*) FILTER (WHERE y) AS p, count(*) FILTER (WHERE NOT y) AS q FROM (${rows}) WHERE isfinite(x) GROUP BY x`
  return aucOf(engine, counted, [known.positive, ...table.parameters])
}

async function categoryAuc({ engine, table }: Examined, column: TableColumn, known: Known): Promise<number | null> {
  const rows = `SELECT ${quoteIdentifier(column.as)} AS x, ${known.isPositive} AS y FROM ${table.from} WHERE ${quoteIdentifier(known.label.as)} IS NOT NULL AND ${quoteIdentifier(column.as)} IS NOT NULL`
  const counted = `SELECT avg(CAST(y AS INTEGER)) AS k, count(*) FILTER (WHERE y) AS p, count(*) FILTER (WHERE NOT y) AS q FROM (${rows}) GROUP BY x`
  return aucOf(engine, counted, [known.positive, ...table.parameters])
}

async function aucOf(
  engine: Examined['engine'],
  counted: string,
  parameters: readonly (string | number)[],
): Promise<number | null> {
  const ranked = `SELECT p, q, coalesce(sum(q) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS under FROM (SELECT k, sum(p) AS p, sum(q) AS q FROM (${counted}) GROUP BY k)`
  const [found = []] = await engine.rows(
    `SELECT CAST(sum(CAST(p AS DOUBLE) * (under + q / 2)) AS DOUBLE), CAST(sum(p) AS DOUBLE), CAST(sum(q) AS DOUBLE) FROM (${ranked})`,
    parameters,
  )
  const [wins, p, q] = found.map((one) => (one === null ? 0 : Number(one)))
  return wins === undefined || !p || !q ? null : wins / (p * q)
}

/** Off one half by more than a tenth, and by more than chance gives. */
function isFarFromHalf(auc: number | null, { positives, negatives }: Known): auc is number {
  if (auc === null) return false
  const error = Math.sqrt((positives + negatives + 1) / (12 * positives * negatives))
  return Math.abs(auc - 0.5) > Math.max(NOTICEABLE, SURE * error)
}
