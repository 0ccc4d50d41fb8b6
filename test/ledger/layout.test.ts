import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { branchFiles } from '../../src/ledger/branch-files.ts'
import { emptyHead } from '../../src/ledger/documents.ts'
import type { NewFact } from '../../src/ledger/fact.ts'
import { type BranchContent, withLines } from '../../src/ledger/layout.ts'
import { beforeFirst, type Line, makeLine } from '../../src/ledger/line.ts'
import { verifyFiles } from '../../src/ledger/verify-files.ts'
import { fact, OUR_KEY, quarantine } from '../adapters/ledger/ledger-world.ts'

const NOTHING: BranchContent = { head: emptyHead(42), indexes: new Map(), scopes: new Map(), parts: new Map() }

const anyFact: fc.Arbitrary<NewFact> = fc
  .record({
    scope: fc.constantFrom<NewFact['scope']>(
      'budget',
      { environment: 'production', model: 'churn' },
      { environment: 'production', model: 'fraud' },
      { environment: 'staging', model: 'churn' },
    ),
    month: fc.constantFrom('2026-09', '2026-10', '2026-11'),
    number: fc.nat(),
    length: fc.constantFrom(1, 9000),
  })
  .map(({ scope, month, number, length }) =>
    fact(number, {
      scope,
      at: `${month}-15T00:00:00Z`,
      fact: { ...quarantine(`1.${number % 5}.0`), reason: 'ü'.repeat(length) } as never,
    }),
  )

function linesOf(facts: readonly NewFact[]): readonly Line[] {
  const lines: Line[] = []
  for (const one of facts) lines.push(makeLine(one, lines.at(-1) ?? { seq: 0, digest: beforeFirst(42) }, OUR_KEY))
  return lines
}

test('what the branch holds depends on its lines alone, not on who appended how many of them at once', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 40 }), fc.array(fc.nat(40), { maxLength: 5 }), (facts, cuts) => {
      const lines = linesOf(facts)
      const steps = [...new Set([0, ...cuts.map((cut) => Math.min(cut, lines.length)), lines.length])].sort(
        (a, b) => a - b,
      )
      const whole = withLines(NOTHING, lines)
      const stepwise = steps.reduce<BranchContent>(
        (content, step, index) => withLines(content, lines.slice(steps[index - 1] ?? 0, step)),
        NOTHING,
      )
      expect(stepwise).toEqual(whole)
    }),
    { numRuns: 40 },
  )
})

test('whatever was appended verifies, no file is longer than GitHub gives back, and one flipped letter is found', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(), (facts, which, where) => {
      const files = new Map(branchFiles(withLines(NOTHING, linesOf(facts)), OUR_KEY, [OUR_KEY.public]))
      expect(verifyFiles(files, [OUR_KEY.public]).flaw).toBeNull()
      for (const text of files.values()) expect(Buffer.byteLength(text)).toBeLessThan(512_000)
      const paths = [...files.keys()].filter((path) => path !== 'keys.json')
      const path = paths[which % paths.length]!
      const text = files.get(path)!
      const at = where % text.length
      files.set(path, `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`)
      expect(verifyFiles(files, [OUR_KEY.public]).flaw).not.toBeNull()
    }),
    { numRuns: 60 },
  )
})
