import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type LockAsk, type LockPorts, releaseLock, takeLock } from '../../../src/adapters/ledger/lock.ts'
import { lockText } from '../../../src/ledger/lock.ts'
import { newKey, OUR_KEY, REPOSITORY } from './ledger-world.ts'

/** Refs on a host that compares before it sets. */
function refs() {
  const held = new Map<string, { readonly sha: string; readonly content: string }>()
  let commits = 0
  const next = () => String(++commits).padStart(40, '0')
  const host: LockPorts['host'] = {
    createLock: async (_, ref, content) => {
      await tick()
      const there = held.get(ref)
      if (there !== undefined) return { is: 'taken', ...there }
      const sha = next()
      held.set(ref, { sha, content })
      return { is: 'made', sha }
    },
    replaceLock: async (_, ref, seen, content) => {
      await tick()
      if (held.get(ref)?.sha !== seen) return false
      if (content === null) held.delete(ref)
      else held.set(ref, { sha: next(), content })
      return true
    },
  }
  const ports: LockPorts = { host, repository: REPOSITORY, signingKey: OUR_KEY, publicKeys: [OUR_KEY.public] }
  return { held, ports }
}

const REF = 'refs/heads/weighbridge/lock/merge-main'
const ask = (owner: string, over: Partial<LockAsk> = {}): LockAsk => ({
  name: 'merge-main',
  owner,
  purpose: 'merge #7',
  now: '2026-11-21T10:00:00Z',
  forMs: 60_000,
  ...over,
})

test('of fifty claims at once one wins, and the others hear who has it (S38)', async () => {
  const { ports } = refs()

  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => takeLock(ports, ask(`instance ${index}`))))

  const winner = answers.findIndex(({ is }) => is === 'held')
  const others = answers.filter(({ is }) => is === 'taken')
  expect(others).toHaveLength(49)
  for (const other of others)
    expect(other).toMatchObject({ by: { owner: `instance ${winner}`, until: '2026-11-21T10:01:00.000Z' } })
})

test('the winner who asks again still has it; who gave it back, or lost it, changes nothing any more (S38)', async () => {
  const { ports, held } = refs()
  const first = await takeLock(ports, ask('a'))
  expect(await takeLock(ports, ask('a'))).toEqual(first)
  if (first.is !== 'held') throw new Error('not held')

  const later = await takeLock(ports, ask('b', { now: '2026-11-21T10:05:00Z' }))

  expect(later.is).toBe('held')
  expect(await releaseLock(ports, first)).toBe(false)
  expect(held.size).toBe(1)
  if (later.is === 'held') expect(await releaseLock(ports, later)).toBe(true)
  expect(held.size).toBe(0)
})

test('fifty claims on a lock that has expired: one takes it over', async () => {
  const { ports } = refs()
  await takeLock(ports, ask('dead'))

  const late = Array.from({ length: 50 }, (_, index) =>
    takeLock(ports, ask(`late ${index}`, { now: '2026-11-21T11:00:00Z' })),
  )

  expect((await Promise.all(late)).filter(({ is }) => is === 'held')).toHaveLength(1)
})

test.each([
  ['garbage', 'garbage'],
  ['an empty object', '{}'],
  [
    'a lock that a stranger signed',
    lockText({ name: 'merge-main', repository: 42, owner: 'x', purpose: '', until: '2099-01-01T00:00:00Z' }, newKey()),
  ],
  [
    "another repository's lock of ours",
    lockText({ name: 'merge-main', repository: 43, owner: 'x', purpose: '', until: '2099-01-01T00:00:00Z' }, OUR_KEY),
  ],
  [
    'another lock of ours',
    lockText({ name: 'merge-dev', repository: 42, owner: 'x', purpose: '', until: '2099-01-01T00:00:00Z' }, OUR_KEY),
  ],
])('%s in the place of a lock holds nobody up (S38)', async (_, content) => {
  const { ports, held } = refs()
  held.set(REF, { sha: 'f'.repeat(40), content })

  expect((await takeLock(ports, ask('a'))).is).toBe('held')
})

test('a name that is no name of a ref is refused', async () => {
  await expect(takeLock(refs().ports, ask('a', { name: '../main' }))).rejects.toThrow('the name of a lock')
})
