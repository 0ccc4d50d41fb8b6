import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { chainFlaw } from '../../src/ledger/chain.ts'
import type { NewFact } from '../../src/ledger/fact.ts'
import { beforeFirst, type Line, lineFlaw, makeLine, readLine } from '../../src/ledger/line.ts'
import { signingKeyOf, verifyingKeyOf } from '../../src/ledger/signature.ts'
import { deployed, fact, newKey, OUR_KEY, quarantine } from '../adapters/ledger/ledger-world.ts'

const START = { seq: 0, digest: beforeFirst(42) }
const KEYS = [OUR_KEY.public]

function chainOf(facts: readonly NewFact[], key = OUR_KEY, start = START): readonly Line[] {
  const lines: Line[] = []
  for (const one of facts) lines.push(makeLine(one, lines.at(-1) ?? start, key))
  return lines
}

const FIVE = chainOf([1, 2, 3, 4, 5].map((number) => fact(number)))

test('a line is one canonical text, and reading it gives it back', () => {
  const [line] = chainOf([fact(1)])

  expect(readLine(line!.text)).toEqual(line)
  expect(Object.keys(JSON.parse(line!.text))).toEqual([
    ...['actor_id', 'at', 'commit', 'digest', 'format', 'from', 'id', 'key_id', 'kind', 'prev', 'pull', 'scope'],
    ...['seq', 'sig', 'version', 'weighed'],
  ])
})

test('no byte of a line can change without notice', () => {
  const [line] = chainOf([fact(1)])
  const { text } = line!
  for (let at = 0; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
    expect(flawOf(changed), `at ${at}: ${changed}`).not.toBeNull()
  }
})

function flawOf(text: string): string | null {
  try {
    return lineFlaw(readLine(text), START, KEYS)
  } catch (error) {
    return (error as Error).message
  }
}

test('a line of another repository, signed by the same app, does not begin this ledger', () => {
  const [other] = chainOf([fact(1)], OUR_KEY, { seq: 0, digest: beforeFirst(43) })

  expect(lineFlaw(other!, START, KEYS)).toContain("begins another repository's ledger")
})

test.each<[string, (lines: readonly Line[]) => readonly Line[], { seq: number; because: string }]>([
  ['a gap', (lines) => lines.filter(({ seq }) => seq !== 3), { seq: 3, because: 'is missing' }],
  ['its beginning missing', (lines) => lines.slice(1), { seq: 1, because: 'is missing' }],
  ['a line twice', (lines) => [...lines, lines[3]!], { seq: 4, because: 'is there twice' }],
  [
    'a fork',
    (lines) => [...lines, makeLine(fact(9), lines[2]!, OUR_KEY)],
    { seq: 4, because: 'is there twice, and says two things' },
  ],
  [
    'another line in the place of one',
    (lines) => lines.with(2, makeLine(fact(9), lines[1]!, OUR_KEY)),
    { seq: 4, because: 'does not follow line 3 as it is' },
  ],
  [
    "a stranger's line",
    (lines) => [...lines, makeLine(fact(9), lines[4]!, newKey())],
    {
      seq: 6,
      because: expect.stringMatching(/^is signed by key [0-9a-f]{16}, which is none of the operator's$/) as never,
    },
  ],
])('a chain with %s breaks there', (_, edit, flaw) => {
  expect(chainFlaw(FIVE, START, KEYS)).toBeNull()
  expect(chainFlaw(edit(FIVE), START, KEYS)).toEqual(flaw)
})

test.each<[string, Partial<NewFact>, string]>([
  [
    'a field of the line itself',
    { fact: { ...deployed('1.0.0'), seq: 9 } as never },
    'a fact has no field "seq" of its own',
  ],
  ['a name that leaves its folder', { scope: { environment: '..', model: 'churn' } }, 'scope'],
  ['a time that is none', { at: 'yesterday' }, 'at: Invalid ISO datetime'],
  ['a field missing', { fact: { kind: 'quarantined', digest: 'x' } as never }, 'is no "quarantined": version'],
  ['too much to say', { fact: { ...quarantine('1.0.0'), reason: 'x'.repeat(70_000) } as never }, 'is longer than'],
])('a fact with %s is refused before it is written', (_, over, because) => {
  expect(() => makeLine(fact(1, over), START, OUR_KEY)).toThrow(because)
})

test('a kind of a later version is a line like any other', () => {
  const [line] = chainOf([fact(1, { fact: { kind: 'teleported', to: 'mars' } as never })])

  expect(readLine(line!.text).fact).toEqual({ kind: 'teleported', to: 'mars' })
  expect(chainFlaw([line!], START, KEYS)).toBeNull()
})

test('a key is read from its file and from its text, and from nothing else', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })

  expect(verifyingKeyOf(signingKeyOf(pem).public.text).key_id).toBe(signingKeyOf(pem).key_id)
  for (const text of [rsa as string, 'canary-not-a-key', ''])
    expect(() => signingKeyOf(text)).toThrow('the signing key of the ledger is no Ed25519 key in PEM')
  for (const text of ['ed25519:AAAA', 'canary', `ed25519:${'A'.repeat(44)}`])
    expect(() => verifyingKeyOf(text)).toThrow('a public key of the ledger is')
})
