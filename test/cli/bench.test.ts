import { expect, onTestFinished, test } from 'vitest'
import { openJobFolder } from '../../src/adapters/job-folder.ts'
import { openModelRunner } from '../../src/adapters/onnx/model-runner.ts'
import { openTables } from '../../src/adapters/tables/tables.ts'
import { benchModel } from '../../src/jobs/measure/bench.ts'
import { modelFile } from '../../src/jobs/measure/model-file.ts'
import { tableOf } from '../../src/jobs/prediction-files.ts'
import { benchPage } from '../../src/report/measured/bench-page.ts'
import { pageText } from '../../src/report/page/page-text.ts'
import { fixture } from '../support/fixtures.ts'
import { wordsOf } from './explain-world.ts'

async function bench(calls: number) {
  const folder = openJobFolder()
  const tables = openTables({ folder: folder.path })
  onTestFinished(async () => {
    await tables.close()
    folder.close()
  })
  return benchModel({
    tables,
    runner: openModelRunner(),
    limits: { timeoutMs: 60_000, memoryMb: 4096 },
    engine: 'test',
    progress: () => undefined,
    model: { file: await modelFile(fixture('elec2/models/1.1.0.onnx')), words: wordsOf('elec2') },
    against: { file: await modelFile(fixture('elec2/models/1.0.0.onnx')), words: wordsOf('elec2') },
    data: await tableOf(fixture('elec2/evaluation.parquet'), folder.path, 'evaluation.parquet'),
    batch: 1,
    calls,
    confidence: 0.95,
    batches: [1, 256],
    threads: [1],
    machine: { processor: 'test', cores: 1, node: 'v24' },
  })
}

test('a model’s cost is told beside another’s: percentiles with intervals, rows a second, start, memory', async () => {
  const document = await bench(400)

  const { p50, p95, p99 } = document.latency_ms
  expect(p50.value).toBeLessThanOrEqual(p95.value)
  expect(p95.value).toBeLessThanOrEqual(p99.value)
  expect(p99.interval![0]).toBeLessThanOrEqual(p99.value)
  expect(p99.value).toBeLessThanOrEqual(p99.interval![1])
  expect(document.throughput_per_s.map(({ batch, threads }) => [batch, threads])).toEqual([
    [1, 1],
    [256, 1],
  ])
  expect(document.throughput_per_s[1]!.value).toBeGreaterThan(document.throughput_per_s[0]!.value)
  expect(document.cold_start_ms).toBeGreaterThan(0)
  expect(document.peak_mb).toBeGreaterThan(20)
  expect(document.operators).toHaveProperty(['ai.onnx.ml.TreeEnsembleClassifier'], 1)
  expect(document.against?.size_bytes).toBe(638)
  expect(document.ratio!.p50.value).toBeGreaterThan(0)
  expect(pageText(benchPage(document), 100).join('\n')).toContain('1.1.0.onnx over 1.0.0.onnx')
})

test('too few calls for an interval say so and how many would do', async () => {
  const { latency_ms, warnings } = await bench(200)

  expect(latency_ms.p99.interval).toBe(null)
  expect(warnings.find(({ code }) => code === 'few-calls')?.message).toContain('--calls 400')
})
