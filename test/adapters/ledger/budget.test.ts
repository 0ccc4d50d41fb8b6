import { expect, test } from 'vitest'
import { openMirror } from '../../../src/adapters/ledger/mirror.ts'
import { restoredFiles } from '../../../src/adapters/ledger/restore.ts'
import { type BudgetState, EMPTY_BUDGET, isOpen } from '../../../src/ledger/budget-state.ts'
import { readHead } from '../../../src/ledger/documents.ts'
import type { NewFact } from '../../../src/ledger/fact.ts'
import { signedText } from '../../../src/ledger/signature.ts'
import { flawSentence, verifyFiles } from '../../../src/ledger/verify-files.ts'
import type { ObjectStore } from '../../../src/ports.ts'
import {
  correlationOf,
  dispatched,
  ended,
  fact,
  inMemory,
  type LedgerWorld,
  memory,
  newKey,
  OUR_KEY,
  ofBudget,
  openLedgerWorld,
  REPOSITORY,
} from './ledger-world.ts'

const openIn = ({ runs }: BudgetState) => runs.filter(isOpen)
const budgetOf = async (world: LedgerWorld) => {
  const reading = await world.open().readBudget(world.branch.tip())
  if (reading.is !== 'sound') throw new Error(reading.because)
  return reading.budget
}
const textOf = (world: LedgerWorld, path: string) => world.branch.files().get(path) ?? ''
const audit = (world: LedgerWorld) => {
  const { flaw } = verifyFiles(world.branch.files(), [OUR_KEY.public])
  return flaw === null ? 'sound' : flawSentence(flaw)
}

/** Dispatches a run if fewer than so many are open: what an asker decides. */
const whileBelow = (most: number, number: number) => (budget: BudgetState) => {
  const open = openIn(budget)
  if (open.some(({ correlation }) => correlation === correlationOf(number))) return []
  return open.length < most ? [ofBudget(dispatched(number))] : { refused: `${open.length} of ${most}` }
}

test('what a decision appended is what the next one reads', async () => {
  const world = openLedgerWorld()

  const first = await world.open().appendBudget((budget) => {
    expect(budget).toEqual(EMPTY_BUDGET)
    return [ofBudget(dispatched(1))]
  })
  const second = await world.open().appendBudget(() => [ofBudget(ended(1))])

  expect(first).toMatchObject({ is: 'appended', appended: 1, budget: { runs: [{ ended: null }] } })
  expect(second).toMatchObject({ is: 'appended', appended: 1, tip: world.branch.tip() })
  expect(await budgetOf(world)).toMatchObject({ seq: 2, spent: [{ gpu_seconds: 1840 }] })
  expect([...world.branch.files().keys()].sort()).toEqual([
    'budget.json',
    'facts/budget/2026-11.jsonl',
    'head.json',
    'keys.json',
  ])
  expect(await world.lines()).toHaveLength(2)
})

test('a refusal writes nothing, neither into the branch nor into the mirror', async () => {
  const world = openLedgerWorld()
  await world.open().appendBudget(whileBelow(1, 1))
  const tip = world.branch.tip()

  const answer = await world.open().appendBudget(whileBelow(1, 2))

  expect(answer).toMatchObject({ is: 'refused', refused: '1 of 1', budget: { seq: 1 } })
  expect(world.branch.tip()).toBe(tip)
  expect(await openMirror(world.store, world.prefix).line(2)).toBeNull()
})

test('a decision that leaves nothing to do, or that is told again, writes nothing', async () => {
  const world = openLedgerWorld()
  await world.open().appendBudget(() => [ofBudget(dispatched(1))])

  expect(await world.open().appendBudget(() => [])).toMatchObject({ is: 'appended', appended: 0 })
  expect(await world.open().appendBudget(() => [ofBudget(dispatched(1))])).toMatchObject({ appended: 0 })
  expect(world.branch.headlines()).toEqual(['ledger: 1 fact of budget [skip ci]'])
})

test.each([2, 20])('%i askers at once never take more than there is (S49)', async (askers) => {
  const world = openLedgerWorld()
  const most = Math.ceil(askers / 4)

  const answers = await Promise.all(
    Array.from({ length: askers }, (_, number) => world.open().appendBudget(whileBelow(most, number))),
  )

  expect(answers.filter(({ is }) => is === 'appended')).toHaveLength(most)
  expect(answers.filter(({ is }) => is === 'refused')).toHaveLength(askers - most)
  expect(openIn(await budgetOf(world))).toHaveLength(most)
  expect(await world.lines()).toHaveLength(most)
})

test('askers race with facts of models, and nothing of either is lost', async () => {
  const world = openLedgerWorld(inMemory())
  const appends = Array.from({ length: 8 }, (_, number) => world.open().append([fact(number)]))
  const asked = Array.from({ length: 8 }, (_, number) => world.open().appendBudget(whileBelow(3, number)))

  await Promise.all([...appends, ...asked])

  expect(openIn(await budgetOf(world))).toHaveLength(3)
  expect(await world.lines()).toHaveLength(11)
})

test('who is beaten between reading and writing decides again on what the other wrote', async () => {
  const world = openLedgerWorld()
  const seen: number[] = []
  let hasRaced = false
  const racing: Pick<ObjectStore, 'get' | 'putNew'> = {
    get: world.store.get,
    putNew: async (uri, bytes) => {
      if (!hasRaced && /ledger\/0/.test(uri)) {
        hasRaced = true
        await world.open().appendBudget(whileBelow(1, 1))
      }
      return world.store.putNew(uri, bytes)
    },
  }

  const answer = await world.open({ store: racing as ObjectStore }).appendBudget((budget) => {
    seen.push(openIn(budget).length)
    return whileBelow(1, 2)(budget)
  })

  expect(seen).toEqual([0, 1])
  expect(answer).toMatchObject({ is: 'refused', refused: '1 of 1' })
  expect(await world.lines()).toHaveLength(1)
})

class Killed extends Error {}

test('killed at any moment of a decision, it is decided again and nothing is reserved twice (S08)', async () => {
  let killed = 0
  for (const when of ['before', 'after'] as const)
    for (let moment = 1, isDone = false; !isDone; moment++) {
      const world = openLedgerWorld(inMemory())
      await world.open().appendBudget(() => [ofBudget(dispatched(1))])
      let effects = 0
      const dies = async <Value>(act: () => Promise<Value>): Promise<Value> => {
        const isLast = ++effects === moment
        if (effects > moment || (isLast && when === 'before')) throw new Killed()
        const value = await act()
        if (isLast) throw new Killed()
        return value
      }
      const store = {
        get: world.store.get,
        putNew: (...of: Parameters<ObjectStore['putNew']>) => dies(() => world.store.putNew(...of)),
      } as ObjectStore
      const host = {
        ...world.branch.host,
        commit: (...of: Parameters<typeof world.branch.host.commit>) => dies(() => world.branch.host.commit(...of)),
      }
      /** Resumes a preempted run: the end, and the next attempt, unless they are there. */
      const resume = ({ runs }: BudgetState): readonly NewFact[] =>
        runs.some(({ attempt }) => attempt === 2)
          ? []
          : [ofBudget(ended(1, { conclusion: 'preempted' })), ofBudget(dispatched(1, { attempt: 2 }))]
      isDone = await world
        .open({ store, host })
        .appendBudget(resume)
        .then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error
            killed++
            return false
          },
        )

      expect((await world.open().readBudget(world.branch.tip())).is).toBe('sound')
      await world.open().appendBudget(resume)
      await world.open().append([fact(1)])

      const budget = await budgetOf(world)
      expect(budget.runs).toMatchObject([{ ended: { conclusion: 'preempted' } }, { attempt: 2, ended: null }])
      expect((await world.lines()).map(({ fact: { kind } }) => kind)).toEqual([
        ...['dispatched', 'ended', 'dispatched', 'deployed'],
      ])
    }
  console.info(`${killed} moments of death`)
  expect(killed).toBeGreaterThanOrEqual(10)
})

test('an answer of GitHub that is lost reserves nothing twice', async () => {
  const world = openLedgerWorld()
  world.branch.faults.lostAnswers = 2

  const answer = await world.open().appendBudget(whileBelow(4, 1))

  expect(answer).toMatchObject({ is: 'appended', appended: 1 })
  expect(await world.lines()).toHaveLength(1)
})

test('a line that was mirrored and not committed counts at once', async () => {
  const world = openLedgerWorld()
  const failing = { ...world.branch.host, commit: () => Promise.reject(new Killed()) }
  await expect(world.open({ host: failing }).appendBudget(whileBelow(1, 1))).rejects.toThrow(Killed)

  expect(await world.open().appendBudget(whileBelow(1, 2))).toMatchObject({ is: 'refused' })
  expect(openIn(await budgetOf(world))).toHaveLength(1)
})

test('a ledger of a version that trained nothing is read, audited and gone on with', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(1), ofBudget({ kind: 'changed', what: 'ledger-restored' })])
  const { ledger, environments, budget, ...head } = readHead(textOf(world, 'head.json'), [OUR_KEY.public])
  const { state: _, ...before } = budget!
  const earlier = {
    ...{ ...head, ledger, format: 1, document: 'head', environments: Object.fromEntries(environments) },
    budget: before,
  }
  world.branch.push({ 'head.json': `${signedText(earlier, OUR_KEY)}\n`, 'budget.json': null })

  expect(audit(world)).toBe('sound')
  expect(await budgetOf(world)).toEqual({ ...EMPTY_BUDGET, seq: 2 })
  await world.open().appendBudget(whileBelow(1, 1))
  expect(openIn(await budgetOf(world))).toHaveLength(1)
  expect(await world.lines()).toHaveLength(3)
})

/** Two commits: one run, then a second. */
async function twoRuns() {
  const world = openLedgerWorld()
  const seen = memory()
  await world.open({ seen }).appendBudget(whileBelow(9, 1))
  const older = textOf(world, 'budget.json')
  await world.open({ seen }).appendBudget(whileBelow(9, 2))
  return { world, seen, older }
}

test.each([
  ['taken away', () => null, 'ledger broken at 2: budget.json is gone'],
  ['put back', (older: string) => older, 'ledger broken at 2: budget.json is not the one that this line left'],
  [
    'edited',
    (older: string) => older.replace('3600', '3601'),
    'ledger broken at 2: budget.json is not the one that this line left',
  ],
])(
  'a budget that was %s is not believed: nothing is dispatched, and the mirror still says what runs',
  async (_, change, because) => {
    const { world, older } = await twoRuns()
    world.branch.push({ 'budget.json': change(older) })

    const reading = await world.open().readBudget(world.branch.tip())

    expect(reading).toMatchObject({ is: 'broken', because, mirror: { seq: 2 } })
    await expect(world.open().appendBudget(whileBelow(9, 3))).rejects.toThrow(because)
    expect(audit(world)).not.toBe('sound')
  },
)

test('a budget that says the same, signed by another key of ours, is not the one that the head names', async () => {
  const { world } = await twoRuns()
  const newest = newKey()
  const { sig: _, key_id: __, ...document } = JSON.parse(textOf(world, 'budget.json'))
  world.branch.push({ 'budget.json': `${signedText(document, newest)}\n` })

  const { flaw } = verifyFiles(world.branch.files(), [OUR_KEY.public, newest.public])

  expect(flaw === null ? 'sound' : flawSentence(flaw)).toContain('budget.json')
})

test('who saw the ledger before notices a push that adds nothing of ours', async () => {
  const { world, seen } = await twoRuns()
  world.branch.push({ 'facts/budget/2026-11.jsonl': '' })

  expect(await world.open({ seen }).readBudget(world.branch.tip())).toMatchObject({ is: 'broken' })
})

test('a store that cannot be reached leaves the budget unreadable, and says nothing of where it lies', async () => {
  const { world } = await twoRuns()
  const { Unavailable } = await import('../../../src/ports.ts')
  const store = { ...world.store, get: () => Promise.reject(new Unavailable('unreachable', 's3://secret', '')) }

  const reading = await world.open({ store }).readBudget(world.branch.tip())

  expect(reading).toMatchObject({ is: 'unreadable' })
  expect(JSON.stringify(reading)).not.toContain('secret')
})

test('a ledger rebuilt from its mirror has the same budget, and verifies', async () => {
  const { world } = await twoRuns()
  const before = await budgetOf(world)

  const { files } = await restoredFiles({
    mirror: openMirror(world.store, world.prefix),
    ledger: REPOSITORY.id,
    keys: [OUR_KEY.public],
    signingKey: OUR_KEY,
    tip: null,
    now: '2026-11-22T00:00:00Z',
  })

  expect(verifyFiles(files, [OUR_KEY.public]).flaw).toBeNull()
  expect(JSON.parse(files.get('budget.json') ?? '').state).toEqual({ ...before, seq: 3 })
})

test('asking costs four calls of GitHub, however much was trained before', async () => {
  const world = openLedgerWorld(inMemory())
  const ledger = world.open()
  const costOf = async (number: number) => {
    world.branch.calls.length = 0
    await ledger.appendBudget(() => [ofBudget(dispatched(number))])
    const append = [...world.branch.calls]
    world.branch.calls.length = 0
    await ledger.readBudget(world.branch.tip())
    return { append, read: [...world.branch.calls] }
  }
  await ledger.appendBudget(() => [ofBudget(dispatched(1)), ofBudget(ended(1))])
  const early = await costOf(2)
  for (let number = 10; number < 60; number++)
    await ledger.appendBudget(() => [ofBudget(dispatched(number)), ofBudget(ended(number))])

  expect(await costOf(99)).toEqual(early)
  expect(early).toEqual({ append: ['tip', 'read 2', 'read 1', 'commit'], read: ['read 2'] })
})
