import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { openModelRunner } from '../../../src/adapters/onnx/model-runner.ts'
import { scoresOf } from '../../../src/adapters/onnx/scores.ts'
import { type Column, Unavailable } from '../../../src/ports.ts'
import { columnsOf } from '../../support/rows.ts'
import { catalogue, columnOf, featuresOf, fetched, LIMITS } from './fixture-models.ts'
import * as tiny from './tiny-model.ts'

const runner = openModelRunner()
const ELEC2 = catalogue('elec2').features

const SETS = [
  {
    set: 'adult',
    table: 'adult/evaluation.parquet',
    task: 'binary',
    versions: ['1.0.0', '1.1.0', '1.2.0', '1.3.0'],
    within: 1e-6,
  },
  { set: 'compas', table: 'compas/evaluation.csv', task: 'binary', versions: ['1.0.0', '1.1.0'], within: 1e-6 },
  {
    set: 'elec2',
    table: 'elec2/evaluation.parquet',
    task: 'binary',
    versions: ['1.0.0', '1.1.0', '1.2.0', '1.3.0'],
    within: 1e-6,
  },
  {
    set: 'bike',
    table: 'bike/evaluation.parquet',
    task: 'regression',
    versions: ['1.0.0', '1.1.0', '1.2.0', '1.3.0'],
    within: 4e-4,
  },
] as const

for (const { set, table, task, versions, within } of SETS)
  test(`every ${set} model answers what the predictions that came with it say`, async () => {
    const { features } = catalogue(set)
    const columns = await featuresOf(table, features)
    for (const version of versions) {
      const outputs = await runner.run(fetched(`${set}/models/${version}.onnx`), columns, features, LIMITS)
      const scores = scoresOf({ task, outputs, positive: 1, threshold: 0.5 })

      const column = task === 'binary' ? 'score' : 'prediction'
      const expected = (await columnsOf(`${set}/predictions/${version}.parquet`, [column]))[column]!.map(Number)
      const found = scores.score ?? scores.prediction
      expect(found.length).toBe(expected.length)
      expect(Math.max(...expected.map((value, row) => Math.abs(value - found[row]!)))).toBeLessThanOrEqual(within)
      expect(scores.problems).toEqual([])
    }
  })

test('the same run twice gives the same bytes', async () => {
  const columns = await featuresOf('elec2/evaluation.parquet', ELEC2)
  const [first, second] = await Promise.all(
    [1, 2].map(() => runner.run(fetched('elec2/models/1.1.0.onnx'), columns, ELEC2, LIMITS)),
  )
  expect(first).toEqual(second)
})

const few = (rows: number): Map<string, Column> =>
  new Map(
    ELEC2.map((name, place) => [
      name,
      columnOf(Array.from({ length: rows }, (_, row) => Math.abs(Math.sin(row * 7 + place)))),
    ]),
  )

test('a model that takes one row at a time gives what its free twin gives', async () => {
  const columns = await featuresOf('elec2/evaluation.parquet', ELEC2)
  const [fixed, free] = await Promise.all(
    ['broken/fixed-batch-1.onnx', 'elec2/models/1.0.0.onnx'].map((path) =>
      runner.run(fetched(path), columns, ELEC2, LIMITS),
    ),
  )
  const scores = [fixed, free].map(
    (outputs) => scoresOf({ task: 'binary', outputs: outputs!, positive: 1, threshold: 0.5 }).score!,
  )
  expect(scores[0]!.length).toBe(scores[1]!.length)
  for (const [row, score] of scores[0]!.entries()) expect(score).toBeCloseTo(scores[1]![row]!, 6)
})

const identity = (type: number, shape: readonly (number | string)[]) =>
  tiny.localFile(
    tiny.model([tiny.node('Identity', ['x'], ['y']), tiny.input('x', type, shape), tiny.output('y', type, shape)]),
  )

test('a fixed batch that does not divide the rows is filled up, and no extra row comes back', async () => {
  const values = Array.from({ length: 10 }, (_, row) => row + 0.5)
  const { outputs, rows } = await runner.run(
    identity(tiny.FLOAT, [4, 1]),
    new Map([['x', columnOf(values)]]),
    ['x'],
    LIMITS,
  )
  expect(rows).toBe(10)
  expect([...(outputs[0]!.values as Float64Array)]).toEqual(values)
})

test('a missing number arrives as NaN and a missing text as an empty one', async () => {
  const numbers = await runner.run(
    identity(tiny.FLOAT, ['N', 1]),
    new Map([['x', columnOf([1.5, null])]]),
    ['x'],
    LIMITS,
  )
  const texts = await runner.run(
    identity(tiny.STRING, ['N']),
    new Map([['x', columnOf(['a', null, 'b'])]]),
    ['x'],
    LIMITS,
  )
  expect(numbers.outputs).toEqual([{ name: 'y', width: 1, values: Float64Array.of(1.5, Number.NaN) }])
  expect(texts.outputs).toEqual([{ name: 'y', width: 1, values: ['a', '', 'b'] }])
})

test.each([
  ['int64', tiny.INT64, [3, -4], [3, -4]],
  ['int32', tiny.INT32, [3, -4], [3, -4]],
  ['bool', tiny.BOOL, [0, 1], [0, 1]],
  ['float64', tiny.DOUBLE, [0.1, 1e300], [0.1, 1e300]],
  ['float32', tiny.FLOAT, [0.1, 2], [Math.fround(0.1), 2]],
])('an input of type %s takes a column of numbers', async (_, type, given, expected) => {
  const { outputs } = await runner.run(identity(type, ['N']), new Map([['x', columnOf(given)]]), ['x'], LIMITS)
  expect([...(outputs[0]!.values as Float64Array)]).toEqual(expected)
})

test('a boolean column fills a number, a yes-or-no and a text', async () => {
  const column: Column = { type: 'boolean', values: ['false', 'true'], codes: Int32Array.of(1, 0, -1) }
  const run = (type: number) => runner.run(identity(type, ['N']), new Map([['x', column]]), ['x'], LIMITS)
  expect([...(await run(tiny.FLOAT)).outputs[0]!.values]).toEqual([1, 0, Number.NaN])
  expect((await run(tiny.STRING)).outputs[0]!.values).toEqual(['true', 'false', ''])
  await expect(run(tiny.BOOL)).rejects.toThrow('column x holds missing values, and the model takes bool')
})

const refusals: readonly [string, () => Promise<unknown>, string][] = [
  [
    'a column that is not there is named, with those that are',
    () =>
      runner.run(
        fetched('elec2/models/1.0.0.onnx'),
        new Map([...few(3)].filter(([name]) => name !== 'period')),
        ELEC2,
        LIMITS,
      ),
    'the model needs the column period; columns here: weekday, nswprice',
  ],
  [
    'an order that does not fill the input is named',
    () => runner.run(fetched('elec2/models/1.0.0.onnx'), few(3), ELEC2.slice(1), LIMITS),
    'input `features` takes 7 columns, and `features` names 6: period',
  ],
  [
    'text where the model takes numbers is named',
    () => runner.run(identity(tiny.FLOAT, ['N', 1]), new Map([['x', columnOf(['a'])]]), ['x'], LIMITS),
    'column x is a category where the model takes float32',
  ],
  [
    'numbers where the model takes text are named',
    () => runner.run(identity(tiny.STRING, ['N', 1]), new Map([['x', columnOf([1])]]), ['x'], LIMITS),
    'column x holds numbers where the model takes text',
  ],
  [
    'a fraction is not cut off for a whole-number input',
    () => runner.run(identity(tiny.INT64, ['N']), new Map([['x', columnOf([1.5])]]), ['x'], LIMITS),
    'column x holds numbers that do not fit, and the model takes int64',
  ],
  [
    'no rows give no answer',
    () => runner.run(fetched('elec2/models/1.0.0.onnx'), few(0), ELEC2, LIMITS),
    'there are no rows',
  ],
  [
    'a list of dictionaries is refused by the option that ends it',
    () => runner.run(fetched('broken/zipmap-output.onnx'), few(3), ELEC2, LIMITS),
    'output `probabilities` is not a tensor',
  ],
  [
    'an operator set of the future is named with the newest that runs',
    () => runner.run(fetched('broken/future-opset.onnx'), few(3), ELEC2, LIMITS),
    'the model needs ai.onnx opset 99, and onnxruntime 1.30 supports up to ai.onnx opset 26',
  ],
  [
    'external data is refused by the process itself, too',
    () => runner.run(fetched('broken/external-data-traversal.onnx'), few(3), ELEC2, LIMITS),
    'weights lie outside the file',
  ],
  [
    'bytes that changed after they were fetched are not run',
    () =>
      runner.run(
        { ...fetched('elec2/models/1.0.0.onnx'), digest: tiny.digestOf(new Uint8Array(1)) },
        few(3),
        ELEC2,
        LIMITS,
      ),
    'the model file changed since it was fetched',
  ],
  [
    'a cut-off file is refused',
    () => runner.run(fetched('broken/truncated.onnx'), few(3), ELEC2, LIMITS),
    'the runtime cannot run truncated.onnx',
  ],
]

test.each(refusals)('%s', async (_, act, message) => {
  const error = await act().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Unavailable)
  expect((error as Unavailable).message).toContain(message)
  expect((error as Unavailable).mend).toMatch(/\.$/)
})

/** A loop that ends after 2^62 turns. */
function endless(): ReturnType<typeof tiny.localFile> {
  const tensor = (name: string, type: number, bytes: readonly number[]) =>
    tiny.message(5, tiny.number(2, type), tiny.message(8, name), tiny.message(9, bytes))
  const turns = tensor('turns', tiny.INT64, [0, 0, 0, 0, 0, 0, 0, 64])
  const go = tensor('go', tiny.BOOL, [1])
  const body = tiny.message(
    5,
    tiny.message(1, 'body'),
    tiny.message(
      6,
      tiny.node('Identity', ['c'], ['c2']),
      tiny.node('Identity', ['v'], ['v2']),
      tiny.message(2, 'body'),
      tiny.input('i', tiny.INT64, []),
      tiny.input('c', tiny.BOOL, []),
      tiny.input('v', tiny.FLOAT, ['N', 1]),
      tiny.output('c2', tiny.BOOL, []),
      tiny.output('v2', tiny.FLOAT, ['N', 1]),
    ),
    tiny.number(20, 5),
  )
  return tiny.localFile(
    tiny.model([
      tiny.node('Loop', ['turns', 'go', 'x'], ['y'], body),
      turns,
      go,
      tiny.input('x', tiny.FLOAT, ['N', 1]),
      tiny.output('y', tiny.FLOAT, ['N', 1]),
    ]),
  )
}

/** Asks for about 4 GB: one number, expanded. */
function greedy(): ReturnType<typeof tiny.localFile> {
  const size = tiny.message(
    5,
    tiny.number(1, 2),
    tiny.number(2, tiny.INT64),
    tiny.message(8, 'size'),
    tiny.message(9, [0, 0, 0, 16, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]),
  )
  return tiny.localFile(
    tiny.model([
      tiny.node('Expand', ['x', 'size'], ['big']),
      tiny.node('ReduceSum', ['big'], ['y']),
      size,
      tiny.input('x', tiny.FLOAT, ['N', 1]),
      tiny.output('y', tiny.FLOAT, [1, 1]),
    ]),
  )
}

/** Processes that hold a model and were started by another one. */
function modelProcessesOf(parent: number): readonly string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id) || !procFile(id, 'cmdline').includes('model-child')) return false
    return procFile(id, 'status').includes(`PPid:\t${parent}\n`)
  })
}
function procFile(id: string, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
async function startedBy(parent: number): Promise<string> {
  await expect.poll(() => modelProcessesOf(parent), { timeout: 20_000, interval: 20 }).toHaveLength(1)
  return modelProcessesOf(parent)[0]!
}

const one = new Map([['x', columnOf([1])]])

test('a model that never ends is stopped when its time is up', async () => {
  const started = performance.now()
  await expect(runner.run(endless(), one, ['x'], { timeoutMs: 700, memoryMb: 1024 })).rejects.toThrow(
    'was not done after 0.7 s and was stopped',
  )
  expect(performance.now() - started).toBeLessThan(15_000)
})

test('a model that takes more memory than it may is stopped, and the message names the limit', async () => {
  await expect(runner.run(greedy(), one, ['x'], { timeoutMs: 20_000, memoryMb: 300 })).rejects.toThrow(
    'took more than 300 MB of memory and was stopped',
  )
})

test.runIf(existsSync('/proc'))(
  'a model dies with the process that started it, even in the middle of a call',
  async () => {
    const { path, digest, size_bytes } = endless()
    const source = new URL('../../../src/adapters/onnx/model-runner.ts', import.meta.url).href
    const script = `
    import { openModelRunner } from ${JSON.stringify(source)}
    const x = { type: 'number', values: Float64Array.of(1), nulls: new Uint8Array(1) }
    await openModelRunner().run(${JSON.stringify({ path, digest, size_bytes })}, new Map([['x', x]]), ['x'], { timeoutMs: 60000, memoryMb: 1024 })`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
    const id = await startedBy(parent.pid!)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(procFile(id, 'cmdline')).toContain('model-child')

    parent.kill('SIGKILL')
    await expect.poll(() => procFile(id, 'cmdline'), { timeout: 10_000 }).toBe('')
  },
)

test.runIf(existsSync('/proc'))(
  'the process that holds a model has no credentials and an empty folder of its own',
  async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'canary-of-a-secret'
    const running = runner.run(endless(), one, ['x'], { timeoutMs: 30_000, memoryMb: 1024 })
    const ended = expect(running).rejects.toThrow('was ended by SIGKILL')
    const id = await startedBy(process.pid)

    const environment = procFile(id, 'environ').split('\0').filter(Boolean)
    const folder = readlinkSync(`/proc/${id}/cwd`)
    expect(environment.map((entry) => entry.split('=')[0])).toEqual([
      'NODE_CHANNEL_FD',
      'NODE_CHANNEL_SERIALIZATION_MODE',
    ])
    expect(folder.startsWith(tmpdir())).toBe(true)
    expect(readdirSync(folder)).toEqual([])

    process.kill(Number(id), 'SIGKILL')
    await ended
    delete process.env.AWS_SECRET_ACCESS_KEY
    expect(existsSync(folder)).toBe(false)
  },
)
