import { type Finding, finding, type Mistake } from './finding.ts'

/** What was found wrong, and the way out: "models.churn: unknown key. Did you mean model?" */
function sentence(mistake: Mistake): string {
  const where = mistake.where === '' ? '' : `${mistake.where}: `
  return `${where}${mistake.what}.${mistake.mend === '' ? '' : ` ${mistake.mend}`}`
}

/**
 * A mistake of a file as a finding with its place; a warning is shown and does not hold.
 *
 * @param status  what an error makes of the gate: failed where the author can mend it in this pull request,
 *                inconclusive where the file belongs to the governed branch
 */
export function mistakeFinding(gate: string, mistake: Mistake, status: 'failed' | 'inconclusive' = 'failed'): Finding {
  const { path, line, column } = mistake
  const warning = mistake.severity === 'warning'
  return finding(gate, path, warning ? 'passed' : status, sentence(mistake), {
    place: { path, line, column },
    reason: `${path}:${line}:${column} ${mistake.what}`,
    ...(warning ? { advisory: true } : mistake.mend === '' ? {} : { flips: mistake.mend }),
  })
}
