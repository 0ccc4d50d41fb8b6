import { virtualClock } from '../../../src/world/clock.ts'
import { addressing } from '../../../src/world/faults/call-address.ts'
import type { Fault } from '../../../src/world/faults/fault.ts'
import { faultyTransport } from '../../../src/world/faults/faulty-transport.ts'
import type { FaultRun } from '../../../src/world/faults/sweep.ts'

/** What a host of two routes remembers: check runs by commit, and merges. */
interface SmallHost {
  readonly runs: { id: number; name: string; conclusion: string }[]
  readonly merges: string[]
  readonly fetch: typeof fetch
}

const SHA = 'a'.repeat(40)
const REPO = 'https://api.github.com/repos/acme/models'

function smallHost(): SmallHost {
  const [runs, merges]: [SmallHost['runs'], string[]] = [[], []]
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    const body = request.method === 'GET' ? null : ((await request.json()) as { name: string; conclusion: string })
    if (pathname.endsWith('/merge')) merges.push(SHA)
    else if (body !== null) runs.push({ id: 100 + runs.length, name: body.name, conclusion: body.conclusion })
    if (request.method === 'POST') return Response.json(runs.at(-1), { status: 201 })
    return Response.json({ check_runs: runs, mergeable: true, merged: merges.length > 0 })
  }
  return { runs, merges, fetch: answer }
}

/** Looks, then does what is missing; tried again after every failure, by a new instance when the old one was killed. */
async function convergingBot(send: typeof fetch, { looksFirst }: { readonly looksFirst: boolean }): Promise<void> {
  for (const name of ['metrics', 'weighbridge']) {
    const { check_runs: runs } = (await ask(send, 'GET', `/commits/${SHA}/check-runs?check_name=${name}`)) as {
      check_runs: { name: string }[]
    }
    if (looksFirst && runs.some((run) => run.name === name)) continue
    await ask(send, 'POST', '/check-runs', { name, head_sha: SHA, conclusion: 'success' })
  }
  const { merged } = (await ask(send, 'GET', '/pulls/7')) as { merged: boolean }
  if (!merged) await ask(send, 'PUT', '/pulls/7/merge', { sha: SHA })
}

async function ask(send: typeof fetch, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await send(REPO + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${answer.status}`)
  return answer.json()
}

/** A run of a bot against a host, with a new instance after a kill; a bug can be planted. */
export async function runOf(
  faults: readonly Fault[],
  bug: 'none' | 'never looks' | 'speaks from the grave' | 'gives up' = 'none',
): Promise<FaultRun> {
  const host = smallHost()
  const [clock, names] = [virtualClock(), addressing()]
  const instances: ReturnType<typeof faultyTransport>[] = []
  const live = async (left: readonly Fault[]): Promise<void> => {
    const killed = Promise.withResolvers<'killed'>()
    const transport = faultyTransport(host.fetch, {
      clock,
      faults: left,
      addressing: names,
      onKill: () => killed.resolve('killed'),
    })
    instances.push(transport)
    const working = worked(transport.fetch, bug)
    const ending = await Promise.race([working, killed.promise])
    if (ending !== 'killed') return
    if (bug === 'speaks from the grave') void transport.fetch(`${REPO}/pulls/7`)
    await live(left.filter((fault) => !transport.fired.includes(fault)))
  }
  await live(faults)
  return {
    calls: instances.flatMap((one) => one.calls),
    fired: instances.flatMap((one) => one.fired),
    refused: instances.flatMap((one) => one.epoch.refused),
    end: { checks: host.runs.map(({ name, conclusion }) => ({ name, conclusion })), merges: host.merges.length },
  }
}

async function worked(send: typeof fetch, bug: string): Promise<'done'> {
  for (let attempt = 1; attempt <= 4; attempt++) {
    const failure = await convergingBot(send, { looksFirst: bug !== 'never looks' }).then(
      () => null,
      (error: unknown) => error,
    )
    if (failure === null || bug === 'gives up') break
  }
  return 'done'
}
