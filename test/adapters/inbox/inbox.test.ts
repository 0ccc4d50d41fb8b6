import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupCommit } from '../../../src/adapters/inbox/group-commit.ts'
import { openDatabase } from '../../../src/adapters/inbox/schema.ts'
import type { Leased } from '../../../src/ports/inbox.ts'
import { baseWork, commentWork, delivered, openTimed, pullWork } from './support.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what was received is leased once, and done is done', async () => {
  const { inbox, now } = openTimed()

  expect(await inbox.receive(delivered('g1'), [pullWork(7)])).toBe('queued')
  const leased = inbox.lease(now())
  expect(leased?.work).toEqual(pullWork(7))
  expect(leased?.attempt).toBe(1)
  expect(inbox.lease(now())).toBe(null)
  expect(inbox.counts()).toMatchObject({ deliveries: { running: 1 }, jobs: { waiting: 0, running: 1 } })
  inbox.done(leased!)

  expect(inbox.counts()).toEqual({
    deliveries: { pending: 0, running: 0, done: 1, dead: 0 },
    jobs: { waiting: 0, running: 0, dead: 0 },
    oldestWaiting: null,
    oldestRunning: null,
  })
})

test('the same delivery twenty times at once has one effect, and again later none (S06)', async () => {
  const { inbox, now } = openTimed()

  const answers = await Promise.all(Array.from({ length: 20 }, () => inbox.receive(delivered('g1'), [pullWork(7)])))
  expect(answers.filter((answer) => answer === 'queued')).toHaveLength(1)
  inbox.done(inbox.lease(now())!)

  expect(await inbox.receive(delivered('g1'), [pullWork(7)])).toBe('dropped')
  expect(inbox.lease(now())).toBe(null)
})

test('a delivery whose work died is queued again when GitHub sends it again, with all its tries', async () => {
  const { inbox, now, pass } = openTimed()
  await inbox.receive(delivered('g1'), [pullWork(7)])

  const ends = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    ends.push(inbox.failed(inbox.lease(now())!, 'HostFailure', now(10)))
    pass(11)
  }
  expect(ends).toEqual([...Array(7).fill('waiting'), 'dead'])
  expect(inbox.counts()).toMatchObject({ deliveries: { dead: 1 }, jobs: { dead: 1, waiting: 0 } })

  expect(await inbox.receive(delivered('g1'), [pullWork(7)])).toBe('queued')
  expect(inbox.lease(now())).toMatchObject({ attempt: 1, work: pullWork(7) })
  expect(inbox.counts()).toMatchObject({ deliveries: { dead: 0, running: 1 }, jobs: { dead: 0 } })
})

test('a sweep leaves dead work alone for an hour; a person does not', async () => {
  const { inbox, now, pass } = openTimed()
  const sweep = pullWork(7, { lane: 'sweep' })
  const die = () => {
    for (let attempt = 1; attempt <= 8; attempt++) inbox.failed(inbox.lease(now())!, 'x', now())
  }
  inbox.enqueue(sweep)
  die()

  inbox.enqueue(sweep)
  expect(inbox.lease(now())).toBe(null)
  pass(3601)
  inbox.enqueue(sweep)
  die()
  await inbox.receive(delivered(), [pullWork(7)])
  expect(inbox.lease(now())?.attempt).toBe(1)
})

test('equal waiting work is one: forced if either was, in the higher lane, with the newest head and all buttons', async () => {
  const { inbox, now } = openTimed()
  const ask = (id: number) => ({
    kind: 'weigh-again' as const,
    by: { id, login: 'x', isBot: false },
    check: { id: 1, name: 'weighbridge', externalId: null },
  })
  await inbox.receive(delivered(), [pullWork(7, { lane: 'sweep', head: 'a', asks: [ask(1)] })])
  await inbox.receive(delivered(), [pullWork(7, { force: true, asks: [ask(2), ask(1)] })])
  await inbox.receive(delivered(), [pullWork(7, { lane: 'sweep', head: 'b' })])

  expect(inbox.lease(now())?.work).toEqual(
    pullWork(7, { lane: 'interactive', force: true, head: 'b', asks: [ask(1), ask(2)] }),
  )
  expect(inbox.lease(now())).toBe(null)
})

test('pushes to a branch become one range, in whatever order they arrive (S07)', async () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
  ]) {
    const { inbox, now } = openTimed()
    const pushes = [baseWork('a', 'b'), baseWork('b', 'c'), baseWork('c', 'd')]
    for (const index of order) await inbox.receive(delivered(), [pushes[index]!])

    expect(inbox.lease(now())?.work.subject).toEqual({ kind: 'base', ref: 'main', before: 'a', after: 'd' })
  }
})

test('an event during a run marks it dirty, tells the head, and runs once more; its delivery is done only then', async () => {
  const { inbox, now } = openTimed()
  await inbox.receive(delivered(), [pullWork(7, { head: 'a' })])
  const first = inbox.lease(now())!
  expect([first.isDirty(), first.headsSince()]).toEqual([false, []])

  await inbox.receive(delivered(), [pullWork(7, { head: 'b' })])
  await inbox.receive(delivered(), [pullWork(7, { head: 'c' })])
  expect([first.isDirty(), first.headsSince()]).toEqual([true, ['b', 'c']])
  expect(inbox.lease(now())).toBe(null)
  inbox.done(first)
  expect(inbox.counts().deliveries).toMatchObject({ done: 1, pending: 2 })

  const second = inbox.lease(now())!
  expect([second.work.head, second.attempt, second.isDirty()]).toEqual(['c', 1, false])
  inbox.done(second)
  expect(inbox.counts().deliveries).toMatchObject({ done: 3, pending: 0 })
  expect(inbox.lease(now())).toBe(null)
})

test('work that puts itself off is not dirty by that, and starts then', () => {
  const { inbox, now, pass } = openTimed()
  inbox.enqueue(pullWork(7))
  const leased = inbox.lease(now())!
  inbox.enqueue(leased.work, now(30))

  expect(leased.isDirty()).toBe(false)
  inbox.done(leased)
  expect(inbox.lease(now())).toBe(null)
  expect(inbox.nextStart()).toBe(now(30))
  pass(30)
  expect(inbox.lease(now())).not.toBe(null)
})

test('an event makes a run dirty for good, whatever the run puts off afterwards', async () => {
  const { inbox, now } = openTimed()
  inbox.enqueue(pullWork(7))
  const leased = inbox.lease(now())!
  await inbox.receive(delivered(), [pullWork(7)])
  inbox.enqueue(leased.work, now(30))
  expect(leased.isDirty()).toBe(true)
  inbox.done(leased)

  expect(inbox.lease(now())).not.toBe(null)
})

test('a failure waits; a new event does not wait for it, except where GitHub itself asked us to', async () => {
  for (const isHeld of [false, true]) {
    const { inbox, now, pass } = openTimed()
    await inbox.receive(delivered(), [pullWork(7)])
    inbox.failed(inbox.lease(now())!, 'x', now(60), isHeld)
    inbox.enqueue(pullWork(7, { lane: 'sweep' }))
    expect(inbox.lease(now())).toBe(null)

    await inbox.receive(delivered(), [pullWork(7)])
    expect(inbox.lease(now()) === null).toBe(isHeld)
    pass(60)
    if (isHeld) expect(inbox.lease(now())?.attempt).toBe(1)
  }
})

test('rollbacks first, then people, then sweeps; repositories in turn; at most two of one at once', () => {
  const { inbox, now } = openTimed()
  for (let number = 1; number <= 5; number++) inbox.enqueue(pullWork(number, { lane: 'sweep', repositoryId: 1 }))
  inbox.enqueue(pullWork(1, { lane: 'sweep', repositoryId: 2 }))
  inbox.enqueue(pullWork(6, { lane: 'interactive', repositoryId: 1 }))
  inbox.enqueue(pullWork(7, { lane: 'rollback', repositoryId: 1 }))

  const keys = () => inbox.lease(now())?.work.key
  expect([keys(), keys(), keys(), keys()]).toEqual(['1/#7', '1/#6', '2/#1', undefined])
})

test('repositories take turns, however many pieces one of them put in line first', () => {
  const { inbox, now } = openTimed()
  for (const repositoryId of [1, 2, 3])
    for (const number of [1, 2, 3]) inbox.enqueue(pullWork(number, { repositoryId }))

  const order = Array.from({ length: 9 }, () => inbox.lease(now(), { perRepository: 9, lowest: 'sweep' })?.work.key)
  expect(order).toEqual(['1/#1', '2/#1', '3/#1', '1/#2', '2/#2', '3/#2', '1/#3', '2/#3', '3/#3'])
})

test('what runs in a low lane never holds a rollback of the same repository back', () => {
  const { inbox, now } = openTimed()
  for (const number of [1, 2, 3]) inbox.enqueue(pullWork(number, { lane: 'sweep' }))
  expect([inbox.lease(now()), inbox.lease(now()), inbox.lease(now())].map((one) => one?.work.key)).toEqual([
    '42/#1',
    '42/#2',
    undefined,
  ])

  inbox.enqueue(pullWork(4, { lane: 'rollback' }))
  expect(inbox.lease(now(), { perRepository: 2, lowest: 'rollback' })?.work.key).toBe('42/#4')
})

test('comments and trainings have places of their own: neither waits behind two weighings, nor makes one wait', () => {
  const { inbox, now } = openTimed()
  const works = [pullWork(1), pullWork(2), pullWork(3), commentWork(1), commentWork(2), commentWork(3)]
  for (const work of works) inbox.enqueue(work)
  inbox.enqueue(pullWork(0, { key: '42/training:a', subject: { kind: 'training', correlation: 'a' } }))

  const keys = Array.from({ length: 6 }, () => inbox.lease(now())?.work.key)
  expect(keys).toEqual(['42/#1', '42/#2', '42/comment:1', '42/comment:2', '42/training:a', undefined])
})

test('where no lane may start a comment still may, when it is let', () => {
  const { inbox, now } = openTimed()
  for (const work of [pullWork(1, { lane: 'rollback' }), commentWork(1)]) inbox.enqueue(work)

  expect(inbox.lease(now(), { perRepository: 2, lowest: null })).toBeNull()
  expect(inbox.lease(now(), { perRepository: 2, lowest: null, comments: true })?.work.key).toBe('42/comment:1')
})

test('a sweep that waited ten minutes takes its turn among people', () => {
  const { inbox, now, pass } = openTimed()
  inbox.enqueue(pullWork(1, { lane: 'sweep' }))
  pass(601)
  inbox.enqueue(pullWork(2))

  expect(inbox.lease(now())?.work.key).toBe('42/#1')
})

test('work that ran when the process ended waits again, together with what came meanwhile (S08)', async () => {
  const path = join(folder, 'inbox.db')
  const first = openTimed(path)
  await first.inbox.receive(delivered(), [pullWork(7, { head: 'a' })])
  first.inbox.lease(first.now())
  await first.inbox.receive(delivered(), [pullWork(7, { head: 'b', force: true })])
  first.inbox.close()

  const second = openTimed(path)
  expect(second.inbox.counts()).toMatchObject({ deliveries: { pending: 2 }, jobs: { waiting: 1, running: 0 } })
  expect(second.inbox.lease(second.now())).toMatchObject({ attempt: 2, work: { head: 'b', force: true } })
  second.inbox.close()
})

test('work in which the process is killed waits longer each time, and is dead only after thirty ends (S08)', async () => {
  const path = join(folder, 'inbox.db')
  let process_ = openTimed(path)
  await process_.inbox.receive(delivered(), [pullWork(7)])
  const rests: number[] = []
  for (let crash = 1; crash <= 30; crash++) {
    let rest = 0
    for (; process_.inbox.lease(process_.now()) === null; rest++) process_.pass(1)
    rests.push(rest)
    process_.inbox.close()
    process_ = openTimed(path)
  }

  expect(rests.slice(0, 13)).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60])

  expect(process_.inbox.counts()).toMatchObject({ deliveries: { dead: 1 }, jobs: { dead: 1, waiting: 0 } })
  process_.inbox.close()
})

test('a lease that was given back is nobody’s: its end changes nothing', () => {
  const { inbox, now } = openTimed()
  inbox.enqueue(pullWork(7))
  const old = inbox.lease(now())!
  inbox.giveBack(old)
  const young = inbox.lease(now())!

  inbox.done(old)
  expect(inbox.failed(old, 'x', now())).toBe('waiting')
  expect([young.attempt, inbox.counts().jobs.running]).toEqual([1, 1])
})

test('an inbox belongs to one process, and a file of another version is refused with a way out', () => {
  const path = join(folder, 'inbox.db')
  const first = openTimed(path)
  expect(() => openTimed(path)).toThrow(/is open in another process\. One inbox belongs to one process: end that one/)
  first.inbox.close()

  const database = new DatabaseSync(path)
  database.exec('update schema set version = 99')
  database.close()
  expect(() => openTimed(path)).toThrow(/schema 99, this one reads \d.*move the file away/)
})

test('rows that this version cannot read stop nothing: they end, and their deliveries may come again', async () => {
  const path = join(folder, 'inbox.db')
  const first = openTimed(path)
  await first.inbox.receive(delivered('strange'), [pullWork(7)])
  await first.inbox.receive(delivered('known'), [pullWork(8)])
  first.inbox.wakeAt('x', first.now(), pullWork(9))
  first.inbox.close()
  const database = new DatabaseSync(path)
  database.exec(
    `update work set work = '{"subject":{"kind":"moon"}}' where key = '42/#7'; update wake_up set work = '{'`,
  )
  database.close()

  const { inbox, now } = openTimed(path)
  expect(inbox.counts().deliveries).toMatchObject({ pending: 1, dead: 1 })
  expect([inbox.wake(now()), inbox.lease(now())?.work.key, inbox.lease(now())]).toEqual([0, '42/#8', null])
  expect(await inbox.receive(delivered('strange'), [pullWork(7)])).toBe('queued')
  expect(() => inbox.enqueue(pullWork(Number.NaN))).toThrow(/number/)
  inbox.close()
})

test('nobody else on the machine can read the inbox', () => {
  const path = join(folder, 'new', 'inbox.db')
  const { inbox } = openTimed(path)
  inbox.enqueue(pullWork(7))

  for (const file of [path, `${path}-wal`]) expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
  inbox.close()
})

test('every commit is synchronised to the disk, so that a power cut takes nothing back', () => {
  const database = openDatabase(join(folder, 'inbox.db'), 0)

  expect(database.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 })
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  database.close()
})

test('an installation that is gone takes its waiting work, wake-ups and merges along, and nobody else’s', async () => {
  const { inbox, now } = openTimed()
  const other = pullWork(8, { repository: { id: 43, owner: 'b', name: 'b', installation: 10 }, key: '43/#8' })
  await inbox.receive(delivered(), [pullWork(7)])
  await inbox.receive(delivered(), [other])
  inbox.wakeAt('42/#7', now(), pullWork(7))
  inbox.waitToMerge(pullWork(7), 'a')

  expect(inbox.closeInstallation(9)).toBe(1)
  expect(inbox.wake(now())).toBe(0)
  expect(inbox.waitingMerges()).toEqual([])
  expect(inbox.counts().deliveries).toMatchObject({ done: 1, pending: 1 })
  expect(inbox.lease(now())?.work).toEqual(other)
})

test('an installation that goes while its work runs leaves no delivery behind that waits for ever', async () => {
  const { inbox, now } = openTimed()
  await inbox.receive(delivered(), [pullWork(7)])
  const running = inbox.lease(now())!
  await inbox.receive(delivered(), [pullWork(7)])
  inbox.closeInstallation(9)
  inbox.done(running)

  expect(inbox.counts()).toMatchObject({ deliveries: { done: 2, pending: 0 }, jobs: { waiting: 0, running: 0 } })
})

test('one row that cannot be written takes none of its neighbours along', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table number (value integer not null) strict')
  const insert = database.prepare('insert into number (value) values (?)')
  const { add } = groupCommit(database, (value: number | string) => insert.run(value).changes)

  const answers = await Promise.allSettled([add(1), add('no number'), add(3)])
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(database.prepare('select value from number').all()).toEqual([{ value: 1 }, { value: 3 }])
})

test('ten thousand pieces that wait cost the next one a few milliseconds, not the day', async () => {
  const { inbox, now } = openTimed()
  const works = Array.from({ length: 10_000 }, (_, index) => pullWork(index, { repositoryId: 1 + (index % 1000) }))
  await Promise.all(works.map((work) => inbox.receive(delivered(), [work])))

  const start = performance.now()
  for (let count = 0; count < 100; count++) inbox.done(inbox.lease(now())!)
  expect((performance.now() - start) / 100).toBeLessThan(50)
})

test('a wake-up rings once, at its time, whichever was set last', () => {
  const { inbox, now, pass } = openTimed()
  inbox.wakeAt('42/#7', now(10), pullWork(7))
  inbox.wakeAt('42/#7', now(60), pullWork(7, { force: true }))

  expect([inbox.nextWake(), inbox.wake(now(59))]).toEqual([now(60), 0])
  pass(60)
  expect([inbox.wake(now()), inbox.wake(now())]).toEqual([1, 0])
  expect(inbox.lease(now())?.work.force).toBe(true)
})

test('a chatty CI wakes a waiting merge at most once in 30 s, and its last word is not lost (S53)', () => {
  const { inbox, now, pass } = openTimed()
  inbox.waitToMerge(pullWork(7), 'a')

  expect(inbox.wakeMerge('other', now())).toEqual([])
  expect(inbox.wakeMerge('a', now())).toEqual([pullWork(7)])
  for (let second = 1; second < 30; second++) {
    pass(1)
    expect(inbox.wakeMerge('a', now())).toEqual([])
  }
  pass(1)
  expect(inbox.wake(now())).toBe(1)
  inbox.noLongerWaits('42/#7')
  expect(inbox.wakeMerge('a', now())).toEqual([])
})

test('cancelled work is gone, and its delivery done', async () => {
  const { inbox, now } = openTimed()
  await inbox.receive(delivered(), [pullWork(7)])
  await inbox.receive(delivered(), [], ['42/#7', 'never there'])

  expect(inbox.lease(now())).toBe(null)
  expect(inbox.counts().deliveries).toMatchObject({ done: 2, pending: 0 })
})

test('intentions and marks come back after a crash, exactly as they were written (S10)', () => {
  const path = join(folder, 'inbox.db')
  const first = openTimed(path)
  const text = `'); drop table work; --\u202e"`
  first.inbox.intend('42/#7/comment', text, '2026-11-21T10:00:00Z')
  first.inbox.setMark(text, text)
  first.inbox.close()

  const { inbox } = openTimed(path)
  expect(inbox.intention('42/#7/comment')).toEqual({ digest: text, at: '2026-11-21T10:00:00Z' })
  expect(inbox.mark(text)).toBe(text)
  inbox.forget('42/#7/comment')
  expect(inbox.intention('42/#7/comment')).toBe(null)
  inbox.close()
})

test('ended deliveries are remembered for 7 days, waiting ones for ever', async () => {
  const { inbox, now, pass } = openTimed()
  await inbox.receive(delivered('done'), [pullWork(7)])
  inbox.done(inbox.lease(now())!)
  await inbox.receive(delivered('waiting'), [pullWork(8)])

  pass(6.9 * 86_400)
  expect(inbox.prune(now())).toBe(0)
  pass(0.2 * 86_400)
  expect(inbox.prune(now())).toBe(1)
  expect(inbox.counts().deliveries).toMatchObject({ done: 0, pending: 1 })
})

test('whatever happens in whatever order, no key runs twice at once and no event goes without a run after it', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('receive' as const), number: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('lease' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('done' as const, 'fail' as const, 'back' as const), at: fc.nat(9) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const path = join(mkdtempSync(join(folder, 'p-')), 'inbox.db')
      let { inbox, now } = openTimed(path)
      let running: Leased[] = []
      let count = 0
      const owed = new Map<string, number>()
      const lease = () => {
        const leased = inbox.lease(now(), { perRepository: 3, lowest: 'sweep' })
        if (leased === null) return false
        expect(running.map((one) => one.work.key)).not.toContain(leased.work.key)
        running.push(leased)
        return true
      }
      const end = (at: number, how: 'done' | 'fail' | 'back') => {
        const leased = running[at % Math.max(1, running.length)]
        if (leased === undefined) return
        running = running.filter((one) => one !== leased)
        if (how === 'back') return inbox.giveBack(leased)
        if (how === 'fail') return void inbox.failed(leased, 'x', now())
        const seen = Number(leased.work.head)
        if (seen >= (owed.get(leased.work.key) ?? 0)) owed.delete(leased.work.key)
        inbox.done(leased)
      }
      for (const one of steps) {
        if (one.do === 'receive') {
          count++
          owed.set(`42/#${one.number}`, count)
          await inbox.receive(delivered(), [pullWork(one.number, { head: String(count) })])
        } else if (one.do === 'lease') lease()
        else if (one.do === 'restart') {
          inbox.close()
          running = []
          inbox = openTimed(path).inbox
        } else end(one.at, one.do)
      }
      while (running.length > 0 || lease()) end(0, 'done')

      const dead = inbox.counts().jobs.dead
      expect(owed.size).toBeLessThanOrEqual(dead)
      if (dead === 0) expect(inbox.counts().deliveries).toMatchObject({ pending: 0, running: 0, done: count })
      inbox.close()
    }),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 30 : 500 },
  )
})
