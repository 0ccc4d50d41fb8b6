import { type ComparisonDocument, comparisonDocument } from '../../measuring/comparison-document.ts'
import type { MetricWarning } from '../../measuring/metrics-document.ts'
import { classesOf, type Scored, statisticRows } from '../../measuring/scored.ts'
import { type TableSource, type Tables, Unavailable } from '../../ports.ts'
import { joinRows } from '../join-rows.ts'
import { requireUniqueIds } from '../unique-ids.ts'
import { readScoredTable, type ScoredColumns, type ScoredTable } from './scored-table.ts'
import { toldTerms, unlabelledText } from './told-terms.ts'

/** What `compare-predictions` was asked: the same columns of two tables. */
export interface ComparisonAsk extends ScoredColumns {
  readonly a: TableSource
  readonly b: TableSource
  readonly confidence: number
  readonly engine: string
  readonly progress?: (what: string | null) => void
}

/** Row of b for each row of a; -1 where it is only in a. */
interface Pair {
  readonly a: ScoredTable
  readonly b: ScoredTable
  readonly rows: Int32Array
}

/**
 * Two models on the same rows: by id, else by place.
 *
 * The truth, weights, units and `where` are those of a; b must agree on the truth.
 *
 * @throws {Unavailable} when a table can't be read, ids repeat, rows can't be paired, or labels of one row disagree
 */
export async function compareTables(ask: ComparisonAsk, tables: Tables): Promise<ComparisonDocument> {
  ask.progress?.(`reading ${ask.a.called}`)
  const a = await readScoredTable(tables, ask.a, ask)
  ask.progress?.(`reading ${ask.b.called}`)
  const b = await readScoredTable(tables, ask.b, { ...ask, weight: null, unit: null, where: null })
  const pair = { a, b, rows: pairing(ask, a, b) }
  requireSameLabels(ask, pair)
  const { kept, dropped } = keptOf(ask, pair)
  const spoilt = [...spoiltIn(ask, pair, kept, 'a'), ...spoiltIn(ask, pair, kept, 'b')]
  const counted = spoilt.length > 0 ? kept.subarray(0, 0) : kept
  const classes = classesOf(a.exam, [b.exam, a.scored, b.scored])
  const document = comparisonDocument({
    a: statisticRows(a.exam, a.scored, counted, classes),
    b: statisticRows(a.exam, aligned(b.scored, pair.rows), counted, classes),
    spoiled: spoilt.length > 0 ? spoilt.map(({ what }) => what).join('; ') : null,
    told: {
      ...toldTerms(ask),
      dropped: { ...dropped, score_null: spoilt.reduce((sum, { count }) => sum + count, 0) },
    },
    warnings: [
      ...spoilt.map(({ what }) => ({ code: 'score_not_finite', message: `${what}, so there is no number` })),
      ...droppedWarnings(ask, dropped),
    ],
    ...(ask.progress === undefined ? {} : { progress: ask.progress }),
  })
  ask.progress?.(null)
  return { ...document, rows: kept.length }
}

function pairing(ask: ComparisonAsk, a: ScoredTable, b: ScoredTable): Int32Array {
  if (ask.id === null) {
    if (a.exam.rows === b.exam.rows) return Int32Array.from({ length: a.exam.rows }, (_, row) => row)
    throw new Unavailable(
      'missing',
      `${ask.a.called} has ${a.exam.rows} rows and ${ask.b.called} has ${b.exam.rows}: they can't be paired by place`,
      'Name the column that identifies a row with --id.',
    )
  }
  requireUniqueIds(a.id ?? undefined, ask.a.called, ask.id)
  requireUniqueIds(b.id ?? undefined, ask.b.called, ask.id)
  const rows = joinRows(a.id ?? undefined, b.id ?? undefined)
  if (rows.some((row) => row >= 0)) return rows
  throw new Unavailable(
    'missing',
    `no ${ask.id} of ${ask.a.called} stands in ${ask.b.called}`,
    'Compare two tables about the same rows.',
  )
}

function requireSameLabels(ask: ComparisonAsk, { a, b, rows }: Pair): void {
  const ofB = (b.exam.classes ?? []).map((name) => (a.exam.classes ?? []).indexOf(name))
  const isMulticlass = ask.task === 'multiclass'
  let different = 0
  for (let row = 0; row < rows.length; row++) {
    if (rows[row]! < 0) continue
    const [ours, stored] = [a.exam.label[row]!, b.exam.label[rows[row]!]!]
    const theirs = isMulticlass && !Number.isNaN(stored) ? ofB[stored]! : stored
    if (ours !== theirs && !(Number.isNaN(ours) && Number.isNaN(theirs))) different += 1
  }
  if (different === 0) return
  throw new Unavailable(
    'missing',
    `${different} rows have another ${ask.label} in ${ask.b.called} than in ${ask.a.called}`,
    'Compare two tables about the same rows, with the same truth.',
  )
}

/** Rows of a that both tables have, inside `where`, with a label; and how many were left out for what. */
function keptOf(ask: ComparisonAsk, { a, b, rows }: Pair) {
  const mask = ask.where === null ? null : a.exam.masks.get(ask.where)!
  const kept = new Int32Array(rows.length)
  let [count, only_a, label_null, where_out] = [0, 0, 0, 0]
  for (let row = 0; row < rows.length; row++) {
    if (rows[row]! < 0) only_a += 1
    else if (mask !== null && mask[row] !== 1) where_out += 1
    else if (Number.isNaN(a.exam.label[row]!)) label_null += 1
    else kept[count++] = row
  }
  const only_b = b.exam.rows - (rows.length - only_a)
  return { kept: kept.subarray(0, count), dropped: { only_a, only_b, label_null, where_out } }
}

/** Answers of b at the places of a. */
function aligned(scored: Scored, rows: Int32Array): Scored {
  const at = (values: Float64Array) => Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : values[row]!))
  const { probabilities = null, classes = [] } = scored
  return {
    ...scored,
    score: scored.score && at(scored.score),
    prediction: at(scored.prediction),
    ...(probabilities === null ? {} : { probabilities: linesAt(probabilities, rows, classes.length) }),
  }
}

function linesAt(from: Float64Array, rows: Int32Array, width: number): Float64Array {
  const into = new Float64Array(rows.length * width).fill(Number.NaN)
  for (let row = 0; row < rows.length; row++)
    if (rows[row]! >= 0) into.set(from.subarray(rows[row]! * width, (rows[row]! + 1) * width), row * width)
  return into
}

/** How many of the compared rows a table has no finite answer to. */
function spoiltIn(ask: ComparisonAsk, { a, b, rows }: Pair, kept: Int32Array, which: 'a' | 'b') {
  const broken = new Set(which === 'a' ? a.spoilt : b.spoilt)
  const count = kept.reduce((sum, row) => sum + (broken.has(which === 'a' ? row : rows[row]!) ? 1 : 0), 0)
  return count === 0
    ? []
    : [{ count, what: `${count} answers of ${which} (${ask[which].called}) are missing or not finite` }]
}

type Dropped = Omit<ComparisonDocument['dropped'], 'score_null'>

function droppedWarnings(ask: ComparisonAsk, dropped: Dropped): readonly MetricWarning[] {
  const texts: readonly (readonly [keyof Dropped, string])[] = [
    ['only_a', `stand only in ${ask.a.called} and are left out`],
    ['only_b', `stand only in ${ask.b.called} and are left out`],
    ['label_null', unlabelledText(ask)],
  ]
  return texts.flatMap(([code, text]) =>
    dropped[code] === 0 ? [] : [{ code, message: `${dropped[code]} rows ${text}` }],
  )
}
