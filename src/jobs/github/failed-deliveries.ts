import type { DeliveryRecord } from '../../ports/git-host.ts'

const MOST_TRIES = 3

export interface Redeliveries {
  /** Ids to ask for again, oldest first. */
  readonly again: readonly DeliveryRecord['id'][]
  /** Where the next look begins: before everything that is still open. */
  readonly since: string
}

/**
 * Which deliveries to ask for again: those whose GUID never arrived and was asked for fewer than three times. A GUID of
 * which only later tries are in the list was given up, or arrived, before the look began.
 *
 * @param records  newest first, all since `since`
 */
export function failedDeliveries(records: readonly DeliveryRecord[], since: string): Redeliveries {
  const byGuid = Map.groupBy(records, ({ guid }) => guid)
  const open = [...byGuid.values()].filter(
    (tries) =>
      tries.some(({ isRedelivery }) => !isRedelivery) &&
      !tries.some(({ statusCode }) => statusCode >= 200 && statusCode < 300) &&
      tries.filter(({ isRedelivery }) => isRedelivery).length < MOST_TRIES,
  )
  const started = open.map((tries) => earliest(tries.map(({ deliveredAt }) => deliveredAt)) ?? since)
  const newest = records.map(({ deliveredAt }) => deliveredAt).reduce((a, b) => (a > b ? a : b), since)
  return {
    again: open.flatMap((tries) => tries.at(-1)?.id ?? []).reverse(),
    since: earliest(started) ?? newest,
  }
}

function earliest(times: readonly string[]): string | null {
  return times.reduce<string | null>((a, b) => (a === null || b < a ? b : a), null)
}
