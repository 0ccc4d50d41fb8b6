import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweep } from '../../../src/world/faults/sweep.ts'
import { worldRun } from '../../../src/world/faults/world-run.ts'
import { fromSnapshot, openWorld, type World, type WorldSnapshot } from '../../../src/world/world.ts'
import { type Bug, durableApp } from './durable-app.ts'

const APP = {
  name: 'weighbridge',
  permissions: { checks: 'write', contents: 'write', pull_requests: 'write' },
  events: ['pull_request'],
} as const

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
let snapshot: WorldSnapshot

beforeAll(async () => {
  const world = await openWorld({ app: APP, courier: { deliver: async () => 202 } })
  await world.user('dana')
  await world.repository('acme/models', { files: { 'deploy.txt': 'version: 1\n' } })
  await world.settles()
  snapshot = await world.snapshot()
  await world.close()
})
afterAll(() => snapshot.close())

/** A pull request is opened, checked by the app and merged by it. */
function promotion(bug: Bug = 'none', lagMs = 0) {
  return worldRun({
    snapshot,
    start: durableApp(bug),
    lagMs,
    tell: async (world, settled) => {
      const models = await world.repository('acme/models')
      await models.opensPull({ branch: 'promote', by: 'dana', files: { 'deploy.txt': 'version: 2\n' } })
      await settled()
    },
    endOf,
  })
}

/** Somebody pushes in the moment in which the first check has been written. */
function pushesBeforeTheMerge(world: World, push: () => Promise<unknown>): void {
  const { runs } = world.github.state
  const set = runs.set.bind(runs)
  let isFirst = true
  Object.assign(runs, {
    set: (id: number, run: Parameters<typeof set>[1]) => {
      if (isFirst) void push()
      isFirst = false
      return set(id, run)
    },
  })
}

async function endOf(world: World) {
  const models = await world.repository('acme/models')
  const [pull] = models.pulls
  return {
    state: pull?.state,
    runs: [...world.github.state.runs.values()].map(({ name, conclusion }) => ({ name, conclusion })),
    deploy: await models.file('deploy.txt'),
  }
}

test('an app that keeps what it is told survives the failure of each of its calls, and its own death at each (S08)', async () => {
  const report = await sweep(promotion(), { seed: 20_261_121, deep: DEEP, pairs: DEEP ? 60 : 0 })

  console.info(
    `${report.calls.length} calls, ${report.runs} runs, ${(report.tookMs / report.runs).toFixed(0)} ms a run`,
  )
  expect(report.problems).toEqual([])
  expect(report.calls.map(({ address }) => address.operation)).toEqual([
    'apps/get-repo-installation',
    'apps/create-installation-access-token',
    'pulls/get',
    'checks/list-for-ref',
    'checks/create',
    'pulls/merge',
    'pulls/get',
  ])
})

test('killed at each call, before and after, it ends where it would have ended alive (S08)', async () => {
  const kills = () => [{ kind: 'kill', when: 'before' } as const, { kind: 'kill', when: 'after' } as const]
  const { problems, runs } = await sweep(promotion(), { seed: 1, deep: true, effects: kills })

  expect(problems).toEqual([])
  expect(runs).toBe(2 + 7 * 2)
})

test('reads that lag do not make it check twice, as long as they lag less than it waits (S37)', async () => {
  const { problems } = await sweep(promotion('none', 5000), { seed: 4, deep: DEEP })

  expect(problems).toEqual([])
})

test('an app that trusts lagging reads checks twice, even when nothing fails', async () => {
  const { end } = await promotion('trusts lagging reads', 5000)([])

  expect(end).toMatchObject({ runs: [{ name: 'weighbridge' }, { name: 'weighbridge' }] })
})

test('a merge of whatever is there lands what nobody weighed when a push comes in between, and is found out', async () => {
  const push = (bug: Bug) =>
    worldRun({
      snapshot,
      start: durableApp(bug),
      tell: async (world, settled) => {
        const models = await world.repository('acme/models')
        const pull = await models.opensPull({ branch: 'promote', by: 'dana', files: { 'deploy.txt': 'version: 2\n' } })
        pushesBeforeTheMerge(world, () => pull.push({ 'deploy.txt': 'version: 666\n' }, 'dana'))
        await settled()
      },
      endOf: async (world) => {
        const models = await world.repository('acme/models')
        const weighed = [...world.github.state.runs.values()].map(({ headSha }) => headSha)
        return { landedWeighed: weighed.includes(models.pulls[0]?.head ?? ''), deploy: await models.file('deploy.txt') }
      },
    })

  expect((await push('merges whatever is there')([])).end).toEqual({ landedWeighed: false, deploy: 'version: 666\n' })
  expect((await push('none')([])).end).toEqual({ landedWeighed: true, deploy: 'version: 666\n' })
})

test('an app that keeps nothing is found out when it is killed', async () => {
  const kill = () => [{ kind: 'kill', when: 'before' } as const]
  const { problems } = await sweep(promotion('forgets what it was told'), { seed: 1, effects: kill })

  expect(problems.join('\n')).toMatch(/kill before at pulls\/merge .*: state: "merged" in the clean run, "open" here/)
})

test('a run of the sweep costs under 60 ms of this processor', async () => {
  const run = promotion()
  const times: number[] = []
  for (let index = 0; index < 9; index++) {
    const before = process.cpuUsage()
    await run([])
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  const [fastest = 0, , , , median = 0] = times.sort((a, b) => a - b)

  console.info(
    `a run of the sweep: ${median.toFixed(1)} ms of processor (median of 9), ${fastest.toFixed(1)} ms (fastest)`,
  )
  expect(fastest).toBeLessThan(60)
})

test('a world of a snapshot ends like any other', async () => {
  const world = await fromSnapshot(snapshot, { courier: { deliver: async () => 202 } })

  expect(await endOf(world)).toEqual({ state: undefined, runs: [], deploy: 'version: 1\n' })
  await world.close()
})
