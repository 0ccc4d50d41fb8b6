import { expect, test } from 'vitest'
import type { ObjectStore } from '../../../src/ports.ts'
import {
  CHURN,
  deployed,
  dispatched,
  fact,
  newKey,
  OUR_KEY,
  openLedgerWorld,
  quarantine,
  versionsOf,
} from './ledger-world.ts'

test('what was appended is what weighing reads', async () => {
  const world = openLedgerWorld()
  const ledger = world.open()

  const { tip, appended } = await ledger.append([
    fact(1),
    fact(1, { fact: { kind: 'verified', version: '1.1.0', digest: 'sha256:1.1.0', commit: 'commit of 1.1.0' } }),
    fact(2, { fact: quarantine('1.0.0') }),
  ])
  const reading = await ledger.read(CHURN, tip)

  expect(appended).toBe(3)
  expect(reading).toMatchObject({
    is: 'sound',
    tip,
    state: {
      seq: 3,
      deployed: [{ version: '1.1.0', weighed: true, verified: true }],
      quarantined: [{ digest: 'sha256:1.0.0', by: 7 }],
    },
  })
  expect(world.branch.headlines()).toEqual(['ledger: 3 facts of production/churn [skip ci]'])
  expect([...world.branch.files().keys()].sort()).toEqual([
    'facts/production/churn/2026-11.jsonl',
    'head.json',
    'keys.json',
    'state/production.json',
    'state/production/churn.json',
  ])
})

test('a ledger without a branch is empty, and nothing is written by looking', async () => {
  const world = openLedgerWorld()

  const reading = await world.open().read(CHURN, null)

  expect(reading).toMatchObject({ is: 'sound', tip: null, state: { seq: 0, deployed: [] } })
  expect(world.branch.calls).toEqual([])
})

test('the same cause told ten times by three instances is one line', async () => {
  const world = openLedgerWorld()

  const answers = []
  for (let turn = 0; turn < 10; turn++) answers.push(await world.open().append([fact(1), fact(turn % 2)]))

  expect(answers.map(({ appended }) => appended)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  expect(versionsOf(await world.lines())).toEqual(['1.0.0', '1.1.0'])
})

test('one cause may bring facts of two kinds, and each is kept', async () => {
  const world = openLedgerWorld()

  await world.open().append([fact(1), fact(1, { fact: quarantine('1.0.0') }), fact(1)])

  expect((await world.lines()).map(({ fact: { kind } }) => kind)).toEqual(['deployed', 'quarantined'])
})

test.each([2, 20])('%i writers at once: every line once, one chain', async (writers) => {
  const world = openLedgerWorld()
  const facts = Array.from({ length: writers }, (_, number) => [fact(number), fact(number + 1), fact(1000 + number)])

  const answers = await Promise.all(facts.map((some) => world.open().append(some)))

  const lines = await world.lines()
  const causes = new Set(facts.flat().map(({ cause }) => cause))
  expect(lines).toHaveLength(causes.size)
  expect(new Set(lines.map(({ id }) => id)).size).toBe(causes.size)
  expect(answers.reduce((sum, { appended }) => sum + appended, 0)).toBeGreaterThanOrEqual(causes.size)
  expect(await world.open().read(CHURN, world.branch.tip())).toMatchObject({ is: 'sound', state: { seq: causes.size } })
  console.info(`${writers} writers: ${world.branch.calls.filter((call) => call === 'commit').length} commits tried`)
})

test('an answer of GitHub that is lost appends nothing twice', async () => {
  const world = openLedgerWorld()
  world.branch.faults.lostAnswers = 2

  const first = await world.open().append([fact(1)])
  const second = await world.open().append([fact(2), fact(1)])

  expect([first.appended, second.appended]).toEqual([1, 1])
  expect(versionsOf(await world.lines())).toEqual(['1.1.0', '1.2.0'])
})

test("GitHub's reads may lag behind our own commit", async () => {
  const world = openLedgerWorld()
  const ledger = world.open()
  await ledger.append([fact(1)])
  await ledger.append([fact(2)])
  world.branch.faults.lagging = 1

  await ledger.append([fact(3)])
  const reading = await ledger.read(CHURN, world.branch.past[0]!)

  expect(reading).toMatchObject({ is: 'sound', tip: world.branch.tip(), state: { seq: 3 } })
})

/** The effects of an append, one of which is its last. */
class Killed extends Error {}

function dyingAt(moment: number, when: 'before' | 'after', world: ReturnType<typeof openLedgerWorld>) {
  let effects = 0
  const dies = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    const isLast = ++effects === moment
    if (effects > moment || (isLast && when === 'before')) throw new Killed()
    const value = await act()
    if (isLast) throw new Killed()
    return value
  }
  const store: Pick<ObjectStore, 'get' | 'putNew'> = {
    get: world.store.get,
    putNew: (uri, bytes) => dies(() => world.store.putNew(uri, bytes)),
  }
  const host = {
    ...world.branch.host,
    commit: (...of: Parameters<typeof world.branch.host.commit>) => dies(() => world.branch.host.commit(...of)),
  }
  return { instance: world.open({ store, host }), effects: () => effects }
}

test('killed at any moment of an append, the next writer finishes it and nothing is there twice (S08)', async () => {
  let killed = 0
  for (const when of ['before', 'after'] as const)
    for (let moment = 1, isDone = false; !isDone; moment++) {
      const world = openLedgerWorld()
      await world.open().append([fact(1)])
      const dying = dyingAt(moment, when, world)
      isDone = await dying.instance.append([fact(2), fact(3)]).then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error
          killed++
          return false
        },
      )

      // Readers in between see a prefix of what was meant, and it is sound.
      const between = await world.open().read(CHURN, world.branch.tip())
      expect(between.is).toBe('sound')
      await world.open().append([fact(4)])
      await world.open().append([fact(2), fact(3)])

      expect(versionsOf(await world.lines())).toEqual(['1.1.0', '1.2.0', '1.3.0', '1.4.0'])
    }
  console.info(`${killed} moments of death`)
  expect(killed).toBeGreaterThanOrEqual(10)
})

test('a line that was mirrored and not committed is read, and the next append commits it', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(1)])
  const failing = { ...world.branch.host, commit: () => Promise.reject(new Killed()) }
  await expect(world.open({ host: failing }).append([fact(2, { fact: quarantine('1.1.0') })])).rejects.toThrow(Killed)

  const between = await world.open().read(CHURN, world.branch.tip())
  await world.open().append([fact(3)])

  expect(between).toMatchObject({ is: 'sound', state: { seq: 2, quarantined: [{ version: '1.1.0' }] } })
  expect((await world.lines()).map(({ fact: { kind } }) => kind)).toEqual(['deployed', 'quarantined', 'deployed'])
})

test('facts of many environments and models go into one commit, and each is read by itself', async () => {
  const world = openLedgerWorld()
  const scopes = ['staging', 'production'].flatMap((environment) =>
    ['churn', 'fraud', 'constructor'].map((model) => ({ environment, model })),
  )

  await world
    .open()
    .append([
      ...scopes.map((scope, index) => fact(index, { scope })),
      fact(9, { scope: 'budget', fact: dispatched(9) }),
    ])
  await world.open().append([fact(10, { scope: 'budget', fact: dispatched(10) })])

  for (const [index, scope] of scopes.entries())
    expect(await world.open().read(scope, world.branch.tip())).toMatchObject({
      is: 'sound',
      state: { ...scope, seq: index + 1, deployed: [{ version: `1.${index}.0` }] },
    })
  expect(world.branch.headlines()[1]).toBe('ledger: 7 facts of staging/churn and 6 more [skip ci]')
  expect(world.branch.files().get('facts/budget/2026-11.jsonl')?.split('\n')).toHaveLength(3)
  await world.lines()
  world.branch.calls.length = 0
  const all = await world.open().readAll(world.branch.tip())
  expect(all?.map(({ environment, model, seq }) => ({ environment, model, seq }))).toEqual(
    expect.arrayContaining(scopes.map((scope, index) => ({ ...scope, seq: index + 1 }))),
  )
  expect(all).toHaveLength(scopes.length)
  expect(world.branch.calls).toEqual(['read 1', 'read 2', 'read 6'])
})

test('a new month begins a new file, and a full file a new part', async () => {
  const world = openLedgerWorld()
  const ledger = world.open()
  const reason = 'x'.repeat(9000)
  const long = (number: number, at: string) => fact(number, { at, fact: { kind: 'held', pull: number, reason } })

  await ledger.append([long(1, '2026-10-31T23:59:59Z')])
  await ledger.append(Array.from({ length: 40 }, (_, index) => long(index + 2, '2026-11-01T00:00:00Z')))
  await ledger.append([long(100, '2026-10-30T00:00:00Z')])
  await ledger.append([fact(101, { at: '2026-12-01T00:00:00Z' })])

  const parts = [...world.branch.files().keys()].filter((path) => path.startsWith('facts/'))
  expect(parts).toEqual(
    ['2026-10', '2026-11', '2026-11.2', '2026-11.3', '2026-12'].map((name) => `facts/production/churn/${name}.jsonl`),
  )
  expect(Math.max(...parts.map((path) => world.branch.files().get(path)!.length))).toBeLessThan(200_000)
  expect(await world.lines()).toHaveLength(43)
})

test('a key is changed without a break: the old one verifies, the new one signs', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(1)])
  const newest = newKey()
  const changed = world.open({ signingKey: newest, publicKeys: [newest.public, OUR_KEY.public] })

  const { tip } = await changed.append([fact(2)])

  expect(await changed.read(CHURN, tip)).toMatchObject({ is: 'sound', state: { seq: 2 } })
  expect(world.branch.files().get('keys.json')).toContain(newest.public.text)
  expect(await world.open().read(CHURN, tip)).toMatchObject({
    is: 'broken',
    because: `ledger broken at 2: head.json is signed by key ${newest.key_id}, which is none of the operator's`,
  })
})

test('a store that ignores conditions is refused, with a way out', async () => {
  const world = openLedgerWorld()
  const forgetful = {
    get: world.store.get,
    putNew: async (uri: string, bytes: Uint8Array) => {
      await world.store.put(uri, bytes)
      return 'written' as const
    },
  }

  const append = world.open({ store: forgetful }).append([fact(1)])

  await expect(append).rejects.toMatchObject({
    message: expect.stringContaining('ignores conditional writes'),
    mend: expect.stringContaining('If-None-Match'),
  })
  expect(world.branch.tip()).toBeNull()
})

test('a key that the operator does not list cannot open a ledger for writing', () => {
  expect(() => openLedgerWorld().open({ signingKey: newKey() })).toThrow('not among the public keys of the operator')
})

test('two repositories that share a prefix are told so, and neither writes over the other', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(1)])
  const other = openLedgerWorld({ store: world.store, prefix: world.prefix })

  const append = other.open({ repository: { id: 43, owner: 'acme', name: 'other', installation: 9 } }).append([fact(2)])

  await expect(append).rejects.toThrow("begins another repository's ledger; each needs a store.evidence of its own")
})

test('reading and appending cost the same after 3 lines and after 200', async () => {
  const world = openLedgerWorld()
  const ledger = world.open()
  const costOf = async (number: number) => {
    world.branch.calls.length = 0
    await ledger.append([fact(number)])
    const append = [...world.branch.calls]
    world.branch.calls.length = 0
    await ledger.read(CHURN, world.branch.tip())
    return { append, read: [...world.branch.calls] }
  }
  for (let number = 0; number < 3; number++) await ledger.append([fact(number)])
  const early = await costOf(10)
  for (let turn = 0; turn < 2; turn++)
    await ledger.append(
      Array.from({ length: 100 }, (_, index) => fact(1000 + turn * 100 + index, { fact: deployed('2.0.0') })),
    )

  const late = await costOf(11)

  expect(late).toEqual(early)
  expect(early.read).toEqual(['read 4'])
  expect(early.append).toEqual(['tip', 'read 3', 'read 1', 'commit'])
})

test('a writer that was asleep while others went on writes nothing over, and what it had begun is there', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(0)])
  let slept = 0
  const sleeper = {
    ...world.branch.host,
    commit: async (...of: Parameters<typeof world.branch.host.commit>) => {
      if (slept++ === 0) await world.open().append([fact(2), fact(3)])
      return world.branch.host.commit(...of)
    },
  }

  const { appended, tip } = await world.open({ host: sleeper }).append([fact(1)])

  expect({ appended, tip, slept }).toEqual({ appended: 1, tip: world.branch.tip(), slept: 1 })
  expect((await world.lines()).map(({ fact: { kind } }) => kind)).toHaveLength(4)
  expect(world.branch.headlines()[0]).toBe('ledger: 3 facts of production/churn [skip ci]')
})
