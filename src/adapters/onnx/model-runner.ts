import { basename } from 'node:path'
import {
  type Column,
  type LocalFile,
  type ModelLimits,
  type ModelOutput,
  type ModelOutputs,
  type ModelRunner,
  Unavailable,
} from '../../ports.ts'
import { type Feed, fedTensor, planFeeds } from './feeds.ts'
import { ZIPMAP_MEND } from './graph-problems.ts'
import type { AnsweredTensor, TensorInfo } from './model-messages.ts'
import { type ModelProcess, startModelProcess } from './model-process.ts'
import { quoted } from './problem.ts'

/** Rows that cross to the child at once, and rows a call of the model. */
const ROWS = 4096

/**
 * Runs ONNX files with onnxruntime, each run in a child process of its own.
 *
 * The child gets the path of one file and feature columns, never labels, ids or credentials. One thread, sequential
 * execution: the same machine gives the same bytes.
 */
export function openModelRunner(): ModelRunner {
  return {
    run: async (model, features, order, limits) => {
      const running = startModelProcess(basename(model.path), limits)
      try {
        return await runModel(running, { model, features, order, limits })
      } finally {
        running.close()
      }
    },
  }
}

interface Job {
  readonly model: LocalFile
  readonly features: ReadonlyMap<string, Column>
  readonly order: readonly string[]
  readonly limits: ModelLimits
}

async function runModel(running: ModelProcess, { model, features, order, limits }: Job): Promise<ModelOutputs> {
  const watch = { ...limits, parent: process.pid }
  const { inputs, outputs } = await running.ask(
    { kind: 'open', path: model.path, digest: model.digest, watch },
    'opened',
  )
  const wanted = readableOutputs(outputs)
  const feeds = planFeeds(inputs, features, order)
  const rows = rowsOf(features)
  const parts: (readonly AnsweredTensor[])[] = []
  for (let from = 0; from < rows; from += ROWS)
    parts.push(await runRows(running, { feeds, wanted, from, to: Math.min(rows, from + ROWS) }))
  return { rows, outputs: wanted.map((_, index) => joined(parts.map((part) => part[index]!))) }
}

async function runRows(
  running: ModelProcess,
  part: {
    readonly feeds: readonly Feed[]
    readonly wanted: readonly string[]
    readonly from: number
    readonly to: number
  },
): Promise<readonly AnsweredTensor[]> {
  const { feeds, wanted, from, to } = part
  const fixed = fixedBatch(feeds)
  const tensors = feeds.map((feed) => fedTensor(feed, from, to))
  const ask = { rows: to - from, batch: fixed ?? ROWS, isFixed: fixed !== null, tensors, outputs: wanted }
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
