import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openInbox } from '../../../src/adapters/inbox/inbox.ts'
import { seededChance } from '../../../src/world/faults/seeded-chance.ts'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { endStateOf } from './end-state.ts'
import { pause, quiet, realPlace, seconds, until } from './real-place.ts'
import { serves, TALES } from './swept-tales.ts'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
const MOMENTS = DEEP ? 50 : 6
const PROSE = DEEP ? 12 : 3
const SEED = 20_261_121
const LONGEST_LIFE_MS = 2500
const ENDS_WITHIN_MS = DEEP ? 300_000 : 120_000

test('killed with kill -9 at seeded moments under load, nothing is lost and nothing comes twice (S08)', {
  timeout: DEEP ? 1_800_000 : 300_000,
}, async () => {
  const chance = seededChance(SEED)
  const { world, repository, app, home } = await realPlace(TALES['passes and merges'])
  const started = performance.now()
  await app.start()

  const better = repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
  const unfair = better.then(() => repository.opensPull({ branch: 'unfair', files: serves('1.2.0'), by: 'dana' }))
  const pulls: PullHandle[] = [await better, await unfair]
  for (let moment = 1; moment <= MOMENTS; moment++) {
    if (pulls.length < 2 + PROSE) {
      if (moment % 2 === 0) app.killAfterNextAnswer()
      pulls.push(
        await repository.opensPull({ branch: `b${moment}`, files: { [`docs/${moment}.md`]: 'x' }, by: 'dana' }),
      )
    }
    await pause(chance.next() * LONGEST_LIFE_MS)
    await app.kill()
    // people go on while nobody listens
    if (moment === 3) await repository.commit({ 'docs/more.md': 'x' }, { by: 'dana', branch: 'b1' })
    await world.settles()
    await app.start()
  }
  const isOver = () => {
    const [first, second, ...prose] = pulls
    const isHeld = second?.check('weighbridge')?.conclusion === 'failure'
    const arePassed = prose.every((pull) => pull.check('weighbridge')?.conclusion === 'success')
    const isDeployed = [...world.github.state.deploymentStatuses.values()].length > 0
    return first?.state === 'merged' && isHeld && arePassed && isDeployed
  }
  await until(
    isOver,
    () => `${JSON.stringify(pulls.map((pull) => [pull.state, pull.checks.length]))}\n${app.said}`,
    ENDS_WITHIN_MS,
  )
  await quiet(() => world.github.calls.length)
  expect(await app.stop()).toBe(0)

  const inbox = openInbox({ path: join(home, 'inbox.sqlite'), now: () => new Date() })
  const end = await endStateOf(world, 'acme/risk', inbox)
  inbox.close()
  console.info(`${MOMENTS} kills, ${world.github.calls.length} calls, ${seconds(performance.now() - started)} s`)
  expect(end.pulls.flatMap(({ checks }) => checks.doubled)).toEqual([])
  expect(end.pulls.flatMap(({ comments }) => comments)).toEqual([])
  expect(end.landed.commits).toBe(2)
  expect(end.deployments).toHaveLength(1)
  expect(end.issues).toEqual([])
  expect(end.locks).toEqual([])
  expect(end.ledger).toMatchObject({ repeated: 0, flaw: null })
  expect(end.ledger).toHaveProperty('facts.length', 3)
  expect(end.inbox).toMatchObject({
    jobs: { waiting: 0, running: 0, dead: 0 },
    deliveries: { dead: 0 },
    waitingMerges: [],
  })
  expect(end.contractBreaks).toEqual([])
})
