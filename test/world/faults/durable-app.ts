import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance, InstancePlace } from '../../../src/world/faults/world-run.ts'
import { caller } from '../sim/small-app.ts'

/** Bugs that can be planted. */
export type Bug = 'none' | 'merges whatever is there' | 'trusts lagging reads' | 'forgets what it was told'

/** Longer than any read lags here. */
const LAG_WINDOW_MS = 10_000
const ATTEMPTS = 6

/**
 * An app that keeps what it must do in a file, checks each pull request once, merges it, and starts again where a dead
 * one ended. What it means to write it writes down first; then, until every read has caught up, it does not trust that
 * what it does not see is not there.
 */
export function durableApp(bug: Bug = 'none'): (place: InstancePlace) => Promise<Instance> {
  return async ({ world, clock, fetch: send, folder, killed }) => {
    const file = join(folder, 'todo.json')
    let isAlive = true
    void killed.then(() => {
      isAlive = false
    })
    const memory = (): Memory => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { todo: [], meant: {} })
    const remember = (change: Partial<Memory>) => {
      if (isAlive) writeFileSync(file, JSON.stringify({ ...memory(), ...change }))
    }
    /** Waits until it would be seen, had it been written before. */
    const seeable = async (what: string): Promise<void> => {
      const at = memory().meant[what]
      if (at !== undefined) await clock.sleep(Math.max(0, at + LAG_WINDOW_MS - clock.now()))
    }
    const intend = (what: string): void => {
      if (bug !== 'trusts lagging reads') remember({ meant: { ...memory().meant, [what]: clock.now() } })
    }
    const place = { fetch: send, apiUrl: 'https://api.github.com', app: world.app, clock, repository: 'acme/models' }
    let api: ReturnType<typeof caller> | null = null
    const call = async (method: string, path: string, body?: object) => {
      api ??= caller(place)
      const opened = await api.catch((error: unknown) => {
        api = null
        throw error
      })
      return opened(method, path, body)
    }
    const work = async (number: number): Promise<void> => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const failure = await weigh({ call, seeable, intend, bug }, number).catch((error: unknown) => error)
        if (failure === undefined || !isAlive) return
        await clock.sleep(LAG_WINDOW_MS + 50_000)
      }
    }
    let running: Promise<void> = Promise.resolve()
    const drain = (number: number) => {
      running = running.then(async () => {
        await work(number)
        remember({ todo: memory().todo.filter((one) => one !== number) })
      })
    }
    for (const number of memory().todo) drain(number)
    return {
      courier: {
        async deliver({ requestBody }) {
          const { pull_request: pull } = JSON.parse(requestBody) as { pull_request?: { number: number } }
          if (pull === undefined) return 202
          if (bug !== 'forgets what it was told') remember({ todo: [...new Set([...memory().todo, pull.number])] })
          drain(pull.number)
          return 202
        },
      },
      settle: async () => {
        await clock.settle({ withinMs: ATTEMPTS * 70_000 })
        await running
      },
      close: async () => undefined,
    }
  }
}

interface Memory {
  readonly todo: readonly number[]
  /** What it set out to write, and when. */
  readonly meant: Readonly<Record<string, number>>
}

interface Means {
  readonly call: (method: string, path: string, body?: object) => Promise<unknown>
  readonly seeable: (what: string) => Promise<void>
  readonly intend: (what: string) => void
  readonly bug: Bug
}

async function weigh({ call, seeable, intend, bug }: Means, number: number): Promise<undefined> {
  const pull = (await call('GET', `/pulls/${number}`)) as { state: string; head: { sha: string } }
  if (pull.state !== 'open') return
  const { sha } = pull.head
  await seeable(sha)
  const { check_runs: runs } = (await call('GET', `/commits/${sha}/check-runs`)) as { check_runs: object[] }
  const run = { name: 'weighbridge', head_sha: sha, status: 'completed', conclusion: 'success' }
  if (runs.length === 0) {
    intend(sha)
    await call('POST', '/check-runs', run)
  }
  await call('PUT', `/pulls/${number}/merge`, bug === 'merges whatever is there' ? {} : { sha })
}
