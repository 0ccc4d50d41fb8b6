import { describe, expect, test } from 'vitest'
import { failedDeliveries } from '../../../src/jobs/github/failed-deliveries.ts'
import type { DeliveryRecord } from '../../../src/ports/git-host.ts'

const START = '2026-11-18T10:00:00Z'

/** Newest first, as GitHub lists them; a delivery a minute. */
function listed(...tries: readonly (readonly [guid: string, statusCode: number])[]): readonly DeliveryRecord[] {
  const seen = new Set<string>()
  return tries
    .map(([guid, statusCode], index) => {
      const isRedelivery = seen.has(guid)
      seen.add(guid)
      const deliveredAt = new Date(Date.parse(START) + 60_000 * index).toISOString()
      return { id: index, guid, statusCode, isRedelivery, deliveredAt, event: 'push' }
    })
    .reverse()
}

describe('deliveries that failed', () => {
  test('are asked for again, oldest first, unless they came later', () => {
    const records = listed(['a', 502], ['b', 0], ['c', 202], ['a', 202])

    expect(failedDeliveries(records, START).again).toEqual([1])
  })

  test('are asked for three times and then no more', () => {
    const twice = listed(['a', 502], ['a', 502], ['a', 502])
    const thrice = listed(['a', 502], ['a', 502], ['a', 502], ['a', 502])

    expect(failedDeliveries(twice, START).again).toEqual([0])
    expect(failedDeliveries(thrice, START).again).toEqual([])
  })

  test('that are still open are looked at again; what is over is not', () => {
    const open = listed(['a', 202], ['b', 502], ['c', 202])
    const over = listed(['a', 202], ['c', 202])

    expect(failedDeliveries(open, START).since).toBe('2026-11-18T10:01:00.000Z')
    expect(failedDeliveries(over, START).since).toBe('2026-11-18T10:01:00.000Z')
    expect(failedDeliveries([], START)).toEqual({ again: [], since: START })
  })
})
