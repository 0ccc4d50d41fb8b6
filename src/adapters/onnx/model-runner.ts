import { basename } from 'node:path'
import {
  type Column,
  type LocalFile,
  type ModelLimits,
  type ModelOutput,
  type ModelOutputs,
  type ModelRunner,
  type ModelSession,
  type TimedCalls,
  Unavailable,
} from '../../ports.ts'
import { type Feed, fedTensor, planFeeds } from './feeds.ts'
import { ZIPMAP_MEND } from './graph-problems.ts'
import type { AnsweredTensor, TensorInfo } from './model-messages.ts'
import { type ModelProcess, startModelProcess } from './model-process.ts'
import { quoted } from './problem.ts'

/** Rows that cross to the child at once. */
const ROWS = 4096
/** Rows in one call of the runtime: what fits into the caches of a core answers up to three times as fast. */
const CALL = 512
/** Questions that are under way at once: while the model works on one, the next is on its way. */
const AHEAD = 2

/**
 * Runs ONNX files with onnxruntime, each in a child process of its own.
 *
 * The child gets the path of one file and feature columns, never labels, ids or credentials. One thread, sequential
 * execution: the same machine gives the same bytes.
 */
export function openModelRunner(): ModelRunner {
  return {
    open: openSession,
    run: async (model, features, order, limits) => {
      const session = await openSession(model, limits)
      try {
        return await session.run(features, order)
      } finally {
        session.close()
      }
    },
  }
}

async function openSession(model: LocalFile, limits: ModelLimits, threads = 1): Promise<ModelSession> {
  const running = startModelProcess(basename(model.path), limits)
  try {
    const watch = { ...limits, parent: process.pid }
    const { path, digest } = model
    const opened = await running.ask({ kind: 'open', path, digest, threads, watch }, 'opened')
    const wanted = readableOutputs(opened.outputs)
    return {
      inputs: opened.inputs.map(({ name, type, shape }) => ({ name, type, shape })),
      openedMs: opened.openedMs,
      time: (features, order, ask) =>
        timeCalls(running, { feeds: planFeeds(opened.inputs, features, order), wanted }, features, ask),
      run: (features, order) => runAll(running, { feeds: planFeeds(opened.inputs, features, order), wanted }, features),
      close: () => running.close(),
    }
  } catch (error) {
    running.close()
    throw error
  }
}

interface Plan {
  readonly feeds: readonly Feed[]
  readonly wanted: readonly string[]
}

async function runAll(running: ModelProcess, plan: Plan, features: ReadonlyMap<string, Column>): Promise<ModelOutputs> {
  const rows = rowsOf(features)
  const parts: Promise<readonly AnsweredTensor[]>[] = []
  for (let from = 0; from < rows; from += ROWS) {
    await parts.at(-AHEAD)
    const part = runRows(running, { ...plan, from, to: Math.min(rows, from + ROWS) })
    // Whoever waits for it hears of it; until then a refusal is nobody's surprise.
    part.catch(() => {})
    parts.push(part)
  }
  const answers = await Promise.all(parts)
  return { rows, outputs: plan.wanted.map((_, index) => joined(answers.map((part) => part[index]!))) }
}

/** Rows that calls are timed on, at most; more would only fill memory. */
const TIMED_ROWS = 65_536

async function timeCalls(
  running: ModelProcess,
  { feeds, wanted }: Plan,
  features: ReadonlyMap<string, Column>,
  ask: { readonly batch: number; readonly calls: number },
): Promise<TimedCalls> {
  const batch = fixedBatch(feeds) ?? ask.batch
  const rows = Math.min(rowsOf(features), batch * ask.calls, Math.max(TIMED_ROWS, batch))
  const tensors = feeds.map((feed) => fedTensor(feed, 0, rows))
  return running.ask({ kind: 'time', rows, batch, calls: ask.calls, tensors, outputs: wanted }, 'timed')
}

async function runRows(
  running: ModelProcess,
  part: Plan & { readonly from: number; readonly to: number },
): Promise<readonly AnsweredTensor[]> {
  const { feeds, wanted, from, to } = part
  const fixed = fixedBatch(feeds)
  const tensors = feeds.map((feed) => fedTensor(feed, from, to))
  const ask = { rows: to - from, batch: fixed ?? CALL, isFixed: fixed !== null, tensors, outputs: wanted }
  return (await running.ask({ kind: 'run', ...ask }, 'answered')).outputs
}

/** The number of rows that a model insists on, null when any will do. */
function fixedBatch(feeds: readonly Feed[]): number | null {
  const sizes = [...new Set(feeds.flatMap(({ input }) => (input.shape[0] == null ? [] : [input.shape[0]])))]
  if (sizes.length > 1 || sizes.some((size) => size < 1 || size > ROWS))
    throw new Unavailable(
      'missing',
      `the inputs take ${sizes.join(' and ')} rows at a time, and a whole number from 1 to ${ROWS} is needed`,
      'Export the model with a free first dimension.',
    )
  return sizes[0] ?? null
}

/** Outputs that come out as tensors; a score that does not is a mistake of the export. */
function readableOutputs(outputs: readonly TensorInfo[]): readonly string[] {
  const tensors = outputs.filter((output) => output.isTensor)
  const hasScores = tensors.some((output) => output.type.startsWith('float'))
  if (tensors.length === outputs.length || hasScores) return tensors.map((output) => output.name)
  const named = outputs.filter((output) => !output.isTensor).map((output) => `\`${quoted(output.name)}\``)
  throw new Unavailable('missing', `output ${named.join(', ')} is not a tensor, so it cannot be read`, ZIPMAP_MEND)
}

function rowsOf(features: ReadonlyMap<string, Column>): number {
  const [first] = features.values()
  const rows = first === undefined ? 0 : 'codes' in first ? first.codes.length : first.values.length
  if (rows === 0) throw new Unavailable('missing', 'there are no rows to run the model on', 'Give rows to weigh.')
  return rows
}

function joined(parts: readonly AnsweredTensor[]): ModelOutput {
  const [first] = parts
  if (parts.length === 1) return first!
  if (!(first!.values instanceof Float64Array))
    return { ...first!, values: parts.flatMap((part) => part.values as readonly string[]) }
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part.values as Float64Array, at)
    at += part.values.length
  }
  return { ...first!, values }
}
