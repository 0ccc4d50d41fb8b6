import { expect, test } from 'vitest'
import { makeLine } from '../../../src/ledger/line.ts'
import { flawSentence, verifyFiles } from '../../../src/ledger/verify-files.ts'
import {
  CHURN,
  deployed,
  fact,
  inMemory,
  type LedgerWorld,
  memory,
  newKey,
  OUR_KEY,
  openLedgerWorld,
  quarantine,
} from './ledger-world.ts'

const FACTS = 'facts/production/churn/2026-11.jsonl'
const STATE = 'state/production/churn.json'

/** Five commits of one line each: 1.1.0 to 1.5.0 deployed, 1.1.0 quarantined in the third. */
async function fiveLines(seen = memory()): Promise<LedgerWorld & { readonly seen: ReturnType<typeof memory> }> {
  const world = openLedgerWorld()
  const ledger = world.open({ seen })
  for (let number = 1; number <= 5; number++)
    await ledger.append([fact(number, number === 3 ? { fact: quarantine('1.1.0') } : {})])
  return { ...world, seen }
}

const reading = (world: LedgerWorld, over = {}) => world.open(over).read(CHURN, world.branch.tip())
const textOf = (world: LedgerWorld, path: string) => world.branch.files().get(path) ?? ''
const audit = (world: LedgerWorld) => {
  const { flaw } = verifyFiles(world.branch.files(), [OUR_KEY.public])
  return flaw === null ? 'sound' : flawSentence(flaw)
}
const forgedLine = (world: LedgerWorld, key = newKey()) => {
  const { seq, digest } = JSON.parse(textOf(world, 'head.json')) as { seq: number; digest: string }
  return makeLine(
    fact(99, { fact: { kind: 'verified', version: '1.9.0', digest: 'sha256:evil', commit: 'x' } }),
    { seq, digest },
    key,
  )
}
const QUARANTINED = [{ digest: 'sha256:1.1.0', version: '1.1.0', until: null, reason: 'error rate doubled', by: 7 }]

test('a line that a writer pushes is never believed: who saw the ledger before, who appends and who audits say so', async () => {
  const world = await fiveLines()
  const forged = forgedLine(world)
  world.branch.push({ [FACTS]: `${textOf(world, FACTS)}${forged.text}\n` })

  const seenBefore = await reading(world, { seen: world.seen })
  const newInstance = await reading(world)
  const append = world.open().append([fact(6)])

  expect(seenBefore).toMatchObject({
    is: 'broken',
    because: expect.stringMatching(/^ledger broken at 6: commit [0-9a-f]{12} adds no line of ours/),
    mirror: { seq: 5, quarantined: QUARANTINED },
  })
  expect(newInstance).toMatchObject({ is: 'sound', state: { seq: 5 } })
  expect(newInstance).not.toMatchObject({ state: { deployed: expect.arrayContaining([{ version: '1.9.0' }]) } })
  await expect(append).rejects.toThrow(`ledger broken at 5: ${FACTS} is not what this line left: changed`)
  expect(audit(world)).toBe(
    `ledger broken at 6: line 6 is signed by key ${JSON.parse(forged.text).key_id}, which is none of the operator's`,
  )
})

test('a whole forged ledger, well signed by another key, is broken with its key', async () => {
  const world = await fiveLines()
  const stranger = newKey()
  const theirs = openLedgerWorld()
  await theirs.open({ signingKey: stranger, publicKeys: [stranger.public] }).append([fact(1)])
  world.branch.push(Object.fromEntries(theirs.branch.files()))

  expect(await reading(world)).toMatchObject({
    is: 'broken',
    because: `ledger broken at 1: head.json is signed by key ${stranger.key_id}, which is none of the operator's`,
    mirror: { seq: 5, quarantined: QUARANTINED },
  })
})

test('an old state put back does not make a quarantine vanish', async () => {
  const world = await fiveLines()
  const old = { ...(await twoLines()) }
  world.branch.push({ [STATE]: old[STATE]! })

  expect(await reading(world)).toMatchObject({
    is: 'broken',
    because: `ledger broken at 5: ${STATE} is the state at line 2, not the one that this line left`,
  })
})

/** The files of the same ledger when it had two lines. */
async function twoLines(): Promise<Readonly<Record<string, string>>> {
  const world = openLedgerWorld()
  const ledger = world.open()
  await ledger.append([fact(1)])
  await ledger.append([fact(2)])
  return Object.fromEntries(world.branch.files())
}

test.each([
  ['edited', (text: string) => text.replace('"1.1.0"', '"1.9.0"'), `${STATE} has a wrong signature`],
  ['emptied', () => '', `${STATE} is no JSON document`],
  ['removed', () => null, `${STATE} is gone`],
  ['unsigned', (text: string) => text.replace(/,"sig":"[^"]*"/, ''), `${STATE} has no signature`],
  [
    'signed by a stranger',
    (text: string) => text.replace(/"key_id":"[^"]*"/, '"key_id":"0123456789abcdef"'),
    `${STATE} is signed by key 0123456789abcdef, which is none of the operator's`,
  ],
])('a state file that was %s is broken, with the line that left it', async (_, edit, because) => {
  const world = await fiveLines()
  world.branch.push({ [STATE]: edit(textOf(world, STATE)) })

  expect(await reading(world)).toMatchObject({ is: 'broken', because: `ledger broken at 5: ${because}` })
  await expect(world.open().append([fact(6)])).rejects.toThrow('ledger broken at 5')
  expect(audit(world)).toMatch(/^ledger broken at 5: line 5 left a state that cannot be believed/)
})

test.each([
  [
    'head.json',
    'edited',
    (text: string) => text.replace('"seq":5', '"seq":6'),
    'ledger broken at 6: head.json has a wrong signature',
  ],
  ['head.json', 'removed', () => null, 'ledger broken at 1: the branch has no head.json'],
  [
    'state/production.json',
    'edited',
    (text: string) => text.replace('5', '2'),
    'ledger broken at 5: state/production.json is not the one that this line left',
  ],
])('%s that was %s is broken', async (path, _, edit, because) => {
  const world = await fiveLines()
  world.branch.push({ [path]: edit(textOf(world, path)) })

  expect(await reading(world)).toMatchObject({ is: 'broken', because, mirror: { seq: 5 } })
})

test('an administrator who puts the branch back is noticed without any memory but the mirror', async () => {
  const world = await fiveLines()
  world.branch.forcePush(world.branch.past[1]!)

  expect(await reading(world)).toMatchObject({
    is: 'broken',
    because: expect.stringMatching(/^ledger broken at 4: the branch is shorter than it was/),
    mirror: { seq: 5, quarantined: QUARANTINED },
  })
  await expect(world.open().append([fact(6)])).rejects.toThrow('ledger broken at 4')
})

test('put back by a single commit, nothing is lost: the mirror has it, and the next append writes it again', async () => {
  const world = await fiveLines()
  world.branch.forcePush(world.branch.past[3]!)

  expect(await reading(world)).toMatchObject({ is: 'sound', state: { seq: 5, quarantined: QUARANTINED } })
  await world.open().append([fact(6)])
  expect(await world.lines()).toHaveLength(6)
})

test('an instance that saw the ledger notices each of: put back, removed, rewritten', async () => {
  const world = await fiveLines()
  const tip = world.branch.tip()!
  world.branch.forcePush(world.branch.past[3]!)
  expect(await reading(world, { seen: world.seen })).toMatchObject({
    because: 'ledger broken at 5: the branch ends at line 4, though line 5 was there before',
  })
  world.branch.forcePush(null)
  expect(await reading(world, { seen: world.seen })).toMatchObject({
    because: 'ledger broken at 1: the branch is gone, though line 5 was there before',
  })
  const rewritten = Object.fromEntries(world.branch.files())
  world.branch.forcePush(tip)
  await world.open().append([fact(6)])
  const files = Object.fromEntries(world.branch.files())
  world.branch.forcePush(null)
  world.branch.push({ ...rewritten, ...files })
  expect(await reading(world, { seen: world.seen })).toMatchObject({
    because: expect.stringMatching(
      /^ledger broken at 5: commit [0-9a-f]{12} does not descend from [0-9a-f]{12}: rewritten/,
    ),
  })
})

test('two lines of one seq are a fork, whichever of them the branch holds', async () => {
  const world = await fiveLines()
  const other = openLedgerWorld()
  for (let number = 1; number <= 5; number++)
    await other
      .open()
      .append([
        fact(number, number === 5 ? { fact: deployed('6.6.6') } : number === 3 ? { fact: quarantine('1.1.0') } : {}),
      ])

  const forked = {
    ...world,
    branch: other.branch,
    open: (over = {}) => world.open({ host: other.branch.host, ...over }),
  }

  expect(await reading(forked)).toMatchObject({
    is: 'broken',
    because: 'ledger broken at 5: branch and mirror hold two lines of it',
  })
})

test.each([
  [
    'edited',
    (lines: readonly string[]) => lines.map((line) => line.replace('1.2.0', '1.9.0')),
    'ledger broken at 2: line 2 has a wrong signature',
  ],
  [
    'left out',
    (lines: readonly string[]) => lines.filter((_, index) => index !== 2),
    'ledger broken at 3: line 3 is missing',
  ],
  ['doubled', (lines: readonly string[]) => [...lines, lines[1]!], 'ledger broken at 2: line 2 is there twice'],
  [
    'cut off',
    (lines: readonly string[]) => lines.slice(0, 4),
    'ledger broken at 5: line 5 is missing: head.json ends at line 5',
  ],
  [
    'swapped',
    ([a, b, c, ...more]: readonly string[]) => [b!, a!, c!, ...more],
    'ledger broken at 5: line 5 left another facts/production/churn/2026-11.jsonl than the branch has',
  ],
  [
    'given another form',
    ([a, ...more]: readonly string[]) => [a!.replace('{', '{ '), ...more],
    'ledger broken at 1: facts/production/churn/2026-11.jsonl:1 is not in canonical form',
  ],
  [
    'not JSON',
    ([a, , ...more]: readonly string[]) => [a!, 'null null', ...more],
    'ledger broken at 2: facts/production/churn/2026-11.jsonl:2 is not JSON',
  ],
])('audit verify names the first line that was %s', async (_, edit, sentence) => {
  const world = await fiveLines()
  const lines = textOf(world, FACTS).split('\n').slice(0, -1)
  world.branch.push({
    [FACTS]: edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  })

  expect(audit(world)).toBe(sentence)
})

test('a file that no line left is told', async () => {
  const world = await fiveLines()
  world.branch.push({ 'state/production/fraud.json': '{}' })

  expect(audit(world)).toBe('ledger broken at 5: line 5 never left a file state/production/fraud.json')
  expect(await world.open().read({ environment: 'production', model: 'fraud' }, world.branch.tip())).toMatchObject({
    is: 'sound',
    state: { seq: 0 },
  })
})

test('a mirror that was changed or emptied is no ground to go on', async () => {
  const world = await fiveLines()
  const uri = (seq: number) => `file:evidence/ledger/${String(seq).padStart(12, '0')}.json`
  const five = (await world.store.get(uri(5)))!
  await world.store.put(uri(2), new TextEncoder().encode('{}'))
  await world.store.put(uri(5), five.slice(0, 40))

  expect(await reading(world)).toEqual({
    is: 'broken',
    because: 'ledger broken at 5: what the mirror holds there is not that line',
    mirror: null,
  })
})

test('what GitHub or the store do not answer is unreadable, and never an empty ledger', async () => {
  const { HostFailure } = await import('../../../src/ports/host-failure.ts')
  const { Unavailable } = await import('../../../src/ports.ts')
  const world = await fiveLines()
  const down = () => Promise.reject(new HostFailure('503', { operation: 'read', status: 503, retryable: true }))
  const host = { ...world.branch.host, open: () => ({ snapshot: down, mergeBase: down }) as never }
  const store = { ...world.store, get: () => Promise.reject(new Unavailable('unreachable', 'the store is away', '')) }

  expect(await reading(world, { host })).toEqual({ is: 'unreadable', because: '503' })
  expect(await reading(world, { store })).toMatchObject({
    is: 'unreadable',
    because: 'its mirror, which the operator of this app keeps, cannot be reached',
  })
})

test('a writer who reverts the branch to an earlier state makes nothing vanish: the mirror is read on', async () => {
  const world = await fiveLines()
  const earlier = await twoLines()
  world.branch.push({ ...Object.fromEntries([...world.branch.files().keys()].map((path) => [path, null])), ...earlier })

  expect(await reading(world)).toMatchObject({ is: 'sound', state: { seq: 5, quarantined: QUARANTINED } })
  expect(await reading(world, { seen: world.seen })).toMatchObject({
    is: 'broken',
    because: 'ledger broken at 3: the branch ends at line 2, though line 5 was there before',
  })
  await world.open().append([fact(6)])
  expect(await world.lines()).toHaveLength(6)
})

test('a branch that is hundreds of lines behind its mirror is broken, and not read for ever', async () => {
  const world = openLedgerWorld(inMemory())
  const ledger = world.open()
  await ledger.append([fact(0)])
  const early = Object.fromEntries(world.branch.files())
  await ledger.append(Array.from({ length: 600 }, (_, index) => fact(index + 1)))
  world.branch.push(early)
  world.branch.push({ 'facts/production/churn/2026-11.jsonl': early['facts/production/churn/2026-11.jsonl']! })

  expect(await reading(world)).toMatchObject({
    is: 'broken',
    because: 'ledger broken at 2: the branch is more than 500 lines shorter than its mirror',
    mirror: { seq: 601 },
  })
})
