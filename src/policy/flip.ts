import { type Finding, isJudged, type Status } from '../gates/finding.ts'

/** One thing that has to change, and every finding that it turns. */
export interface Flip {
  readonly findings: readonly Finding[]
  /** Gates that it belongs to, each once. */
  readonly gates: readonly string[]
}

/**
 * The smallest change of a tree of findings after which its root passes: each finding of its own reason that holds it,
 * and nothing else. Findings with the same `reason` are one change.
 *
 * All-of: every binding child has to pass, so each of them brings its own; a finding that its children do not explain is
 * itself what has to change, with all below it. What is advisory, waived or skipped holds nothing.
 *
 * @returns none where the root passes; in the order of the tree
 */
export function smallestFlip(root: Finding): readonly Flip[] {
  const holding = root.status === 'passed' ? [] : holders(root)
  const byReason = Map.groupBy(holding, ({ reason, gate, title, because }) => reason ?? `${gate}\n${title}\n${because}`)
  return [...byReason.values()].map((findings) => ({
    findings,
    gates: [...new Set(findings.map(({ gate }) => gate))],
  }))
}

/**
 * A tree once some of its findings pass: they and all above them are judged again, by all-of.
 *
 * @param isTurned  which findings pass now, whatever they were
 */
export function withFlips(root: Finding, isTurned: (found: Finding) => boolean): Finding {
  if (isTurned(root)) return { ...root, status: 'passed' }
  const children = root.children.map((child) => withFlips(child, isTurned))
  if (!isExplained(root)) return { ...root, children }
  return { ...root, children, status: worst(children.filter(binds)) }
}

function holders(found: Finding): readonly Finding[] {
  if (!isExplained(found)) return [found]
  return found.children.filter((child) => binds(child) && child.status !== 'passed').flatMap(holders)
}

/** Whether the children alone make it what it is. */
function isExplained({ children, status }: Finding): boolean {
  const binding = children.filter(binds)
  return binding.length > 0 && worst(binding) === status
}

function binds(found: Finding): boolean {
  return found.advisory !== true && isJudged(found)
}

function worst(children: readonly Finding[]): Status {
  if (children.some(({ status }) => status === 'failed')) return 'failed'
  return children.some(({ status }) => status === 'inconclusive') ? 'inconclusive' : 'passed'
}
