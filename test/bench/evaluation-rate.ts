import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { openModelRunner } from '../../src/adapters/onnx/model-runner.ts'
import { modelFile } from '../../src/jobs/measure/model-file.ts'
import type { Column } from '../../src/ports.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { fixture } from '../support/fixtures.ts'

const ROWS = 200_000
const WIDTHS = { bike: 11, elec2: 7 } as const
const BATCHES = [64, 256, 512, 1024, 4096]

/** How many rows a second our process boundary lets through, beside the runtime alone at its best size of batch. */
export async function evaluationRate(): Promise<void> {
  for (const [set, version] of [
    ['elec2', '1.1.0'],
    ['bike', '1.1.0'],
  ] as const) {
    const path = fixture(`${set}/models/${version}.onnx`)
    const raw = await rawRate(path, WIDTHS[set])
    const ours = await ownRate(path, WIDTHS[set])
    const share = (ours / raw.rate).toPrecision(2)
    console.log(
      `${`evaluate ${set} ${version}, ${ROWS} rows`.padEnd(64)} ${rate(ours)}; the runtime alone ${rate(raw.rate)} at ${raw.batch} rows a call; ${share} of it (target 0.9)`,
    )
  }
}

function rate(rows: number): string {
  return `${(rows / 1000).toFixed(0)}k rows/s`
}

async function ownRate(path: string, width: number): Promise<number> {
  const generator = pcg32(3, 'evaluate')
  const names = Array.from({ length: width }, (_, index) => `f${index}`)
  const columns = new Map(
    names.map((name): [string, Column] => [
      name,
      {
        type: 'number',
        values: Float64Array.from({ length: ROWS }, () => generator.uniform()),
        nulls: new Uint8Array(ROWS),
      },
    ]),
  )
  const session = await openModelRunner().open(await modelFile(path), { timeoutMs: 600_000, memoryMb: 4096 })
  try {
    await session.run(columns, names)
    return await best(3, async () => {
      await session.run(columns, names)
    })
  } finally {
    session.close()
  }
}

async function best(runs: number, run: () => Promise<void>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < runs; turn++) {
    const started = performance.now()
    await run()
    fastest = Math.min(fastest, performance.now() - started)
  }
  return (1000 * ROWS) / fastest
}

/** In a process of its own, as ours is, with one thread and tensors that are ready. */
async function rawRate(path: string, width: number): Promise<{ readonly rate: number; readonly batch: number }> {
  const child = fork(fileURLToPath(import.meta.url), ['raw', path, String(width)], { execArgv: [] })
  const [answer] = (await once(child, 'message')) as [{ readonly rate: number; readonly batch: number }]
  child.kill()
  return answer
}

async function raw(path: string, width: number): Promise<{ readonly rate: number; readonly batch: number }> {
  const { InferenceSession: Sessions, Tensor: Tensors } = await import('onnxruntime-node')
  const session: InferenceSession = await Sessions.create(readFileSync(path), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const generator = pcg32(3, 'evaluate')
  const data = Float32Array.from({ length: ROWS * width }, () => generator.uniform())
  const outputs = [...session.outputNames]
  const found: { rate: number; batch: number }[] = []
  for (const batch of BATCHES) {
    const tensors: Tensor[] = []
    for (let from = 0; from < ROWS; from += batch) {
      const rows = Math.min(batch, ROWS - from)
      tensors.push(new Tensors('float32', data.subarray(from * width, (from + rows) * width), [rows, width]))
    }
    const run = async () => {
      for (const tensor of tensors) await session.run({ [session.inputNames[0]!]: tensor }, outputs)
    }
    await run()
    found.push({ batch, rate: await best(3, run) })
  }
  return found.reduce((a, b) => (b.rate > a.rate ? b : a))
}

if (process.argv[2] === 'raw' && process.send !== undefined)
  process.send(await raw(process.argv[3] ?? '', Number(process.argv[4])))
