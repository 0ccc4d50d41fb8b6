import { join } from 'node:path'
import type { WorldClock } from './clock.ts'
import type { History } from './faults/lagging-reads.ts'
import { shareSession } from './github/api/api-session.ts'
import { worldFetch } from './github/api/world-fetch.ts'
import type { GitHub } from './github/github-state.ts'

/** Copies of GitHub from just before each change, so that reads can lag. */
export interface WorldHistory extends History {
  /** Keeps how it is now; asked before every change. */
  keep(): Promise<void>
  close(): Promise<void>
}

/** Keeps copies in a folder that belongs to the caller. */
export function worldHistory(github: GitHub, clock: WorldClock, folder: string): WorldHistory {
  const kept: { readonly until: number; readonly github: GitHub }[] = []
  return {
    asOf(moment) {
      const then = kept.find(({ until }) => until > moment)
      return then === undefined ? null : worldFetch(then.github)
    },
    async keep() {
      const courier = { deliver: async () => 200 }
      const copy = await github.fork({ folder: join(folder, String(kept.length)), clock, courier, isStill: true })
      // who may read does not lag: a token that was made a moment ago opens the world of before it, too
      Object.assign(copy.state, { tokens: github.state.tokens })
      // and what is asked of the past is asked all the same: one log, one hour's budget
      shareSession(github, copy)
      kept.push({ until: clock.now(), github: copy })
    },
    close: async () => void (await Promise.all(kept.map((one) => one.github.close()))),
  }
}
