import type { Change, ChangeKind } from '../registry/change.ts'
import { type Finding, finding } from './finding.ts'

/** Changes beside which nothing is promoted, and what people call them. */
const EVERYWHERE: Readonly<Partial<Record<ChangeKind, string>>> = {
  'policy-changed': 'a policy changes',
  'configuration-changed': 'the configuration changes',
}
const OF_THE_MODEL: Readonly<Partial<Record<ChangeKind, string>>> = {
  'terms-changed': 'how it is judged changes',
  'evaluation-changed': 'its exam changes',
}
const MEND = 'Open two pull requests: this change first, the promotion after it is merged.'

/** Retirement is taken back for the very version that the pull request promotes. */
function unretires(change: Change, version: string): boolean {
  const retired = (change.fields ?? []).filter(({ field }) => /^retired($|[.[])/.test(field))
  return retired.some(({ from, to }) => from.includes(version) && !to.includes(version))
}

function whyNot(change: Change, model: string, version: string): string | undefined {
  if (EVERYWHERE[change.kind] !== undefined) return EVERYWHERE[change.kind]
  if (change.model !== model) return undefined
  if (change.kind === 'model-changed' && unretires(change, version)) return `the retirement of ${version} is taken back`
  return OF_THE_MODEL[change.kind]
}

/**
 * What else in the pull request forbids that it promotes anything: it would set its own rules.
 * The promotion is judged all the same, by the governed branch.
 */
export function promotesNothing(changes: readonly Change[], model: string, version: string): readonly Finding[] {
  return changes.flatMap((change) => {
    const what = whyNot(change, model, version)
    if (what === undefined) return []
    const because = `${what} in the same pull request (${change.path}), so it promotes nothing. ${MEND}`
    const place = change.place ?? { path: change.path, line: 1, column: 1 }
    return [finding('registry', change.kind, 'failed', because, { place, flips: MEND, reason: because })]
  })
}
