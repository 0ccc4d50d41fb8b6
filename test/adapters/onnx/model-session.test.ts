import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openModelRunner } from '../../../src/adapters/onnx/model-runner.ts'
import type { Column, ModelSession } from '../../../src/ports.ts'
import { catalogue, columnOf, featuresOf, fetched, LIMITS } from './fixture-models.ts'
import * as tiny from './tiny-model.ts'

const runner = openModelRunner()
const ELEC2 = catalogue('elec2').features

async function withSession<Answer>(
  session: ModelSession,
  use: (one: ModelSession) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await use(session)
  } finally {
    session.close()
  }
}

const identity = (type: number, shape: readonly (number | string)[]) =>
  tiny.localFile(
    tiny.model([tiny.node('Identity', ['x'], ['y']), tiny.input('x', type, shape), tiny.output('y', type, shape)]),
  )
const x = (...values: readonly (number | string | null)[]) => new Map<string, Column>([['x', columnOf(values)]])

test('a session answers again and again, and as a run of its own would', async () => {
  const columns = await featuresOf('elec2/evaluation.parquet', ELEC2)
  const alone = await runner.run(fetched('elec2/models/1.1.0.onnx'), columns, ELEC2, LIMITS)

  const answers = await withSession(await runner.open(fetched('elec2/models/1.1.0.onnx'), LIMITS), async (session) => [
    await session.run(columns, ELEC2),
    await session.run(columns, ELEC2),
  ])

  expect(answers).toEqual([alone, alone])
})

test('a session says what the model takes', async () => {
  const inputs = await withSession(
    await runner.open(fetched('elec2/models/1.0.0.onnx'), LIMITS),
    async (session) => session.inputs,
  )

  expect(inputs).toEqual([{ name: 'features', type: 'float32', shape: [null, 7] }])
})

test('questions that are asked at once are answered each with its own rows', async () => {
  const answers = await withSession(await runner.open(identity(tiny.FLOAT, ['N']), LIMITS), (session) =>
    Promise.all([1, 2, 3, 4, 5].map((value) => session.run(x(value, value + 0.5), ['x']))),
  )

  expect(answers.map(({ outputs }) => [...outputs[0]!.values])).toEqual([1, 2, 3, 4, 5].map((one) => [one, one + 0.5]))
})

test('many parts of one table come back in their order', async () => {
  const values = Array.from({ length: 50_000 }, (_, row) => row)
  const { outputs } = await withSession(await runner.open(identity(tiny.FLOAT, ['N']), LIMITS), (session) =>
    session.run(x(...values), ['x']),
  )

  expect([...outputs[0]!.values]).toEqual(values)
})

test('a question that is refused does not end the session, and quotes no text of the data', async () => {
  const [refused, answered] = await withSession(
    await runner.open(identity(tiny.STRING, ['N', 1]), LIMITS),
    async (session) => [
      await session.run(x(1), ['x']).catch((error: Error) => error.message),
      await session.run(x('a', null, 'b'), ['x']),
    ],
  )

  expect(refused).toContain('column x holds numbers where the model takes text')
  expect(answered).toMatchObject({ outputs: [{ values: ['a', '', 'b'] }] })
})

test('a session that was closed, or whose time is up, answers with the reason and never hangs', async () => {
  const late = async () => {
    const short = await runner.open(identity(tiny.FLOAT, ['N']), { timeoutMs: 900, memoryMb: 1024 })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    return short.run(x(1), ['x']).finally(short.close)
  }
  await expect(late()).rejects.toThrow('was not done after 0.9 s and was stopped')

  const closed = await runner.open(identity(tiny.FLOAT, ['N']), LIMITS)
  const waiting = closed.run(x(1), ['x'])
  closed.close()
  await expect(Promise.race([waiting, closed.run(x(1), ['x'])])).rejects.toThrow('the process that ran model.onnx')
  await waiting.catch(() => {})
})

test('a file that cannot be opened leaves no process behind', async () => {
  await expect(runner.open(fetched('broken/truncated.onnx'), LIMITS)).rejects.toThrow('cannot run truncated.onnx')
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
  for (const id of children.split(' ').filter(Boolean))
    expect(readFileSync(`/proc/${id}/cmdline`, 'utf8')).not.toContain('truncated')
})
