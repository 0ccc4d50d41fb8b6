import { expect, test } from 'vitest'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { quiet, realPlace, seconds, until } from './real-place.ts'
import { serves, TALES } from './swept-tales.ts'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
const PULLS = DEEP ? 50 : 20
const PROMOTIONS = DEEP ? PULLS : 6
const WITHIN_MS = 280_000
const MEGABYTE = 1024 * 1024

test(`the process weighs ${PULLS} pull requests in less than 300 MB`, { timeout: 300_000 }, async () => {
  const { world, repository, app } = await realPlace(TALES.held)
  await app.start()
  const idle = app.residentBytes()
  const started = performance.now()
  const pulls: PullHandle[] = []
  for (let number = 1; number <= PULLS; number++) {
    const files = number <= PROMOTIONS ? serves(number % 2 === 0 ? '1.1.0' : '1.2.0') : { [`docs/${number}.md`]: 'x' }
    pulls.push(await repository.opensPull({ branch: `b${number}`, files, by: 'dana' }))
  }
  const areWeighed = () => pulls.every((pull) => pull.check('weighbridge')?.status === 'completed')
  await until(areWeighed, () => app.said, WITHIN_MS)
  await quiet(() => world.github.calls.length)

  const resident = app.residentBytes()
  const [before, after] = [idle, resident].map((bytes) => (bytes / MEGABYTE).toFixed(0))
  const took = seconds(performance.now() - started)
  console.info(`${PULLS} pull requests, ${PROMOTIONS} promotions: ${before} MB before, ${after} MB after, ${took} s`)
  expect(resident).toBeLessThan(300 * MEGABYTE)
  expect(world.github.contractBreaks).toEqual([])
})
