import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { readOnnxGraph } from '../../adapters/onnx/onnx-graph.ts'
import type { BenchDocument, LatencyPercentiles, ServingCost, Throughput } from '../../measuring/bench-document.ts'
import type { LocalFile, ModelLimits, ModelRunner, TableSource, Tables } from '../../ports.ts'
import { percentileOfCalls, ratioOfCalls, type TimedRounds, timingNoise } from '../../statistics/timed-rounds.ts'
import { columnsOfModel, type FeatureWords } from './explained-columns.ts'
import { pickedColumns, readFeatures, sampleRows } from './explained-tables.ts'
import { measureThroughput } from './throughput.ts'
import { type TimedModel, type TimedModelCalls, timeInTurns } from './timed-models.ts'

export interface BenchInput {
  readonly tables: Tables
  readonly runner: ModelRunner
  readonly limits: ModelLimits
  readonly engine: string
  readonly progress: (text: string) => void
  readonly model: { readonly file: LocalFile; readonly words: FeatureWords }
  readonly against?: { readonly file: LocalFile; readonly words: FeatureWords }
  readonly data: TableSource
  /** Rows in one timed call, and timed calls of each model. */
  readonly batch: number
  readonly calls: number
  readonly confidence: number
  /** Sizes at which rows a second are measured; none where a list is empty. */
  readonly batches: readonly number[]
  readonly threads: readonly number[]
  readonly machine: BenchDocument['machine']
}

/** Rows of the table that calls go round on. */
const ROWS = 20_000
const PERCENTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/**
 * What it costs to serve a model on this machine; beside another one, when there is one, timed in turns with it.
 *
 * Calls are timed inside the process that holds the model, on tensors that are ready: one thread, as gates run it.
 *
 * @throws {Unavailable} where a model can't be run on the table
 */
export async function benchModel(input: BenchInput): Promise<BenchDocument> {
  const { runner, batch, confidence, progress, limits } = input
  const model = await timedModel(input, input.model)
  const against = input.against === undefined ? null : await timedModel(input, input.against)
  const models = against === null ? [model] : [model, against]
  const [own, other] = await timeInTurns(runner, models, { limits, batch, calls: input.calls, progress })
  const noise = timingNoise(own!.rounds)
  const throughput_per_s = await throughputs(input, model)
  const ratio = other === undefined ? null : ratios(own!.rounds, other.rounds, confidence)
  return {
    schema: 'weighbridge.bench/v1',
    engine: input.engine,
    rows: rowsOf(model),
    confidence,
    batch,
    calls: own!.rounds.reduce((sum, round) => sum + round.length, 0),
    ...(await costOf(model, own!, confidence)),
    throughput_per_s,
    noise,
    against: against === null || other === undefined ? null : await costOf(against, other, confidence),
    ratio,
    machine: input.machine,
    warnings: warningsOf(noise, own!.rounds, confidence),
  }
}

async function timedModel(
  { runner, limits, tables, data }: BenchInput,
  { file, words }: BenchInput['model'],
): Promise<TimedModel> {
  const called = basename(file.path)
  const session = await runner.open(file, limits)
  const names = await Promise.resolve()
    .then(() => columnsOfModel(session, words, called))
    .finally(() => session.close())
  const { columns } = await readFeatures(tables, data, names, null)
  return { called, file, columns: pickedColumns(columns, sampleRows(columns, ROWS, 0)), order: names.names }
}

function rowsOf({ columns }: TimedModel): number {
  const [first] = columns.values()
  return first === undefined ? 0 : 'codes' in first ? first.codes.length : first.values.length
}

async function costOf(model: TimedModel, timed: TimedModelCalls, confidence: number): Promise<ServingCost> {
  const { operators } = readOnnxGraph(await readFile(model.file.path))
  return {
    called: model.called,
    latency_ms: percentiles((share) => percentileOfCalls(timed.rounds, share, confidence)),
    cold_start_ms: timed.coldStartMs,
    peak_mb: timed.peakMb,
    size_bytes: model.file.size_bytes,
    operators,
  }
}

function ratios(candidate: TimedRounds, incumbent: TimedRounds, confidence: number): LatencyPercentiles {
  return percentiles((share) => ratioOfCalls({ candidate, incumbent }, share, confidence))
}

function percentiles<Value>(of: (share: number) => Value): { readonly [Name in keyof typeof PERCENTILES]: Value } {
  const { p50, p95, p99 } = PERCENTILES
  return { p50: of(p50), p95: of(p95), p99: of(p99) }
}

async function throughputs(input: BenchInput, model: TimedModel): Promise<readonly Throughput[]> {
  const found: Throughput[] = []
  for (const threads of input.threads) {
    const session = await input.runner.open(model.file, input.limits, threads)
    try {
      for (const batch of input.batches) {
        input.progress(`rows a second: ${batch} rows a call, ${threads} ${threads === 1 ? 'thread' : 'threads'}`)
        found.push({ batch, threads, value: await measureThroughput(session, model, batch) })
      }
    } finally {
      session.close()
    }
  }
  return found
}

function warningsOf(noise: BenchDocument['noise'], rounds: TimedRounds, confidence: number): BenchDocument['warnings'] {
  const tail = percentileOfCalls(rounds, PERCENTILES.p99, confidence)
  const calls = rounds.reduce((sum, round) => sum + round.length, 0)
  return [
    ...(noise.is_quiet
      ? []
      : [
          {
            code: 'noisy',
            message: `the machine was too noisy to tell: ${noise.because}; measure again when it rests`,
          },
        ]),
    ...(tail.interval === null
      ? [
          {
            code: 'few-calls',
            message: `${calls} calls are too few for an interval of the 99th percentile: --calls 400`,
          },
        ]
      : []),
  ]
}
