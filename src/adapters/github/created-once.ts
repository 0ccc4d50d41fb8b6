import { HostFailure } from '../../ports/host-failure.ts'
import type { Side } from './side.ts'

/** How often something is created when the answers get lost. */
const TRIES = 2

/**
 * Creates something that GitHub has no key for, once.
 *
 * When the answer is lost it may be there: a list is asked for it only after the time that lists lag behind, and only
 * when it is still not there it is created again. A caller that died between the two looks before it calls.
 *
 * @throws {HostFailure} ambiguous, when the last answer was lost too and nothing shows
 */
export async function createdOnce<T>(
  { clock, lagMs }: Pick<Side, 'clock' | 'lagMs'>,
  { find, create }: { readonly find: () => Promise<T | null>; readonly create: () => Promise<T> },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      if (!(error instanceof HostFailure) || !error.isAmbiguous) throw error
      await clock.sleep(lagMs)
      const found = await find()
      if (found !== null) return found
      if (attempt === TRIES) throw error
    }
  }
}
