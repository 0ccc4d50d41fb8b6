import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { CloserAnswer, CloserAsk } from '../../ports.ts'
import { closedColumns } from './closer-values.ts'
import { numberSql, type TableColumn, textSql } from './column-sql.ts'
import type { Engine } from './engine.ts'
import { columnOf, type Examined } from './examined.ts'
import { giveaways } from './giveaways.ts'
import type { OpenedTable } from './opened-table.ts'
import { pickColumns } from './pick-columns.ts'
import { presentSql } from './quality-columns.ts'
import { rowKey } from './row-key.ts'

const SMALL_GROUP = 30
const MOST_IDS = 20

/** What the quality command asks besides; one pass a column or a question, nothing kept but counts. */
export async function closerLook(examined: Examined, closer: CloserAsk): Promise<CloserAnswer> {
  const { engine, table } = examined
  pickColumns(table, [...closer.scores, ...closer.groups, ...(closer.time === null ? [] : [closer.time])])
  const leaks = await giveaways(examined, closer)
  if (!closer.values) {
    return { leaks, columns: [], equal_rows: 0, identical: [], label: null, scores: [], times: null, groups: [] }
  }
  return {
    leaks,
    columns: await closedColumns(examined, closer),
    equal_rows: await equalRows(engine, table),
    identical: await identicalColumns(examined),
    label: await labelClasses(examined),
    scores: await each(closer.scores, (name) => scoreFacts(examined, name)),
    times: closer.time === null ? null : await timeFacts(examined, closer.time),
    groups: await each(closer.groups, (name) => groupFacts(examined, name)),
  }
}

async function each<Answer>(names: readonly string[], ask: (name: string) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const name of names) answers.push(await ask(name))
  return answers
}

async function equalRows(engine: Engine, table: OpenedTable): Promise<number> {
  const key = rowKey(table.columns)
  const sql = `SELECT count(*) - count(DISTINCT k) FROM (SELECT ${key.sql} AS k FROM ${table.from})`
  const [found] = await engine.rows(sql, [...key.parameters, ...table.parameters])
  return Number(found?.[0])
}

/** Columns whose keyed hashes of place and value have the same sum: in every row they hold the same. */
async function identicalColumns({ engine, table, counts }: Examined): Promise<CloserAnswer['identical']> {
  const kinds = table.columns.map(({ type }, at) => `${type} ${counts[at]?.distinct} ${counts[at]?.missing}`)
  const isTwin = (at: number) => kinds.indexOf(kinds[at] ?? '') !== kinds.lastIndexOf(kinds[at] ?? '')
  const varied = table.columns.filter(
    ({ type }, at) => type !== 'nested' && (counts[at]?.distinct ?? 0) > 1 && isTwin(at),
  )
  if (varied.length < 2) return []
  const keys = varied.map((column) => rowKey([column], ({ as }) => `place, ${quoteIdentifier(as)}`))
  const [sums = []] = await engine.rows(
    `SELECT ${keys.map(({ sql }) => `CAST(sum(${sql}) AS VARCHAR)`).join(', ')} FROM (SELECT *, row_number() OVER () AS place FROM ${table.from})`,
    [...keys.flatMap(({ parameters }) => parameters), ...table.parameters],
  )
  const first = new Map<unknown, string>()
  return varied.flatMap(({ name, type }, at) => {
    const sum = `${type} ${String(sums[at])}`
    const other = first.get(sum)
    if (other === undefined) first.set(sum, name)
    return other === undefined ? [] : [[other, name] as const]
  })
}

async function labelClasses({ engine, table, ask }: Examined): Promise<CloserAnswer['label']> {
  const label = columnOf(table, ask.label)
  if (label === undefined) return null
  const counted = `SELECT count(*) AS n FROM ${table.from} WHERE ${presentSql(label)} GROUP BY ${quoteIdentifier(label.as)}`
  const [found] = await engine.rows(
    `SELECT count(*), coalesce(min(n), 0), coalesce(sum(n), 0) FROM (${counted})`,
    table.parameters,
  )
  const [classes = 0, rarest_rows = 0, known = 0] = (found ?? []).map(Number)
  return { classes, rarest_rows, known }
}

async function scoreFacts({ engine, table, ask }: Examined, name: string): Promise<CloserAnswer['scores'][number]> {
  const [column] = pickColumns(table, [name])
  const value = column === undefined ? 'NULL' : numberSql(column)
  const counts = `count(*) FILTER (s IS NULL), count(*) FILTER (s IS NOT NULL AND NOT isfinite(s)), count(*) FILTER (isfinite(s) AND (s < 0 OR s > 1))`
  const [found] = await engine.rows(`SELECT ${counts} FROM (SELECT ${value} AS s FROM ${table.from})`, table.parameters)
  const [missing = 0, not_finite = 0, outside = 0] = (found ?? []).map(Number)
  const id = columnOf(table, ask.id)
  const idSql = id === undefined ? 'CAST(place AS VARCHAR)' : textSql(id)
  const rows =
    missing + not_finite === 0
      ? []
      : await engine.rows(
          `SELECT ${idSql} FROM (SELECT *, row_number() OVER () AS place FROM ${table.from}) WHERE ${value} IS NULL OR NOT isfinite(${value}) ORDER BY place LIMIT ${MOST_IDS}`,
          table.parameters,
        )
  return { column: name, missing, not_finite, outside, ids: rows.map(([one]) => String(one)) }
}

async function groupFacts({ engine, table }: Examined, name: string): Promise<CloserAnswer['groups'][number]> {
  const [column] = pickColumns(table, [name])
  const groups = `SELECT count(*) AS n FROM ${table.from} GROUP BY ${quoteIdentifier(column?.as ?? '')}`
  const [found] = await engine.rows(
    `SELECT count(*) FILTER (n < ${SMALL_GROUP}), min(n) FROM (${groups})`,
    table.parameters,
  )
  return { column: name, small: Number(found?.[0]), smallest: Number(found?.[1]) }
}

async function timeFacts({ engine, table, reference }: Examined, name: string): Promise<CloserAnswer['times']> {
  const [young, old] = [columnOf(table, name), reference === null ? undefined : columnOf(reference, name)]
  if (reference === null || young === undefined || old === undefined || young.type !== old.type) return null
  if (young.type !== 'time' && young.type !== 'number') return null
  const ends = async (one: OpenedTable, column: TableColumn) =>
    (
      await engine.rows(
        `SELECT min(t), max(t) FROM (SELECT ${numberSql(column)} AS t FROM ${one.from}) WHERE isfinite(t)`,
        one.parameters,
      )
    )[0]?.map((end) => (end === null ? null : Number(end))) ?? []
  const [from, until] = await ends(table, young)
  const [reference_from, reference_until] = await ends(reference, old)
  if (!isKnown(from) || !isKnown(until) || !isKnown(reference_from) || !isKnown(reference_until)) return null
  const count = async (one: OpenedTable, column: TableColumn, sign: '<=' | '>=', limit: number) =>
    Number(
      (
        await engine.rows(`SELECT count(*) FROM ${one.from} WHERE ${numberSql(column)} ${sign} ?`, [
          ...one.parameters,
          limit,
        ])
      )[0]?.[0],
    )
  return {
    from,
    until,
    reference_from,
    reference_until,
    not_after: await count(table, young, '<=', reference_until),
    reference_not_before: await count(reference, old, '>=', from),
    is_time: young.type === 'time',
  }
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value)
}
