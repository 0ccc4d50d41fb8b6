import { openAppHost } from '../../../src/adapters/github/app-host.ts'
import type { GitHost } from '../../../src/ports/git-host.ts'
import { HostFailure } from '../../../src/ports/host-failure.ts'
import type { HostedRepository } from '../../../src/ports/pull-now.ts'
import type { InstancePlace } from '../../../src/world/faults/world-run.ts'

/** Tries before somebody who never gives up does. */
const TRIES = 8

/**
 * A program that does one thing until it is done, as a job does whose lease runs out: again after a failure, and again
 * after its death. It remembers nothing.
 */
export function stubborn(work: (host: GitHost, repository: HostedRepository) => Promise<void>) {
  return async ({ world, clock, fetch, killed }: InstancePlace) => {
    const installation = world.installation('acme/models')
    const app = openAppHost({
      weigher: { appId: world.app.id, privateKey: world.app.privateKey },
      mover: null,
      fetch,
      clock,
      throttle: { spacingMs: 0 },
      chance: () => 0.5,
    })
    const { id } = await world.repository('acme/models')
    const repository = { id, owner: 'acme', name: 'models', installation }
    const does = async (): Promise<void> => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await work(app.weigher(installation), repository)
        } catch (error) {
          if (!(error instanceof HostFailure) || attempt === TRIES) throw error
          await clock.sleep((error.retryAfterS ?? 2) * 1000)
        }
      }
    }
    const done = clock.during(does)
    done.catch(() => undefined)
    return {
      courier: { deliver: async () => 202 },
      settle: () => Promise.race([done, killed]),
      close: async () => undefined,
    }
  }
}
