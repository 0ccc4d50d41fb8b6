import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOnnxGraph } from '../../src/adapters/onnx/onnx-graph.ts'
import { trainingTable } from '../../src/demo/example-registry.ts'
import { scratch, typesHere } from '../cli/terminal-user.ts'
import { CATEGORIES, NUMBERS, rescored } from '../support/trained-model.ts'

const TRAINER = fileURLToPath(new URL('../../src/demo/training/train.mjs', import.meta.url))
let folder: string

/** Trains with these parameters and gives back the folder that it wrote to. */
function trains(name: string, parameters: Record<string, number>, more: readonly string[] = []): string {
  const request = join(folder, `${name}.json`)
  writeFileSync(request, JSON.stringify({ parameters, seed: 3, trials: [{ trial: 4, parameters, seed: 5 }] }))
  const args = [TRAINER, '--data', 'data/adult-train.csv', '--request', request, '--out', name, ...more]
  execFileSync(process.execPath, args, { cwd: folder })
  return join(folder, name)
}

const bytes = (out: string, name: string) => readFileSync(join(out, name))

beforeAll(async () => {
  folder = scratch()
  const { path, content } = await trainingTable()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, path), content)
  trains('whole', { epochs: 6 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("the demo's trainer writes an ONNX model that our runner scores as the trainer did, to 1e-6", async () => {
  const { scores, furthest, problems } = await rescored(join(folder, 'whole'))

  expect(scores).toHaveLength(3180)
  expect(furthest).toBeLessThan(1e-6)
  expect(problems).toEqual([])
  const { inputs, external } = readOnnxGraph(bytes(join(folder, 'whole'), 'model.onnx'))
  expect(inputs.map(({ name }) => name)).toEqual([...NUMBERS, ...CATEGORIES])
  expect(external).toEqual([])
})

test('its metrics are those that weighbridge metrics measures on the same rows, to 1e-9', async () => {
  const out = join(folder, 'whole')
  const labels = new Map(columnsIn(out, 'validation.csv', ['row_id', 'label']))
  const joined = columnsIn(out, 'predictions.csv', ['row_id', 'score']).map(([id, score]) => [
    id,
    labels.get(id),
    score,
  ])
  writeFileSync(join(out, 'joined.csv'), `row_id,label,score\n${joined.map((row) => row.join(',')).join('\n')}\n`)

  const { out: text } = await typesHere(
    ['metrics', '--data', 'joined.csv', '--label', 'label', '--score', 'score', '--json'],
    out,
  )

  const { metrics } = JSON.parse(text)
  const said = JSON.parse(bytes(out, 'metrics.json').toString()).validation
  expect(said.rows).toBe(3180)
  expect(Object.keys(said.metrics)).toEqual(['roc_auc', 'log_loss', 'accuracy'])
  for (const [name, value] of Object.entries<number>(said.metrics))
    expect(Math.abs(metrics[name].value - value), name).toBeLessThan(1e-9)
})

test('the same request gives the same bytes, another seed others, and a trial takes its own', () => {
  const again = trains('again', { epochs: 6 })
  const trial = trains('trial', { epochs: 6 }, ['--trial', '4'])

  expect(bytes(again, 'model.onnx').equals(bytes(join(folder, 'whole'), 'model.onnx'))).toBe(true)
  expect(bytes(trial, 'model.onnx').equals(bytes(again, 'model.onnx'))).toBe(false)
  expect(JSON.parse(bytes(trial, 'metrics.json').toString()).seed).toBe(5)
})

test('a training that goes on from a checkpoint ends where an uninterrupted one does', () => {
  const half = trains('half', { epochs: 3 })

  const resumed = trains('resumed', { epochs: 6 }, ['--resume', join(half, 'checkpoint.json')])

  expect(bytes(resumed, 'model.onnx').equals(bytes(join(folder, 'whole'), 'model.onnx'))).toBe(true)
  expect(bytes(half, 'model.onnx').equals(bytes(resumed, 'model.onnx'))).toBe(false)
})

/** Two columns of a table without quotes. */
function columnsIn(out: string, name: string, columns: readonly [string, string]): (readonly [string, string])[] {
  const [header = '', ...lines] = bytes(out, name).toString().trimEnd().split('\n')
  const [a, b] = columns.map((column) => header.split(',').indexOf(column))
  return lines.map((line) => line.split(',')).map((cells) => [cells[a!] ?? '', cells[b!] ?? ''] as const)
}
