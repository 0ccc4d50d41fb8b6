import type { Finding } from './finding.ts'

const WITHHELD = 'It was decided by numbers of a group that is too small to be shown here; the local report has them.'

/**
 * The findings of a shared place, each with the status that was judged locally.
 *
 * Both were judged by the same rules, so the trees have one shape. A rule whose number is withheld may come out
 * otherwise than locally; it then takes the local status, and says no more than that.
 *
 * @param local   judged on all evidence; nothing but statuses of it is shown
 * @param shared  judged on `sharedEvidence`, same order
 */
export function sharedFindings(local: readonly Finding[], shared: readonly Finding[]): readonly Finding[] {
  return local.map((own, index) => {
    const other = shared[index]
    return other?.gate === own.gate ? sharedFinding(own, other) : bare(own)
  })
}

function sharedFinding(local: Finding, shared: Finding): Finding {
  if (local.children.length !== shared.children.length) return bare(local)
  const children = sharedFindings(local.children, shared.children)
  const isAlike = local.advisory === shared.advisory && local.review?.role === shared.review?.role
  const isSame =
    isAlike && local.status === shared.status && children.every((child, index) => child === shared.children[index])
  if (isSame) return shared
  const title = children.length === 0 ? shared.title : `${local.gate}: ${local.status}`
  return { ...shared, ...decided(local), title, because: WITHHELD, children }
}

/** What may be told of a finding that has no shared counterpart: how it was decided. */
function bare(local: Finding): Finding {
  const nothing = { measured: null, limit: null, interval: null, method: null, support: null, provenance: null }
  const children = local.children.map(bare)
  return {
    gate: local.gate,
    title: `${local.gate}: ${local.status}`,
    because: WITHHELD,
    ...nothing,
    ...decided(local),
    children,
  }
}

/** Names of rules and places are the policy's own. */
function decided({ status, advisory, review, rule, place }: Finding): Pick<Finding, 'status'> & Partial<Finding> {
  return {
    status,
    ...(advisory && { advisory }),
    ...(review && { review }),
    ...(rule !== undefined && { rule }),
    ...(place && { place }),
  }
}
