import { afterAll, beforeAll, expect, test } from 'vitest'
import { worldRun } from '../../../src/world/faults/world-run.ts'
import { type Circumstances, type SweptTale, sweptTale } from './swept-app.ts'
import { serves, TALES } from './swept-tales.ts'

let held: SweptTale

beforeAll(async () => {
  held = await sweptTale({ ...TALES.held, prepared: (repository) => repository.requires(['weighbridge']) })
})
afterAll(() => held.close())

test('from the webhook to the final checks of a promotion it takes less than a second', async () => {
  const took: number[] = []
  const tell: Circumstances['tell'] = async (repository, settled) => {
    await settled()
    const started = performance.now()
    await repository.opensPull({ branch: 'unfair', files: serves('1.2.0'), by: 'dana' })
    await settled()
    took.push(performance.now() - started)
    expect(repository.pull(1).check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  }
  for (let turn = 0; turn < 12; turn++) await worldRun(held.story({ tell, sweeps: 0 }))([])

  const [median, longest] = [took.toSorted((a, b) => a - b)[6] ?? Number.NaN, Math.max(...took)]
  console.info(`webhook to final checks: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`)
  expect(median).toBeLessThan(1000)
})

test('weighing a promotion costs five reads and a write for each check, and again no write', async () => {
  const calls: string[] = []
  const network: Circumstances['network'] = (send, { world }) => {
    const before = world.github.calls.length
    return async (input, init) => {
      const answer = await send(input, init)
      calls.splice(0, calls.length, ...world.github.calls.slice(before).map(({ operation }) => String(operation)))
      return answer
    }
  }
  await worldRun(held.story({ network, sweeps: 1 }))([])

  const isCheck = (name: string) => name.startsWith('checks/')
  const weighing = calls.slice(calls.indexOf('graphql PullNow'), calls.findLastIndex(isCheck) + 1)
  const again = calls.slice(calls.lastIndexOf('graphql OpenPulls') + 1)
  console.info(`a weighing: ${weighing.join(', ')}\nagain: ${again.join(', ')}`)
  expect(weighing.filter((name) => !isCheck(name)).length).toBeLessThanOrEqual(5)
  expect(weighing.filter(isCheck)).toEqual(['checks/create', 'checks/create', 'checks/create'])
  expect(again[0]).toBe('graphql PullNow')
  expect(again.filter(isCheck)).toEqual([])
})
