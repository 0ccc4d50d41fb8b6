import type { LedgerState } from '../ledger/fact.ts'
import { isInForce } from './ledger-findings.ts'

type Waived = LedgerState['waived'][number]

/** How what serves came there. */
export type Live = Pick<LedgerState['deployed'][number], 'commit' | 'at'>

/** Waivers that what serves landed with, those that were said since for the same evidence among them. */
export function liveWaivers({ waived }: Pick<LedgerState, 'waived'>, live: Live | undefined): readonly Waived[] {
  return live === undefined ? [] : waived.filter(({ landed }) => landed === live.commit)
}

/**
 * Waivers that have ended while what landed with them still serves, unless somebody has waived the gate anew since then.
 * Of several people who waived together none covers for another.
 *
 * @param live  undefined: it is not known how what serves came there, and nothing is found
 * @param now   ISO 8601
 */
export function endedWaivers(
  state: Pick<LedgerState, 'waived'>,
  live: Live | undefined,
  now: string,
): readonly Waived[] {
  const all = liveWaivers(state, live)
  const inForce = all.filter(({ until }) => isInForce(until, now))
  const isRenewed = (gate: string) => inForce.some((one) => one.gate === gate && one.at > (live?.at ?? ''))
  return all.filter((one) => !inForce.includes(one) && !isRenewed(one.gate))
}
