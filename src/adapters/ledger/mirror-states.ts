import { scopeName } from '../../ledger/cause.ts'
import { emptyState, type FactScope, type LedgerState } from '../../ledger/fact.ts'
import { foldLine } from '../../ledger/fold.ts'
import { beforeFirst } from '../../ledger/line.ts'
import type { VerifyingKey } from '../../ledger/signature.ts'
import { LedgerBroken } from './ledger-broken.ts'
import { type Mirror, mirrorLines } from './mirror.ts'

/** States folded from the mirror alone, for rollbacks while the branch is broken; null when the mirror is, too. */
export type MirrorStates = (scope: Exclude<FactScope, 'budget'>) => Promise<LedgerState | null>

/** Reads the mirror from its first line once, and goes on from there each time it is asked. */
export function openMirrorStates(
  mirror: Mirror,
  of: { readonly ledger: number; readonly keys: readonly VerifyingKey[] },
): MirrorStates {
  const states = new Map<string, LedgerState>()
  let last: { readonly seq: number; readonly digest: string } = { seq: 0, digest: beforeFirst(of.ledger) }
  const goOn = async () => {
    for await (const { line } of mirrorLines(mirror, of, last)) {
      const { scope } = line
      if (scope !== 'budget') {
        const before = states.get(scopeName(scope)) ?? emptyState(scope.environment, scope.model)
        states.set(scopeName(scope), foldLine(before, line))
      }
      last = line
    }
  }
  let turn: Promise<void> = Promise.resolve()
  return async (scope) => {
    turn = turn.catch(() => undefined).then(goOn)
    try {
      await turn
    } catch (error) {
      if (error instanceof LedgerBroken) return null
      throw error
    }
    return states.get(scopeName(scope)) ?? emptyState(scope.environment, scope.model)
  }
}
