import { onTestFinished } from 'vitest'
import { type AppHostOptions, openAppHost } from '../../../src/adapters/github/app-host.ts'
import { APP_PERMISSIONS } from '../../../src/app/permissions.ts'
import type { HostedRepository } from '../../../src/ports/pull-now.ts'
import { virtualClock } from '../../../src/world/clock.ts'
import { openWorld, type World } from '../../../src/world/world.ts'

/** The app with what it asks for and no more: a route that needs more is refused. */
export const APP = {
  name: 'weighbridge',
  permissions: Object.fromEntries(Object.entries(APP_PERMISSIONS).map(([name, [level]]) => [name, level])),
  events: ['pull_request', 'push', 'check_run'],
} as const
export const CONFIGURATION = 'version: 1\n'

/** A world with people and a pull request, and the adapter at its door. */
export async function hostInWorld(options: Partial<AppHostOptions> = {}) {
  const clock = virtualClock()
  const world = await openWorld({ app: APP, clock, courier: { deliver: async () => 202 } })
  onTestFinished(() => world.close())
  await world.user('ann')
  await world.user('bob', { teams: ['risk'] })
  await world.user('eve', { permission: 'read' })
  const models = await world.repository('acme/models', {
    files: {
      '.github/weighbridge.yml': CONFIGURATION,
      'policies/production.yml': 'gates: {}\n',
      'a/b/c/d/e.yml': 'x: 1\n',
    },
  })
  const installation = world.installation('acme/models')
  const app = openAppHost({
    weigher: { appId: world.app.id, privateKey: world.app.privateKey },
    mover: null,
    fetch: world.fetch,
    clock,
    throttle: { spacingMs: 0 },
    ...options,
  })
  const repository: HostedRepository = { id: models.id, owner: 'acme', name: 'models', installation }
  const does = async <T>(work: () => Promise<T>): Promise<T> => {
    let result: T | undefined
    const done = clock.during(async () => {
      result = await work()
    })
    await Promise.all([done, settles(world, done)])
    return result as T
  }
  world.github.forgetCalls()
  return { world, models, app, host: app.weigher(installation), repository, clock, does }
}

/** Time goes on while the work sleeps. */
async function settles(world: World, done: Promise<void>): Promise<void> {
  let isDone = false
  const end = () => {
    isDone = true
  }
  done.then(end, end)
  while (!isDone) await world.passes(1000)
}
