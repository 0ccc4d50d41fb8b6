import type { FactScope, LedgerState, NewFact } from '../ledger/fact.ts'

/** Facts of one scope as weighing reads them, or why they cannot be believed. */
export type LedgerReading =
  | { readonly is: 'sound'; readonly state: LedgerState; readonly tip: string | null }
  /** Gap, fork, bad signature, shortened branch: promotions are inconclusive, rollbacks go on from the mirror. */
  | { readonly is: 'broken'; readonly because: string; readonly mirror: LedgerState | null }
  | { readonly is: 'unreadable'; readonly because: string }

/** The ledger of one repository of environments. */
export interface Ledger {
  /**
   * @param tip  the branch's tip as read 1 saw it; null when the branch does not exist
   */
  read(scope: Exclude<FactScope, 'budget'>, tip: string | null): Promise<LedgerReading>
  /**
   * Appends facts in one commit; those whose cause is already there are left out. Safe with two writers and after a
   * crash at any point.
   *
   * @returns the new tip, and how many lines were new
   * @throws {HostFailure | Unavailable} when it could not be done; trying again is safe
   */
  append(facts: readonly NewFact[]): Promise<{ readonly tip: string; readonly appended: number }>
}
