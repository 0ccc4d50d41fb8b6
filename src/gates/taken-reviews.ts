import { countApprovals, type Electorate } from './counted-approvals.ts'
import type { Finding } from './finding.ts'
import { listText } from './number-text.ts'
import { regathered } from './rule-finding.ts'

/** Where an inconclusive interval stands: for which model, in which environment. */
export interface ReviewPlace {
  readonly model: string
  readonly environment: string
}

/** Whether a finding waits for a reviewer: an interval that straddles its limit, and a role that may take it. */
function isOpen({ review, status, advisory }: Finding): boolean {
  return review !== undefined && status === 'inconclusive' && advisory !== true
}

/** Roles that an inconclusive interval below these findings is handed to. */
export function reviewRoles(findings: readonly Finding[]): readonly string[] {
  const own = findings.filter(isOpen).flatMap(({ review }) => review?.role ?? [])
  return [...new Set([...own, ...findings.flatMap(({ children }) => reviewRoles(children))])]
}

/** Logins of those who took it; empty while nobody has, or while a member of the role asks for changes. */
function takers(role: string, { model, environment }: ReviewPlace, on: Electorate): readonly string[] {
  const need = { role, count: 1, because: 'an interval straddles its limit', notAuthor: true, model, environment }
  const { counted, against, unknown } = countApprovals(need, on)
  return against.length > 0 || unknown.length > 0 ? [] : counted.map(({ login }) => login)
}

/**
 * A finding after people have taken what they may: an inconclusive interval that the policy hands to a role holds no
 * longer once somebody of that role has approved exactly this evidence. Whatever else is inconclusive stays so.
 */
export function withTakenReviews(found: Finding, place: ReviewPlace, on: Electorate): Finding {
  if (isOpen(found) && found.review !== undefined) {
    const logins = takers(found.review.role, place, on)
    if (logins.length === 0) return found
    return { ...found, advisory: true, review: { role: found.review.role, by: listText(logins) } }
  }
  if (found.advisory === true) return found
  const children = found.children.map((child) => withTakenReviews(child, place, on))
  const isSame = children.every((child, index) => child === found.children[index])
  return isSame ? found : regathered(found, children)
}
