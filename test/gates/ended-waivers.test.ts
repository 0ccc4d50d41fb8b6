import { expect, test } from 'vitest'
import { endedWaivers, liveWaivers } from '../../src/gates/ended-waivers.ts'
import type { LedgerState } from '../../src/ledger/fact.ts'

type Waived = LedgerState['waived'][number]

const LIVE = { commit: 'c1', at: '2026-11-02T00:00:00Z' }
const NOW = '2026-11-10T00:00:00Z'

function waived(by: number, until: string, more: Partial<Waived> = {}): Waived {
  const at = '2026-11-01T00:00:00Z'
  return {
    gate: 'metrics',
    evidence_key: 'k',
    until,
    role: 'approver',
    reason: 'labels',
    by,
    at,
    landed: 'c1',
    ...more,
  }
}

const [OVER, ON] = ['2026-11-09T00:00:00Z', '2026-11-20T00:00:00Z']
const said = (...all: readonly Waived[]) => endedWaivers({ waived: all }, LIVE, NOW).map(({ by }) => by)

test.each([
  ['one that is over', [waived(1, OVER)], [1]],
  ['one that ends at this moment', [waived(1, NOW)], [1]],
  ['one that still holds', [waived(1, ON)], []],
  ['what another commit landed with', [waived(1, OVER, { landed: 'c0' })], []],
  ['what has not landed', [{ ...waived(1, OVER), landed: undefined }], []],
  ['one of two people who waived together', [waived(1, OVER), waived(2, ON)], [1]],
  ['one that somebody renewed since', [waived(1, OVER), waived(2, ON, { at: '2026-11-08T00:00:00Z' })], []],
  ['a renewal that is over too', [waived(1, OVER), waived(2, OVER, { at: '2026-11-08T00:00:00Z' })], [1, 2]],
  ['another gate waived since', [waived(1, OVER), waived(2, ON, { gate: 'drift', at: '2026-11-08T00:00:00Z' })], [1]],
])('under an expired waiver: %s', (_, all, expected) => {
  expect(said(...all)).toEqual(expected)
})

test('where it is not known how what serves came there, it serves under no waiver', () => {
  expect(liveWaivers({ waived: [waived(1, OVER)] }, undefined)).toEqual([])
  expect(endedWaivers({ waived: [waived(1, OVER)] }, undefined, NOW)).toEqual([])
})
