import { allOf, type Finding, isJudged, type Status } from '../gates/finding.ts'
import { isCrash } from '../policy/crash.ts'
import type { Conclusion } from '../ports/check-run.ts'

/** A gate of which nothing was asked is no obstacle; its title says so. */
const CONCLUSION: Readonly<Record<Status, Conclusion>> = {
  passed: 'success',
  failed: 'failure',
  inconclusive: 'action_required',
  skipped: 'success',
}

/** Whether a gate that counts crashed: a bug of ours never looks like something that a person has to decide. */
function hasCrashed(found: Finding): boolean {
  return found.advisory !== true && (isCrash(found) || found.children.some(hasCrashed))
}

/**
 * What a check run concludes from some findings, all of which must hold.
 *
 * @param isForeign  a fork that changes anything of ours: at best a maintainer must take it over
 */
export function conclusionOf(findings: readonly Finding[], isForeign: boolean): Conclusion {
  if (findings.some(hasCrashed)) return 'failure'
  const judged = CONCLUSION[allOf(findings)]
  return isForeign && judged === 'success' ? 'action_required' : judged
}

/** The worst of several findings of one gate, as a word: advice is no more than that. */
export function gateWord(findings: readonly Finding[]): string {
  if (findings.some(hasCrashed)) return 'crashed'
  const judged = findings.filter(isJudged)
  if (judged.length === 0) return 'skipped, nothing to judge'
  const counting = judged.filter(({ advisory }) => advisory !== true)
  if (counting.length > 0) return allOf(counting)
  return `${allOf(judged.map(({ advisory: _, ...found }) => found))}, advisory`
}
