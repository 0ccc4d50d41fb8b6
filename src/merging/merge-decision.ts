import type { Status } from '../gates/finding.ts'
import type { MergeTerms } from '../policy/leaves.ts'
import type { FoundCheck } from '../ports/check-run.ts'
import type { MergeMethod } from '../ports/git-host.ts'
import type { PullNow } from '../ports/pull-now.ts'

/** What was weighed, and how it came out. */
export interface WeighedPull {
  readonly head: string
  readonly baseRef: string
  readonly base: string
  readonly mergeBase: string
  readonly status: Status
  /** ISO 8601; null when time alone changes nothing. */
  readonly validUntil: string | null
  /** null where nothing is promoted. */
  readonly merge: MergeTerms | null
  readonly touchesWorkflows: boolean
  /** External id of the roll-up that shows this verdict. */
  readonly externalId: string
}

export interface MergeFacts {
  /** Read right before the decision. */
  readonly pull: PullNow
  readonly weighed: WeighedPull
  /** Whether the app may bypass rules on this branch; null when it cannot be told. */
  readonly mayBypass: boolean | null
  /** ISO 8601 */
  readonly now: string
}

/** What to do about a pull request that was weighed; `because` is told to people and to the log. */
export type MergeDecision =
  | { readonly do: 'merge'; readonly sha: string; readonly method: MergeMethod; readonly because: string }
  | { readonly do: 'enqueue'; readonly sha: string; readonly because: string }
  /** Something else must happen first; an event tells of it. */
  | { readonly do: 'wait'; readonly for: 'publication' | 'mergeability' | 'queue' | 'rules'; readonly because: string }
  | { readonly do: 'leave'; readonly because: string }
  /** What was weighed is not what is there. */
  | { readonly do: 'weigh'; readonly because: string }
  | { readonly do: 'nothing'; readonly because: string }

const ROLL_UP = 'weighbridge'

/** One reason not to merge; null: none. */
type Reason = (facts: MergeFacts) => MergeDecision | null

const weigh = (because: string): MergeDecision => ({ do: 'weigh', because })
const leave = (because: string): MergeDecision => ({ do: 'leave', because })
const nothing = (because: string): MergeDecision => ({ do: 'nothing', because })

const isOver: Reason = ({ pull }) => (pull.state === 'open' ? null : nothing(`it is ${pull.state}`))

const isOther: Reason = ({ pull, weighed }) => {
  if (pull.head.sha !== weighed.head) return weigh('its head has moved')
  if (pull.base.ref !== weighed.baseRef) return weigh('its base is another branch now')
  return pull.base.sha === weighed.base ? null : weigh(`${pull.base.ref} has moved`)
}

const isHeld: Reason = ({ weighed }) => (weighed.status === 'passed' ? null : nothing('it is held'))

/** A moment that cannot be read is over. */
const isExpired: Reason = ({ weighed, now }) => {
  if (weighed.validUntil === null) return null
  return Date.parse(now) < Date.parse(weighed.validUntil) ? null : weigh('the verdict has expired')
}

/** The newest roll-up of ours on the head. */
function rollUpOf({ checks }: PullNow): FoundCheck | undefined {
  return checks.filter(({ name }) => name === ROLL_UP).toSorted((a, b) => b.id - a.id)[0]
}

/** What people see must be what is merged. */
const isUnpublished: Reason = ({ pull, weighed }) => {
  const check = rollUpOf(pull)
  const stands = check?.status === 'completed' && check.conclusion === 'success'
  if (stands && check.externalId === weighed.externalId) return null
  return { do: 'wait', for: 'publication', because: 'the verdict does not stand on its head yet' }
}

const isManual: Reason = ({ weighed: { merge } }) => {
  if (merge === null) return leave('it promotes nothing')
  return merge.automatic ? null : leave(merge.because)
}

const isLeftToPeople: Reason = ({ pull, weighed }) => {
  if (pull.isDraft) return leave('it is a draft')
  if (pull.isFork) return leave('it comes from a fork')
  return weighed.touchesWorkflows ? leave('it changes a workflow, and only people may merge that') : null
}

/** Merging by a key that rules do not bind would pass people's own rules by. */
const isUnbound: Reason = ({ mayBypass, pull }) => {
  if (mayBypass === false) return null
  const what = mayBypass === null ? 'whether the app may bypass the rules of' : 'the app may bypass the rules of'
  return leave(`${what} ${pull.base.ref}${mayBypass === null ? ' cannot be told' : ''}`)
}

const isOpposed: Reason = ({ pull }) => {
  const against = pull.reviews.find(({ state }) => state === 'changes-requested')
  return against === undefined ? null : leave(`${against.author?.login ?? 'somebody'} asked for changes`)
}

const isBehind: Reason = ({ pull, weighed }) => {
  if (pull.mergeability === 'conflicting') return leave('it conflicts with its base: update the branch')
  return weighed.mergeBase === weighed.base ? null : leave(`it is not up to date with ${pull.base.ref}`)
}

const isQueued: Reason = ({ pull }) => {
  if (!pull.baseHasMergeQueue) return null
  if (pull.isInMergeQueue) return { do: 'wait', for: 'queue', because: 'it is in the merge queue' }
  return { do: 'enqueue', sha: pull.head.sha, because: 'it has passed, and its base has a merge queue' }
}

const isUncertain: Reason = ({ pull }) =>
  pull.mergeability === 'mergeable'
    ? null
    : { do: 'wait', for: 'mergeability', because: 'GitHub has not said yet whether it can be merged' }

/** In this order: what is not so any more, what is held, what people must do, what must be waited for. */
const REASONS: readonly Reason[] = [
  isOver,
  isOther,
  isHeld,
  isExpired,
  isManual,
  isLeftToPeople,
  isUnbound,
  isOpposed,
  isUnpublished,
  isBehind,
  isQueued,
  isUncertain,
]

function firstReason(facts: MergeFacts): MergeDecision | null {
  for (const reason of REASONS) {
    const decision = reason(facts)
    if (decision !== null) return decision
  }
  return null
}

/**
 * Whether the app merges a pull request that it weighed. Only the very head and base that were weighed, only what has
 * passed and still stands, only where the policy says so and every rule of the branch binds the app too.
 */
export function decideMerge(facts: MergeFacts): MergeDecision {
  const { pull, weighed } = facts
  const decision = firstReason(facts)
  if (decision !== null) return decision
  const method = weighed.merge?.method ?? 'merge'
  return { do: 'merge', sha: pull.head.sha, method, because: weighed.merge?.because ?? '' }
}

/**
 * Why GitHub refused a merge, from the pull request read again: its answer says the same for a conflict, for a rule and
 * for a moved base. Where nothing else is wrong, other checks or rules of the branch hold it, and their events wake it.
 */
export function whyRefused(facts: MergeFacts): MergeDecision {
  const decision = decideMerge(facts)
  if (decision.do !== 'merge' && decision.do !== 'enqueue') return decision
  return { do: 'wait', for: 'rules', because: `other checks or rules of ${facts.pull.base.ref} hold it` }
}
