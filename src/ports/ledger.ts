import type { BudgetState } from '../ledger/budget-state.ts'
import type { LedgerState, ModelScope, NewFact } from '../ledger/fact.ts'

/** Facts of one scope as weighing reads them, or why they cannot be believed. */
export type LedgerReading =
  | { readonly is: 'sound'; readonly state: LedgerState; readonly tip: string | null }
  /** Gap, fork, bad signature, shortened branch: promotions are inconclusive, rollbacks go on from the mirror. */
  | { readonly is: 'broken'; readonly because: string; readonly mirror: LedgerState | null }
  | { readonly is: 'unreadable'; readonly because: string }

/** The budget as training reads it, or why it cannot be believed. */
export type BudgetReading =
  | { readonly is: 'sound'; readonly budget: BudgetState; readonly tip: string | null }
  /** Nothing is dispatched; what runs is followed from the mirror. */
  | { readonly is: 'broken'; readonly because: string; readonly mirror: BudgetState | null }
  | { readonly is: 'unreadable'; readonly because: string }

/** What a budget leads to: facts to append (none: nothing is to be done), or a refusal in the caller's own words. */
export type BudgetDecision<Refusal> = readonly NewFact[] | { readonly refused: Refusal }

export type BudgetAnswer<Refusal> =
  /** `budget` is what the decision was made on, with what it appended folded in. */
  | { readonly is: 'appended'; readonly tip: string; readonly appended: number; readonly budget: BudgetState }
  | { readonly is: 'refused'; readonly refused: Refusal; readonly budget: BudgetState }

/** The ledger of one repository of environments. */
export interface Ledger {
  /**
   * A model's state with what concerns its whole environment; of the scope of all models that alone.
   *
   * @param tip  the branch's tip as read 1 saw it; null when the branch does not exist
   */
  read(scope: ModelScope, tip: string | null): Promise<LedgerReading>
  /**
   * Every model's own state, those that concern whole environments among them; costs with the ledger's size.
   *
   * @param tip  as for `read`
   * @returns null when the ledger cannot be read or believed
   */
  readAll(tip: string | null): Promise<readonly LedgerState[] | null>
  /**
   * Appends facts in one commit; those whose cause is already there are left out. Safe with two writers and after a
   * crash at any point.
   *
   * @param seenTip  the branch's tip as it was read a moment ago, which saves asking; one that is out of date costs a turn
   * @returns the new tip, and how many lines were new
   * @throws {HostFailure | Unavailable} when it could not be done; trying again is safe
   */
  append(
    facts: readonly NewFact[],
    seenTip?: string | null,
  ): Promise<{ readonly tip: string; readonly appended: number }>
  /** @param tip  as for `read` */
  readBudget(tip: string | null): Promise<BudgetReading>
  /**
   * Appends what a decision on the newest budget says, and nothing when it refuses: no line of anybody lies between
   * the budget that was decided on and the lines that follow from it, so two instances racing never overspend.
   *
   * @param decide  pure. Asked again on a newer budget whenever somebody else was quicker, also after a first part of
   *                its own facts was written: it answers from the budget alone, and leaves out what is there already
   * @param seenTip  as for `append`
   * @throws {HostFailure | Unavailable} when it could not be done; trying again is safe
   */
  appendBudget<Refusal>(
    decide: (budget: BudgetState) => BudgetDecision<Refusal>,
    seenTip?: string | null,
  ): Promise<BudgetAnswer<Refusal>>
}
