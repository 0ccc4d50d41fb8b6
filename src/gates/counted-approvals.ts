import { holdsRole, type Person, type RoleScope, type Roles, roleNamed, unknownOf } from '../registry/role-holders.ts'
import type { ExcludedAccount, PeopleFacts, ReviewFact } from './github-facts.ts'
import type { RequiredApproval } from './required-approvals.ts'

/** Where approvals are counted: who holds which role, what people said, and which evidence stands now. */
export interface Electorate {
  readonly roles: Roles | undefined
  readonly people: PeopleFacts
  readonly evidenceKey: string
  /** `owner` of a model on the governed branch. */
  readonly ownerOf: (model: string) => string | null
}

/** An approval that counts: a review, or the author's own agreement where he is the one who may decide. */
export interface CountedApproval extends Person {
  readonly review: number | null
}

export interface Count {
  readonly need: RequiredApproval
  readonly counted: readonly CountedApproval[]
  /** Approvals that count for nothing here, each with the reason. */
  readonly ignored: readonly { readonly login: string; readonly because: string }[]
  /** Members of the role who ask for changes: nothing passes against them. */
  readonly against: readonly Person[]
  /** What keeps anybody from telling who holds the role. */
  readonly unknown: readonly string[]
}

/** Newest opinion of each account, by id. */
function latest(reviews: readonly ReviewFact[]): readonly ReviewFact[] {
  const sorted = reviews.toSorted((a, b) => Date.parse(a.submittedAt) - Date.parse(b.submittedAt) || a.id - b.id)
  return [...new Map(sorted.map((review) => [review.by.id, review])).values()]
}

/** Why an approval was given to something else than what stands now; null when it was given to exactly this. */
function otherEvidence({ evidenceKeyThen, commit }: ReviewFact, evidenceKey: string): string | null {
  if (evidenceKeyThen === null) return `approved ${commit.slice(0, 7)} before a report stood there`
  return evidenceKeyThen === evidenceKey ? null : `approved other evidence, at ${commit.slice(0, 7)}`
}

function whyExcluded(people: PeopleFacts, { by }: ReviewFact, notAuthor: boolean): string | null {
  if (by.isBot) return 'is a bot'
  const excluded = people.excluded.find((one) => one.id === by.id && (notAuthor || one.is === 'bot'))
  if (excluded !== undefined) return excluded.because
  return notAuthor && people.author?.id === by.id ? 'is the author' : null
}

const bindsAsPusher = ({ is = 'pusher' }: ExcludedAccount) => is === 'pusher'

/**
 * The author where he may decide himself: GitHub lets nobody review his own pull request, so that having opened it is
 * his word. Not once somebody else has pushed to it: then it may hold what he never saw.
 */
function authorsWord(need: RequiredApproval, people: PeopleFacts, holds: (person: Person) => boolean) {
  const { author } = people
  if (need.notAuthor || author === null || author.isBot || !holds(author)) return []
  const other = people.excluded.find((one) => bindsAsPusher(one) && one.id !== author.id)
  return other === undefined ? [{ id: author.id, login: author.login, review: null }] : []
}

/** Counts the approvals of one need, and says of every other one why it does not count. */
export function countApprovals(need: RequiredApproval, on: Electorate): Count {
  const { people, roles } = on
  const scope: RoleScope = { ...need, owner: need.model === null ? null : on.ownerOf(need.model) }
  const holds = (person: Person) => holdsRole(roleNamed(roles, need.role), person, scope, people)
  const judged = latest(people.reviews).map((review) => ({
    review,
    isHolder: !review.by.isBot && holds(review.by),
    because:
      whyExcluded(people, review, need.notAuthor) ??
      (holds(review.by) ? otherEvidence(review, on.evidenceKey) : `does not hold role ${need.role}`),
  }))
  const approved = judged.filter(({ review }) => review.state === 'approved')
  const counted = approved
    .filter(({ because }) => because === null)
    .map(({ review }) => ({ id: review.by.id, login: review.by.login, review: review.id }))
  const own = authorsWord(need, people, holds).filter(({ id }) => !counted.some((one) => one.id === id))
  return {
    need,
    counted: people.unreadable === null ? [...counted, ...own] : [],
    ignored: [
      ...approved.flatMap(({ review, because }) => (because === null ? [] : [{ login: review.by.login, because }])),
      ...people.ignored,
    ],
    against: judged
      .filter(({ review, isHolder }) => review.state === 'changes-requested' && isHolder)
      .map(({ review }) => review.by),
    unknown: people.unreadable === null ? unknownOf(need.role, roles, scope, people) : [people.unreadable],
  }
}
