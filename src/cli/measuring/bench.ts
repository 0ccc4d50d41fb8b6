import { availableParallelism, cpus } from 'node:os'
import { engineName } from '../../adapters/evidence/engine-version.ts'
import { openModelRunner } from '../../adapters/onnx/model-runner.ts'
import { type BenchInput, benchModel } from '../../jobs/measure/bench.ts'
import { modelFile } from '../../jobs/measure/model-file.ts'
import { recordKind } from '../../registry/file-kinds.ts'
import { benchPage } from '../../report/measured/bench-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { type InputTables, openInputTables } from './input-tables.ts'
import { registryFile } from './registry-file.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf, wholeNumber, wholeNumbers } from './words.ts'

const MODEL_MEMORY_MB = 4096
const CONFIDENCE = 0.95

/** Times a model and tells what it costs to serve; it judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const tables = openInputTables(input)
  try {
    const document = await benchModel(await inputOf(input, tables))
    return await tellMeasured(input, document, () => benchPage(document))
  } finally {
    await tables.close()
    input.terminal.progress(null)
  }
}

async function inputOf(input: CommandInput, tables: InputTables): Promise<BenchInput> {
  const cores = availableParallelism()
  const seconds = wholeNumber(input, 'timeout', { least: 1, most: 86_400 }) ?? 600
  if (input.text('against-record') !== undefined && input.text('against') === undefined)
    throw new InvalidCommand('--against-record is given without --against', 'Name the other model with --against.')
  const batch = wholeNumber(input, 'batch', { least: 1, most: 65_536 }) ?? 1
  const calls = wholeNumber(input, 'calls', { least: 40, most: 1_000_000 }) ?? 2000
  const batches = wholeNumbers(input, 'batches', { least: 1, most: 65_536 }) ?? [1, 16, 256, 4096]
  const threads = wholeNumbers(input, 'threads', { least: 1, most: 256 }) ?? [...new Set([1, cores])]
  return {
    tables: tables.tables,
    runner: openModelRunner(),
    limits: { timeoutMs: seconds * 1000, memoryMb: MODEL_MEMORY_MB },
    engine: engineName(),
    progress: (text) => input.terminal.progress(text),
    model: await modelOf(input, 'model', 'record'),
    ...(input.text('against') === undefined ? {} : { against: await modelOf(input, 'against', 'against-record') }),
    data: await tables.source('data'),
    batch,
    calls,
    confidence: CONFIDENCE,
    batches,
    threads,
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores, node: process.version },
  }
}

/** A model, and the words that say which columns fill it; both models take --features, which a record overrules. */
async function modelOf(input: CommandInput, option: string, recordOption: string): Promise<BenchInput['model']> {
  const features = namesOf(input, 'features')
  const record = await registryFile(input, recordOption, recordKind)
  const words = record === undefined ? (features.length > 0 ? { features } : {}) : { record }
  return { file: await modelFile(pathFrom(input.calledFrom, input.text(option) ?? '')), words }
}
