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
  readonly openedMs: number
}

let opened: Opened | null = null
let last = Promise.resolve()

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToChild) => {
  last = last.then(() =>
    answer(message).then(send, (error: unknown) => send({ kind: 'refused', because: because(error, message) })),
  )
})

function send(message: FromChild): void {
  process.send?.(message)
}

/** The runtime's words; a text that stands in the data is left out, whatever the runtime wanted to say about it. */
function because(error: unknown, message: ToChild): string {
  const words = error instanceof Error ? error.message : 'it failed without a word'
  const texts = 'tensors' in message ? message.tensors.flatMap(({ texts = [] }) => texts.flat()) : []
  return [...new Set(texts)]
    .filter((text) => text.length > 1)
    .reduce((said, text) => said.replaceAll(text, '...'), words)
}

async function answer(message: ToChild): Promise<FromChild> {
  if (message.kind === 'run') return { kind: 'answered', outputs: await run(message) }
  if (message.kind === 'time') return { kind: 'timed', ms: await time(message), peakMb: peakMb() }
  watch(message.watch)
  opened = await openModel(message)
  const { inputMetadata, outputMetadata } = opened.session
  const { openedMs } = opened
  return { kind: 'opened', inputs: inputMetadata.map(described), outputs: outputMetadata.map(described), openedMs }
}

function peakMb(): number {
  return (process.resourceUsage().maxRSS * 1024) / 1e6
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
async function openModel({ path, digest, threads }: Extract<ToChild, { kind: 'open' }>): Promise<Opened> {
  const bytes = readFileSync(path)
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (found !== digest) throw new Error(`the model file changed since it was fetched: ${found}, not ${digest}`)
  const [problem] = graphProblems(readOnnxGraph(bytes), undefined).filter(({ code }) => code !== 'sequence-output')
  if (problem !== undefined) throw new Error(problem.what)
  const runtime = await import('onnxruntime-node')
  const started = performance.now()
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { load_model_format: 'ONNX' } },
  })
  return { runtime, session, openedMs: performance.now() - started }
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

/** How long each call takes, ms: the runtime's work alone, on tensors that are ready. */
async function time(ask: Extract<ToChild, { kind: 'time' }>): Promise<Float64Array> {
  const { runtime, session } = opened!
  const places = Math.max(1, Math.floor(ask.rows / ask.batch))
  const ready = Array.from({ length: Math.min(places, ask.calls) }, (_, place) =>
    Object.fromEntries(
      ask.tensors.map((tensor) => {
        const rows = Math.min(ask.batch, ask.rows)
        return [tensor.name, fed(runtime, tensor, { from: place * ask.batch, rows, size: ask.batch })]
      }),
    ),
  )
  const ms = new Float64Array(ask.calls)
  for (let call = 0; call < ask.calls; call++) {
    const feeds = ready[call % ready.length]!
    const started = performance.now()
    await session.run(feeds, [...ask.outputs])
    ms[call] = performance.now() - started
  }
  return ms
}

function fed(
  runtime: Runtime,
  tensor: FedTensor,
  { from, rows, size }: { readonly from: number; readonly rows: number; readonly size: number },
): Tensor {
  const width = tensor.row.reduce((product, length) => product * length, 1)
  const part = tensor.data.subarray(from * width, (from + rows) * width)
  const numbers = rows === size ? part : filledUp(part, width, size)
  const data = tensor.texts === undefined ? numbers : textsOf(numbers as Int32Array, tensor.texts)
  return new runtime.Tensor(tensor.type as 'float32', data as Float32Array, [size, ...tensor.row])
}

/** The texts of each place's own column; code -1 is a missing text, which is an empty one. */
function textsOf(codes: Int32Array, texts: readonly (readonly string[])[]): readonly string[] {
  const width = texts.length
  const read = new Array<string>(codes.length)
  for (let place = 0; place < width; place++) {
    const values = texts[place]!
    for (let index = place; index < codes.length; index += width) read[index] = values[codes[index]!] ?? ''
  }
  return read
}

/** A batch of fixed size, its missing rows copies of the last. */
function filledUp(part: FedTensor['data'], width: number, size: number): FedTensor['data'] {
  const rows = part.length / width
  const last = (index: number) => (Math.min(Math.floor(index / width), rows - 1) * width + (index % width)) | 0
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
  if (/^(float(32|64)|bool|u?int(8|16|32))$/.test(answer.type)) return Float64Array.from(answer.data as Float32Array)
  if (/^u?int64$/.test(answer.type)) return wholeNumbers(answer.data as BigInt64Array | BigUint64Array)
  throw new Error(`output ${name} has type ${answer.type}, which cannot be read; export it as float32`)
}

/** As `Number` of each, read in halves: making a bigint of every row takes longer than a small model does. */
function wholeNumbers(data: BigInt64Array | BigUint64Array): Float64Array {
  const lows = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length)
  const highs = data instanceof BigInt64Array ? new Int32Array(data.buffer, data.byteOffset, lows.length) : lows
  const whole = new Float64Array(data.length)
  for (let index = 0; index < whole.length; index++) whole[index] = highs[2 * index + 1]! * 2 ** 32 + lows[2 * index]!
  return whole
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
