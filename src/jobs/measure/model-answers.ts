import { type ExplainedScores, explainedScores } from '../../adapters/onnx/explained-scores.ts'
import type { ScoreAsk } from '../../adapters/onnx/scores.ts'
import { type Columns, pickedColumn } from '../../measuring/column-codes.ts'
import { type ModelSession, Unavailable } from '../../ports.ts'
import type { ComposedRows, Inquiry } from '../../statistics/inquiry.ts'

/** A model that answers rows composed of a pool's rows with one number each, or one a class. */
export interface ModelAnswers {
  readonly kind: ExplainedScores['kind']
  /** Numbers a row. */
  readonly width: number
  score(rows: ComposedRows): Promise<Float64Array>
  /** Drives an inquiry to its answer. */
  answer<Answer>(inquiry: Inquiry<Answer>): Promise<Answer>
  /** Rows that were asked so far. */
  asked(): number
}

/** Rows that are put together at once. */
const ROWS = 16_384
/** Rows that are asked alone, to see that a row's answer is its own. */
const ALONE = 3

export interface Answering {
  readonly session: ModelSession
  readonly called: string
  /** Columns of the pool, in the order in which the model was trained. */
  readonly pool: Columns
  readonly ask: Omit<ScoreAsk, 'outputs' | 'rows'>
  readonly progress?: (asked: number) => void
}

/**
 * Opens a model for questions.
 *
 * @throws {Unavailable} where its answers cannot be read, or depend on what else is asked in the same call
 */
export async function openAnswers(answering: Answering): Promise<ModelAnswers> {
  const { session, pool, ask, progress } = answering
  const names = [...pool.keys()]
  let asked = 0
  const run = async (columns: Columns, rows: number): Promise<ExplainedScores> => {
    const outputs = await session.run(columns, names)
    asked += rows
    progress?.(asked)
    return explainedScores({ ...ask, outputs, rows })
  }
  const some = firstRows(pool)
  const first = await run(composedColumns(pool, { base: some, swapped: new Map() }, 0, ALONE), ALONE)
  const { kind, width } = first
  const score = async (rows: ComposedRows): Promise<Float64Array> => {
    const scores = new Float64Array(rows.base.length * width)
    for (let from = 0; from < rows.base.length; from += ROWS) {
      const to = Math.min(rows.base.length, from + ROWS)
      scores.set((await run(composedColumns(pool, rows, from, to), to - from)).values, from * width)
    }
    return scores
  }
  await requireOwnAnswers(answering.called, some, first, score)
  return { kind, width, score, answer: (inquiry) => driven(inquiry, score), asked: () => asked }
}

async function driven<Answer>(
  inquiry: Inquiry<Answer>,
  score: (rows: ComposedRows) => Promise<Float64Array>,
): Promise<Answer> {
  let step = inquiry.next()
  while (step.done !== true) step = inquiry.next(await score(step.value))
  return step.value
}

/** Three rows of the pool, the last again where it has fewer. */
function firstRows(pool: Columns): Int32Array {
  const [column] = pool.values()
  const rows = column === undefined ? 0 : 'codes' in column ? column.codes.length : column.values.length
  return Int32Array.from({ length: ALONE }, (_, at) => Math.min(at, rows - 1))
}

/** Explaining one row by others needs answers that do not depend on the company: not a batch's mean, not its order. */
async function requireOwnAnswers(
  called: string,
  rows: Int32Array,
  { values, width }: ExplainedScores,
  score: ModelAnswers['score'],
): Promise<void> {
  for (const at of rows.keys()) {
    const alone = await score({ base: rows.subarray(at, at + 1), swapped: new Map() })
    const place = alone.findIndex((value, index) => !isAlike(value, values[at * width + index]!))
    if (place < 0) continue
    throw new Unavailable(
      'missing',
      `${called} answers one row with ${alone[place]} alone and with ${values[at * width + place]} among others, so no row can be explained`,
      'Export the model in inference mode (no batch statistics), so that each row has an answer of its own.',
    )
  }
}

function isAlike(alone: number, together: number): boolean {
  return Math.abs(alone - together) <= 1e-4 * Math.max(1, Math.abs(together))
}

function composedColumns(pool: Columns, { base, swapped }: ComposedRows, from: number, to: number): Columns {
  const own = base.subarray(from, to)
  return new Map(
    [...pool].map(([name, column], index) => [
      name,
      pickedColumn(column, swapped.get(index)?.subarray(from, to) ?? own),
    ]),
  )
}
