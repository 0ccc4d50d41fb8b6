import { expect, test } from 'vitest'
import { virtualClock } from '../../../src/world/clock.ts'
import { addressing, printAddress } from '../../../src/world/faults/call-address.ts'
import { differencesOf } from '../../../src/world/faults/difference.ts'
import { effectsOn } from '../../../src/world/faults/fault.ts'
import { faultyTransport } from '../../../src/world/faults/faulty-transport.ts'
import { sweep } from '../../../src/world/faults/sweep.ts'
import { runOf } from './small-bot.ts'

test('a bot that looks before it acts survives everything that can go wrong with each of its calls (S08)', async () => {
  const report = await sweep((faults) => runOf(faults), { seed: 1, deep: true, pairs: 40 })

  console.info(`${report.runs} runs in ${report.tookMs.toFixed(0)} ms`)
  expect(report.problems).toEqual([])
  expect(report.calls.map(({ address }) => printAddress(address))).toEqual([
    `checks/list-for-ref (acme/models/${'a'.repeat(40)} check_name=metrics) no. 1`,
    'checks/create (acme/models metrics) no. 1',
    `checks/list-for-ref (acme/models/${'a'.repeat(40)} check_name=weighbridge) no. 1`,
    'checks/create (acme/models weighbridge) no. 1',
    'pulls/get (acme/models/7) no. 1',
    'pulls/merge (acme/models/7) no. 1',
  ])
  expect(report.runs).toBe(2 + report.calls.flatMap(effectsOn).length + 40)
})

test.each([
  { bug: 'never looks', shows: /checks\[1\].*nothing in the clean run|checks\[\d\]/ },
  { bug: 'gives up', shows: /merges: 1 in the clean run, 0 here/ },
  { bug: 'speaks from the grave', shows: /the dead instance still sent pulls\/get/ },
] as const)('a bot that $bug is found out, with the fault that shows it', async ({ bug, shows }) => {
  const { problems } = await sweep((faults) => runOf(faults, bug), { seed: 1, deep: true })

  expect(problems.join('\n')).toMatch(shows)
  expect(problems[0]).toMatch(/^(status 50\d|no-answer|kill|limited|exhausted).* at .* no\. 1: /)
})

test('one effect a call is tried in the short sweep, the same ones for the same seed', async () => {
  const tried = async (seed: number) => {
    const seen: string[] = []
    await sweep(
      (faults) => {
        seen.push(...faults.map(({ effect }) => JSON.stringify(effect)))
        return runOf(faults)
      },
      { seed },
    )
    return seen
  }

  const [first, again, other] = [await tried(7), await tried(7), await tried(8)]

  expect(first).toHaveLength(6)
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test('a fault that never fires fails the run: nothing was tried', async () => {
  const { problems } = await sweep(
    async (faults) => runOf(faults.map((fault) => ({ ...fault, at: { ...fault.at, ordinal: 99 } }))),
    { seed: 1 },
  )

  expect(problems).toHaveLength(6)
  expect(problems[0]).toMatch(/no\. 1: never fired, so nothing was tried$/)
})

test('a story that is told differently each time is refused, with the calls that differ', async () => {
  let told = 0
  const { problems, runs } = await sweep(
    async (faults) => {
      told++
      const run = await runOf(faults)
      return told % 2 === 0 ? { ...run, calls: run.calls.slice(1) } : run
    },
    { seed: 1 },
  )

  expect(runs).toBe(2)
  expect(problems[0]).toMatch(/^two clean runs differ: only the first calls checks\/list-for-ref/)
})

test('calls of different subjects keep their addresses in whatever order they come', () => {
  const calls = ['metrics', 'drift', 'weighbridge'].map((name) => ({
    method: 'POST',
    url: '/repos/acme/models/check-runs',
    body: JSON.stringify({ name, head_sha: 'b'.repeat(40) }),
  }))
  const addressed = (order: readonly number[]) => {
    const names = addressing()
    return order.map((index) => printAddress(names.address(calls[index]!))).sort()
  }

  expect(addressed([2, 0, 1])).toEqual(addressed([0, 1, 2]))
})

test('a run is called by its name once it has one, whatever its number is this time', () => {
  const named = (id: number) => {
    const names = addressing()
    const made = { method: 'POST', url: '/repos/acme/models/check-runs', body: '{"name":"weighbridge"}' }
    names.address(made)
    names.learn(made, { id })
    return printAddress(names.address({ method: 'PATCH', url: `/repos/acme/models/check-runs/${id}`, body: '{}' }))
  }

  expect(named(4)).toBe('checks/update (acme/models/weighbridge) no. 1')
  expect(named(9)).toBe(named(4))
})

test('a query is told from another by its words, a change by what it changes, and neither by a random id', () => {
  const names = addressing()
  const ask = (query: string, variables: object) =>
    printAddress(names.address({ method: 'POST', url: '/graphql', body: JSON.stringify({ query, variables }) }))

  const first = ask('query Pull($number: Int!) { node }', { owner: 'acme', number: 7 })
  const other = ask('query Pull($number: Int!) { nodes }', { owner: 'acme', number: 7 })
  const commit = (clientMutationId: string) =>
    ask('mutation($input: X!) { createCommitOnBranch(input: $input) { commit } }', {
      input: { clientMutationId, branch: { branchName: 'main' }, expectedHeadOid: clientMutationId },
    })

  expect(first).toMatch(/^graphql Pull \(7 acme [0-9a-f]{6}\) no\. 1$/)
  expect(other).toMatch(/no\. 1$/)
  expect(commit('x')).toBe('graphql createCommitOnBranch (createCommitOnBranch main) no. 1')
  expect(commit('y')).toBe('graphql createCommitOnBranch (createCommitOnBranch main) no. 2')
})

test('an answer that is lost has had its effect, one that never went out has not', async () => {
  const seen: string[] = []
  const inner: typeof fetch = async (input) => {
    seen.push(String((input as Request).url))
    return Response.json({ id: 1 })
  }
  const address = { operation: 'checks/create', subject: 'acme/models x', ordinal: 1 }
  const sent = (when: 'before' | 'after') => {
    const transport = faultyTransport(inner, {
      clock: virtualClock(),
      faults: [{ at: address, effect: { kind: 'no-answer', when } }],
    })
    return transport.fetch('https://api.github.com/repos/acme/models/check-runs', {
      method: 'POST',
      body: '{"name":"x"}',
    })
  }

  await expect(sent('before')).rejects.toThrow('fetch failed')
  expect(seen).toHaveLength(0)
  await expect(sent('after')).rejects.toThrow('fetch failed')
  expect(seen).toHaveLength(1)
})

test.each([
  { kind: 'null-mergeability', body: { data: { mergeable: 'MERGEABLE' } }, now: { data: { mergeable: 'UNKNOWN' } } },
  {
    kind: 'null-mergeability',
    body: { mergeable: true, mergeable_state: 'clean' },
    now: { mergeable: null, mergeable_state: 'unknown' },
  },
  {
    kind: 'truncated',
    body: { blob: { isTruncated: false, text: 'abcdef' } },
    now: { blob: { isTruncated: true, text: 'abc' } },
  },
  { kind: 'resource-limits', body: { data: 1 }, now: expect.objectContaining({ data: null }) },
] as const)('$kind changes $body', async ({ kind, body, now }) => {
  const transport = faultyTransport(async () => Response.json(body), {
    clock: virtualClock(),
    faults: [{ at: { operation: 'pulls/get', subject: 'acme/models/7', ordinal: 1 }, effect: { kind } }],
  })

  const answer = await transport.fetch('https://api.github.com/repos/acme/models/pulls/7')

  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual(now)
})

test('a difference of two end states is told by its place', () => {
  expect(differencesOf({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }], c: null })).toEqual([
    'a[1].b: 2 in the clean run, 3 here',
    'c: nothing in the clean run, null here',
  ])
})
