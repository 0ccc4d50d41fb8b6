import { type ExplainedScores, explainedScores, type ScoreAsk } from '../../adapters/onnx/scores.ts'
import { type Columns, pickedColumn } from '../../measuring/column-codes.ts'
import { type ModelSession, Unavailable } from '../../ports.ts'
import type { ComposedRows, Inquiry } from '../../statistics/inquiry.ts'

/** A model that answers rows composed of a pool's rows with one number each. */
export interface ModelAnswers {
  readonly kind: ExplainedScores['kind']
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
  const score = async (rows: ComposedRows): Promise<Float64Array> => {
    const scores = new Float64Array(rows.base.length)
    for (let from = 0; from < scores.length; from += ROWS) {
      const to = Math.min(scores.length, from + ROWS)
      scores.set((await run(composedColumns(pool, rows, from, to), to - from)).values, from)
    }
    return scores
  }
  const some = firstRows(pool)
  const first = await run(composedColumns(pool, { base: some, swapped: new Map() }, 0, ALONE), ALONE)
  await requireOwnAnswers(answering.called, some, first.values, score)
  return { kind: first.kind, score, answer: (inquiry) => driven(inquiry, score), asked: () => asked }
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
  together: Float64Array,
  score: ModelAnswers['score'],
): Promise<void> {
  for (const [at, expected] of together.entries()) {
    const [alone] = await score({ base: rows.subarray(at, at + 1), swapped: new Map() })
    if (Math.abs(alone! - expected) <= 1e-4 * Math.max(1, Math.abs(expected))) continue
    throw new Unavailable(
      'missing',
      `${called} answers one row with ${alone} alone and with ${expected} among others, so no row can be explained`,
      'Export the model in inference mode (no batch statistics), so that each row has an answer of its own.',
    )
  }
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
