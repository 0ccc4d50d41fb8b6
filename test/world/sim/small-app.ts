import { createSign } from 'node:crypto'
import type { OpenBot, SimPlace } from '../../../src/world/sim/sim-bot.ts'

/** What the small app asks for. */
export const SMALL_APP = {
  name: 'weighbridge',
  permissions: { checks: 'write', contents: 'read', issues: 'write', pull_requests: 'write' },
  events: ['pull_request', 'pull_request_review'],
} as const

interface Pull {
  readonly number: number
  readonly head: { readonly sha: string }
  readonly state: string
}

/**
 * An app as small as one can be: a pull request passes when `deploy/churn.txt` at its head does not say "worse".
 *
 * It looks before it writes and tries again three times, a minute apart; a bug can be planted.
 */
export function smallApp(bug: 'none' | 'never tries again' = 'none'): OpenBot {
  return async (place) => {
    const waiting = new Set<number>()
    const weighed = new Map<number, Readonly<Record<string, string>>>()
    const call = await caller(place)
    const weigh = async (number: number) => {
      const pull = (await call('GET', `/pulls/${number}`)) as Pull
      if (pull.state !== 'open') return
      const { content } = (await call('GET', `/contents/deploy/churn.txt?ref=${pull.head.sha}`)) as { content: string }
      const isWorse = Buffer.from(content, 'base64').toString().includes('worse')
      weighed.set(number, { metrics: isWorse ? 'failed' : 'passed' })
      const { check_runs: runs } = (await call('GET', `/commits/${pull.head.sha}/check-runs`)) as {
        check_runs: object[]
      }
      if (runs.length > 0) return
      const output = { title: isWorse ? 'held' : 'passed', summary: isWorse ? 'auc 0.87 is under the floor' : 'fine' }
      const run = { name: 'weighbridge', head_sha: pull.head.sha, status: 'completed', output }
      await call('POST', '/check-runs', { ...run, conclusion: isWorse ? 'failure' : 'success' })
    }
    const patiently = async (number: number) => {
      for (let attempt = 1; attempt <= (bug === 'none' ? 3 : 1); attempt++) {
        const failure = await weigh(number).catch((error: unknown) => error)
        if (failure === undefined) return
        await place.clock.sleep(60_000 / 4)
      }
    }
    let working: Promise<unknown> = Promise.resolve()
    return {
      courier: {
        async deliver({ requestBody }) {
          const { pull_request: pull } = JSON.parse(requestBody) as { pull_request?: Pull }
          if (pull === undefined || waiting.has(pull.number)) return 202
          waiting.add(pull.number)
          working = working.then(async () => {
            waiting.delete(pull.number)
            await patiently(pull.number)
          })
          return 202
        },
      },
      settle: async () => {
        await place.clock.settle({ withinMs: 60_000 })
        await working
      },
      gates: async (pull) => weighed.get(pull) ?? null,
      close: async () => undefined,
    }
  }
}

/** Calls the API as the app's installation in a repository. */
export async function caller({
  fetch: send,
  apiUrl,
  app,
  clock,
  repository,
}: Pick<SimPlace, 'fetch' | 'apiUrl' | 'app' | 'clock' | 'repository'>) {
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(clock.now() / 1000)
  const head = `${text({ alg: 'RS256', typ: 'JWT' })}.${text({ iat: now - 60, exp: now + 300, iss: app.id })}`
  const jwt = `${head}.${createSign('RSA-SHA256').update(head).sign(app.privateKey, 'base64url')}`
  const ask = async (method: string, url: string, token: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}` }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const answer = await send(apiUrl + url, init)
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as unknown
  }
  const { id } = (await ask('GET', `/repos/${repository}/installation`, jwt)) as { id: number }
  const { token } = (await ask('POST', `/app/installations/${id}/access_tokens`, jwt)) as { token: string }
  return (method: string, path: string, body?: object) => ask(method, `/repos/${repository}${path}`, token, body)
}
