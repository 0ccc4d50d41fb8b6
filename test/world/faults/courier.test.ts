import { expect, test } from 'vitest'
import { virtualClock } from '../../../src/world/clock.ts'
import { fatesByChance, faultyCourier, holdingCourier } from '../../../src/world/faults/faulty-courier.ts'
import { laggingReads } from '../../../src/world/faults/lagging-reads.ts'
import { ordersOf, seededChance } from '../../../src/world/faults/seeded-chance.ts'
import type { Courier, Delivery } from '../../../src/world/github/github-state.ts'

const delivery = (guid: string) => ({ guid }) as Delivery

const SHA = 'c'.repeat(40)

function recorder(): Courier & { readonly seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    deliver: async ({ guid }) => {
      seen.push(guid)
      return 202
    },
  }
}

test('deliveries are lost, doubled and late as the script says, and the late ones come by the clock', async () => {
  const [clock, inner] = [virtualClock(0), recorder()]
  const script = [{ is: 'late', byMs: 500 }, { is: 'lost' }, { is: 'doubled' }, { is: 'delivered' }] as const
  const courier = faultyCourier(inner, { clock, fates: (_, ordinal) => script[ordinal - 1] ?? { is: 'delivered' } })

  const answers = await Promise.allSettled(['a', 'b', 'c', 'd'].map((guid) => courier.deliver(delivery(guid))))
  expect(inner.seen).toEqual(['c', 'd', 'c'])
  await clock.advance(500)

  expect(inner.seen.at(-1)).toBe('a')
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

test('chance is the same for the same seed, and near its shares', () => {
  const drawn = (seed: number) => {
    const fates = fatesByChance(seededChance(seed), { lost: 0.2, doubled: 0.1, late: 0.1, byMs: 1000 })
    return Array.from({ length: 2000 }, (_, index) => fates(delivery(''), index).is)
  }
  const share = (fate: string) => drawn(3).filter((one) => one === fate).length / 2000

  expect(drawn(3)).toEqual(drawn(3))
  expect(drawn(3)).not.toEqual(drawn(4))
  expect(share('lost')).toBeCloseTo(0.2, 1)
  expect(share('delivered')).toBeCloseTo(0.6, 1)
})

test('what is held goes out in any order, twice or not at all (S07)', async () => {
  const inner = recorder()
  const courier = holdingCourier(inner)
  for (const guid of ['a', 'b', 'c']) expect(await courier.deliver(delivery(guid))).toBe(200)
  expect(inner.seen).toEqual([])

  await courier.release([2, 0, 0])
  courier.open()
  await courier.deliver(delivery('d'))

  expect(inner.seen).toEqual(['c', 'a', 'a', 'd'])
})

test('six events have 720 orders, each of them once', () => {
  const orders = [...ordersOf([1, 2, 3, 4, 5, 6])].map((order) => order.join(''))

  expect(new Set(orders).size).toBe(720)
  expect(orders[0]).toBe('123456')
})

test('lists and queries lag, reads by SHA and changes do not (S37)', async () => {
  const clock = virtualClock(10_000)
  const answered =
    (when: string): typeof fetch =>
    async () =>
      new Response(when)
  const send = laggingReads(answered('now'), {
    clock,
    lagMs: 3000,
    history: { asOf: (moment) => answered(`at ${moment}`) },
  })
  const ask = async (path: string, init?: RequestInit) => (await send(`https://api.github.com${path}`, init)).text()
  const graphql = (query: string) => ask('/graphql', { method: 'POST', body: JSON.stringify({ query }) })

  expect(await ask('/repos/a/b/issues')).toBe('at 7000')
  for (const path of [`commits/${SHA}`, `git/blobs/${SHA}`, `compare/${SHA}...${SHA}`, `contents/a?ref=${SHA}`])
    expect(await ask(`/repos/a/b/${path}`)).toBe('now')
  for (const path of [
    `commits/${SHA}/check-runs`,
    `commits/${SHA}/pulls`,
    'contents/a?ref=main',
    `compare/main...${SHA}`,
  ])
    expect(await ask(`/repos/a/b/${path}`)).toBe('at 7000')
  expect(await ask('/repos/a/b/issues', { method: 'POST', body: '{}' })).toBe('now')
  expect(await graphql('query Pull { viewer { login } }')).toBe('at 7000')
  expect(await graphql('\n  mutation { x }')).toBe('now')
})
