import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { graphProblems } from './graph-problems.ts'
import {
  type AnsweredTensor,
  type FedTensor,
  type FromChild,
  type TensorInfo,
  type ToChild,
  WATCH_LARGE,
  WATCH_LATE,
} from './model-messages.ts'
import { readOnnxGraph } from './onnx-graph.ts'

/**
 * Entry of the process that holds one model: it opens the file that the first message names, then answers batches.
 * It has no credentials, no labels, no ids and an empty folder; a thread of its own ends it when time or memory is
 * spent or its parent is gone, even while the runtime is busy.
 */

type Runtime = typeof import('onnxruntime-node')
interface Opened {
  readonly runtime: Runtime
  readonly session: InferenceSession
}

let opened: Opened | null = null

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToChild) => {
  answer(message).then(send, (error: unknown) => send({ kind: 'refused', because: because(error, message) }))
})

function send(message: FromChild): void {
  process.send?.(message)
}

/** The runtime's words; a text that stands in the data is left out, whatever the runtime wanted to say about it. */
function because(error: unknown, message: ToChild): string {
  const words = error instanceof Error ? error.message : 'it failed without a word'
  const texts = message.kind === 'run' ? message.tensors.flatMap(({ data }) => (Array.isArray(data) ? data : [])) : []
  return [...new Set(texts)]
    .filter((text) => text.length > 1)
    .reduce((said, text) => said.replaceAll(text, '...'), words)
}

async function answer(message: ToChild): Promise<FromChild> {
  if (message.kind === 'run') return { kind: 'answered', outputs: await run(message) }
  watch(message.watch)
  opened = await openModel(message.path, message.digest)
  const { inputMetadata, outputMetadata } = opened.session
  return { kind: 'opened', inputs: inputMetadata.map(described), outputs: outputMetadata.map(described) }
}

/** Kills this process from a thread that no model can keep busy, and says why on the way. */
function watch(limits: Extract<ToChild, { kind: 'open' }>['watch']): void {
  const source = `
    const { writeSync } = require('node:fs')
    const { workerData: limits } = require('node:worker_threads')
    const end = Date.now() + limits.timeoutMs
    const kill = (why) => {
      try { writeSync(2, why) } finally { process.kill(process.pid, 'SIGKILL') }
    }
    setInterval(() => {
      if (process.ppid !== limits.parent) kill('')
      else if (Date.now() > end) kill(limits.late)
      else if (process.memoryUsage.rss() > limits.memoryMb * 2 ** 20) kill(limits.large)
    }, 100)`
  const workerData = { ...limits, late: WATCH_LATE, large: WATCH_LARGE }
  new Worker(source, { eval: true, workerData, env: {} }).unref()
}

/** Opens exactly the bytes that were weighed, from memory, so that no path inside the model means anything. */
async function openModel(path: string, digest: string): Promise<Opened> {
  const bytes = readFileSync(path)
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (found !== digest) throw new Error(`the model file changed since it was fetched: ${found}, not ${digest}`)
  const [problem] = graphProblems(readOnnxGraph(bytes), undefined).filter(({ code }) => code !== 'sequence-output')
  if (problem !== undefined) throw new Error(problem.what)
  const runtime = await import('onnxruntime-node')
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { load_model_format: 'ONNX' } },
  })
  return { runtime, session }
}

function described(metadata: InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: 'sequence', shape: [], isTensor: false }
  const shape = metadata.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null))
  return { name: metadata.name, type: metadata.type, shape, isTensor: true }
}

async function run(ask: Extract<ToChild, { kind: 'run' }>): Promise<readonly AnsweredTensor[]> {
  const parts: AnsweredTensor[][] = ask.outputs.map(() => [])
  for (let from = 0; from < ask.rows; from += ask.batch) {
    const rows = Math.min(ask.batch, ask.rows - from)
    const answers = await runBatch(ask, from, rows)
    answers.forEach((part, index) => {
      parts[index]!.push(part)
    })
  }
  return parts.map(joined)
}

async function runBatch(
  ask: Extract<ToChild, { kind: 'run' }>,
  from: number,
  rows: number,
): Promise<readonly AnsweredTensor[]> {
  const { runtime, session } = opened!
  const size = ask.isFixed ? ask.batch : rows
  const feeds = Object.fromEntries(
    ask.tensors.map((tensor) => [tensor.name, fed(runtime, tensor, { from, rows, size })]),
  )
  const answers = await session.run(feeds, [...ask.outputs])
  return ask.outputs.map((name) => read(name, answers[name]!, rows, size))
}

function fed(
  runtime: Runtime,
  tensor: FedTensor,
  { from, rows, size }: { readonly from: number; readonly rows: number; readonly size: number },
): Tensor {
  const width = tensor.row.reduce((product, length) => product * length, 1)
  const part = tensor.data.slice(from * width, (from + rows) * width)
  const data = rows === size ? part : filledUp(part, width, size)
  return new runtime.Tensor(tensor.type as 'float32', data as Float32Array, [size, ...tensor.row])
}

/** A batch of fixed size, its missing rows copies of the last. */
function filledUp(part: FedTensor['data'], width: number, size: number): FedTensor['data'] {
  const rows = part.length / width
  const last = (index: number) => (Math.min(Math.floor(index / width), rows - 1) * width + (index % width)) | 0
  const from = { length: size * width }
  if (Array.isArray(part)) return Array.from(from, (_, index) => part[last(index)])
  const whole = new (part.constructor as Float32ArrayConstructor)(size * width) as Float32Array
  for (let index = 0; index < whole.length; index++) whole[index] = (part as Float32Array)[last(index)]!
  return whole
}

/** Rows of an answer; one that has no row for each row that was asked keeps what it has, and is named later. */
function read(name: string, answer: Tensor, rows: number, size: number): AnsweredTensor {
  const perRow = answer.dims.slice(1).reduce((product, length) => product * length, 1)
  const isAligned = answer.dims.length > 0 && answer.dims[0] === size
  const values = numbers(name, answer)
  if (!isAligned) return { name, width: 1, values }
  return { name, width: perRow, values: values.slice(0, rows * perRow) }
}

function numbers(name: string, answer: Tensor): Float64Array | string[] {
  if (answer.type === 'string') return [...(answer.data as string[])]
  if (/^(float(32|64)|bool|u?int(8|16|32|64))$/.test(answer.type))
    return Float64Array.from(answer.data as ArrayLike<number | bigint>, Number)
  throw new Error(`output ${name} has type ${answer.type}, which cannot be read; export it as float32`)
}

function joined(parts: readonly AnsweredTensor[]): AnsweredTensor {
  const [first] = parts
  if (first === undefined) throw new Error('no rows were given')
  if (parts.length === 1) return first
  if (!(first.values instanceof Float64Array))
    return { ...first, values: parts.flatMap((part) => part.values as readonly string[]) }
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part.values as Float64Array, at)
    at += part.values.length
  }
  return { ...first, values: whole }
}
