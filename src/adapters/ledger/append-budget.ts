import type { BudgetState } from '../../ledger/budget-state.ts'
import { lineId } from '../../ledger/cause.ts'
import type { NewFact } from '../../ledger/fact.ts'
import { foldBudget } from '../../ledger/fold-budget.ts'
import type { Line } from '../../ledger/line.ts'
import type { BudgetAnswer, BudgetDecision } from '../../ports/ledger.ts'
import { Unavailable } from '../../ports.ts'
import { type AppendPorts, commitUntilThere, mirrorFacts, mirrorNext } from './append.ts'
import type { LedgerView } from './view.ts'

/** So often somebody else may be quicker; each time one line more is known. */
const MOST_DECISIONS = 500

/** A decision whose lines are in the mirror, and so are facts: from here on they are only to be committed. */
interface Settled<Refusal> {
  readonly facts: readonly NewFact[]
  /** All that the branch does not hold yet. */
  readonly lines: readonly Line[]
  readonly refused: { readonly words: Refusal } | null
  readonly budget: BudgetState
}

interface Deciding<Refusal> {
  readonly view: LedgerView
  readonly decide: (budget: BudgetState) => BudgetDecision<Refusal>
  /** Ids of the lines that are ours. */
  readonly own: Set<string>
}

/**
 * Appends what a decision says, with compare-and-set: each line takes the seq right after the last line that was
 * decided on. Who finds another line there folds it in and decides again.
 *
 * @throws {LedgerBroken | HostFailure | Unavailable}
 */
export async function appendDecided<Refusal>(
  ports: AppendPorts,
  decide: (budget: BudgetState) => BudgetDecision<Refusal>,
  seenTip?: string | null,
): Promise<BudgetAnswer<Refusal>> {
  const own = new Set<string>()
  const kept: { settled?: Settled<Refusal> } = {}
  const mirrored = async (view: LedgerView) => {
    if (kept.settled !== undefined) return mirrorFacts(ports, { view, facts: kept.settled.facts, own })
    kept.settled = await settle(ports, { view, decide, own })
    // also where nothing is to be added: what a writer that died left in the mirror is brought to the branch
    await Promise.all(kept.settled.lines.map((line) => ports.mirror.putId(line)))
    return kept.settled.lines
  }
  const tip = await commitUntilThere(ports, ['budget'], mirrored, seenTip)
  const { refused, budget } = kept.settled!
  if (refused !== null) return { is: 'refused', refused: refused.words, budget }
  return { is: 'appended', tip, appended: own.size, budget }
}

async function settle<Refusal>(
  ports: AppendPorts,
  { view, decide, own }: Deciding<Refusal>,
): Promise<Settled<Refusal>> {
  const before = await view.branch.budget()
  const lines = [...view.pending]
  const written: NewFact[] = []
  for (let turn = 0; turn < MOST_DECISIONS; turn++) {
    const budget = foldBudget(before, lines)
    const decision = decide(budget)
    if ('refused' in decision) return { facts: written, lines, refused: { words: decision.refused }, budget }
    const isWhole = await writeFacts(ports, { view, lines, facts: decision, written })
    for (const fact of written) own.add(lineId(fact))
    if (isWhole) return { facts: [...decision, ...written], lines, refused: null, budget: foldBudget(before, lines) }
  }
  throw new Unavailable(
    'unreachable',
    `others were quicker ${MOST_DECISIONS} times while a budget was decided on`,
    'It is tried again; nothing was dispatched.',
  )
}

/** Writes facts that are not there yet right behind the lines, each into the mirror; false: somebody else was quicker. */
async function writeFacts(
  ports: AppendPorts,
  {
    view,
    lines,
    facts,
    written,
  }: {
    readonly view: LedgerView
    readonly lines: Line[]
    readonly facts: readonly NewFact[]
    readonly written: NewFact[]
  },
): Promise<boolean> {
  for (const fact of facts) {
    const id = lineId(fact)
    if (lines.some((line) => line.id === id) || (await ports.mirror.seqOf(id)) !== null) continue
    if (!(await mirrorNext(ports, { fact, lines, view }))) return false
    written.push(fact)
  }
  return true
}
