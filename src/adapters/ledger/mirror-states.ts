import { type BudgetState, EMPTY_BUDGET } from '../../ledger/budget-state.ts'
import { scopeName } from '../../ledger/cause.ts'
import { everyModelOf, withEnvironment } from '../../ledger/every-model.ts'
import { emptyState, type LedgerState, type ModelScope } from '../../ledger/fact.ts'
import { foldLine } from '../../ledger/fold.ts'
import { foldBudgetLine } from '../../ledger/fold-budget.ts'
import { beforeFirst } from '../../ledger/line.ts'
import type { VerifyingKey } from '../../ledger/signature.ts'
import { LedgerBroken } from './ledger-broken.ts'
import { type Mirror, mirrorLines } from './mirror.ts'

/** States folded from the mirror alone, while the branch is broken; null when the mirror is, too. */
export interface MirrorStates {
  /** For rollbacks. */
  model(scope: ModelScope): Promise<LedgerState | null>
  /** For ends of what runs. */
  budget(): Promise<BudgetState | null>
}

/** Reads the mirror from its first line once, and goes on from there each time it is asked. */
export function openMirrorStates(
  mirror: Mirror,
  of: { readonly ledger: number; readonly keys: readonly VerifyingKey[] },
): MirrorStates {
  const states = new Map<string, LedgerState>()
  let budget = EMPTY_BUDGET
  let last: { readonly seq: number; readonly digest: string } = { seq: 0, digest: beforeFirst(of.ledger) }
  const stateOf = (scope: ModelScope) => states.get(scopeName(scope)) ?? emptyState(scope.environment, scope.model)
  const goOn = async () => {
    for await (const { line } of mirrorLines(mirror, of, last)) {
      if (line.scope === 'budget') budget = foldBudgetLine(budget, line)
      else states.set(scopeName(line.scope), foldLine(stateOf(line.scope), line))
      last = line
    }
  }
  let turn: Promise<void> = Promise.resolve()
  const isWhole = async () => {
    turn = turn.catch(() => undefined).then(goOn)
    try {
      await turn
      return true
    } catch (error) {
      if (error instanceof LedgerBroken) return false
      throw error
    }
  }
  return {
    model: async (scope) =>
      (await isWhole()) ? withEnvironment(stateOf(scope), stateOf(everyModelOf(scope.environment))) : null,
    budget: async () => ((await isWhole()) ? budget : null),
  }
}
