import type { Status } from '../gates/finding.ts'
import type { Fact, FactScope, NewFact } from '../ledger/fact.ts'
import type { LandedCommit } from '../ports/git-host.ts'
import type { Change } from '../registry/change.ts'
import { causeOf } from './cause-of.ts'
import { lookOf } from './look.ts'

/** What landed, weighed as parent to commit. */
export interface WeighedLanding {
  readonly status: Status
  readonly because: string
  readonly evidenceKey: string
  readonly policyDigest: string
  /** Digest of the verdict document in `store.evidence`. */
  readonly verdict: string
  readonly changes: readonly Change[]
  readonly promotions: readonly LandedPromotion[]
  /** Versions that nobody promotes from now on. */
  readonly retired: readonly { readonly model: string; readonly version: string; readonly reason: string }[]
}

export interface LandedPromotion {
  readonly environment: string
  readonly model: string
  readonly from: string | null
  readonly to: string
  readonly kind: Change['kind']
  readonly artifactDigest: string | null
  readonly fromDigest: string | null
  readonly evaluationDigest: string | null
}

/** The roll-up that stood on the head of the pull request when it was merged. */
export interface PublishedVerdict {
  readonly conclusion: string | null
  readonly evidenceKey: string | null
  /** ISO 8601 */
  readonly completedAt: string
}

export interface LandedQuestion {
  readonly landed: LandedCommit
  readonly weighed: WeighedLanding
  /** null: none stood there. */
  readonly published: PublishedVerdict | null
  /** Approvals that counted for what was published. */
  readonly approvals: readonly { readonly review: number; readonly by: number }[]
  /** Account ids of the app's own bots. */
  readonly bots: readonly number[]
  /** ISO 8601 */
  readonly now: string
}

/** What a landing was, with the facts to append. */
export interface Landing {
  /** weighed: by our verdict; by-hand: a rollback, however it landed; unweighed: neither. */
  readonly is: 'nothing' | 'weighed' | 'by-hand' | 'unweighed'
  readonly facts: readonly NewFact[]
  readonly because: string
}

/** How long a version that was rolled back from is quarantined, ms: 14 days. */
const QUARANTINE_MS = 14 * 86_400_000

type Pull = LandedCommit['pulls'][number]

/** The pull request that a commit is the merge of; null for whatever was pushed. */
function pullOf({ sha, pulls }: LandedCommit): Pull | null {
  return pulls.find(({ mergeCommit }) => mergeCommit === sha) ?? null
}

/** Why what landed is not what our verdict was about; null when it is. */
function whyUnweighed({ landed, published, weighed }: LandedQuestion): string | null {
  if (pullOf(landed) === null) return 'it was pushed, not merged from a pull request'
  if (published === null) return 'no verdict of ours stood on its head'
  if (published.conclusion !== 'success') return 'our verdict held it'
  if (!(Date.parse(published.completedAt) <= Date.parse(landed.landedAt))) return 'our verdict came after it had landed'
  if (published.evidenceKey === weighed.evidenceKey) return null
  return 'what landed is not what was weighed: the base had moved, or the merge brought something else'
}

/** Everything that the facts of one landing share. */
interface Teller {
  readonly question: LandedQuestion
  readonly pull: Pull | null
  readonly why: string | null
  readonly actorId: number
}

function told({ question, actorId }: Teller, scope: Exclude<FactScope, 'budget'>, fact: Fact): NewFact {
  const { landed, now } = question
  const cause = causeOf('landed', landed.sha, fact.kind, scope.environment, scope.model)
  return { scope, fact, cause, actorId, at: now }
}

const asFactStatus = (status: Status) => (status === 'skipped' ? 'failed' : status)

function decided(teller: Teller, scope: Exclude<FactScope, 'budget'>): readonly NewFact[] {
  const { question, pull, why } = teller
  if (why !== null || pull === null) return []
  const { landed, weighed, approvals } = question
  const fact: Fact = {
    kind: 'decided',
    pull: pull.number,
    head: pull.headSha,
    base: landed.parents[0] ?? '',
    merge_commit: landed.sha,
    merged_by: pull.mergedBy?.id ?? null,
    evidence_key: weighed.evidenceKey,
    policy_digest: weighed.policyDigest,
    status: 'passed',
    verdict: weighed.verdict,
    approvals,
  }
  return [told(teller, scope, fact)]
}

/** Nobody who works for us rolled back: what people do by hand is recorded as theirs, and never undone. */
function isByHand({ question, pull }: Teller, { kind }: LandedPromotion): boolean {
  const by = pull?.mergedBy?.id ?? null
  return kind === 'rollback' && (by === null || !question.bots.includes(by))
}

function deployed(teller: Teller, promotion: LandedPromotion): readonly NewFact[] {
  const { question, pull, why } = teller
  const { environment, model, from, to, artifactDigest } = promotion
  if (artifactDigest === null) return []
  const fact: Fact = {
    kind: 'deployed',
    version: to,
    digest: artifactDigest,
    from,
    commit: question.landed.sha,
    pull: pull?.number ?? null,
    weighed: why === null || question.weighed.status === 'passed',
    ...(isByHand(teller, promotion) && { by_hand: true }),
  }
  return [told(teller, { environment, model }, fact)]
}

function looked({ question, actorId }: Teller, promotion: LandedPromotion): readonly NewFact[] {
  const look = lookOf(promotion, { actorId, at: question.now })
  return look === null ? [] : [look]
}

/** The version that people left must not come back by itself. */
function quarantined(teller: Teller, promotion: LandedPromotion): readonly NewFact[] {
  const { environment, model, from, to, fromDigest, artifactDigest } = promotion
  if (!isByHand(teller, promotion) || fromDigest === null || fromDigest === artifactDigest) return []
  const fact: Fact = {
    kind: 'quarantined',
    digest: fromDigest,
    version: from,
    until: new Date(Date.parse(teller.question.now) + QUARANTINE_MS).toISOString(),
    reason: `rolled back by hand to ${to}`,
  }
  return [told(teller, { environment, model }, fact)]
}

function unweighed(teller: Teller, scope: Exclude<FactScope, 'budget'>, version: string | null): readonly NewFact[] {
  const { question, pull, why } = teller
  if (why === null) return []
  const { landed, weighed } = question
  const fact: Fact = {
    kind: 'unweighed',
    version,
    commit: landed.sha,
    pull: pull?.number ?? null,
    status: asFactStatus(weighed.status),
    because: why,
  }
  return [told(teller, scope, fact)]
}

/** A reason is as long as whoever edits model.yml likes; a line of the ledger is not. */
const MOST_REASON = 2000

/** A version is retired wherever it might serve, so that no environment has the fact. */
function retired({ question, pull, actorId }: Teller): readonly NewFact[] {
  const { landed, now, weighed } = question
  return weighed.retired.map(({ model, version, reason }) => {
    const words = reason.slice(0, MOST_REASON)
    const fact = { kind: 'retired', model, version, reason: words, pull: pull?.number ?? null } as const
    return { scope: 'budget', fact, cause: causeOf('landed', landed.sha, 'retired', model, version), actorId, at: now }
  })
}

function ofPromotion(teller: Teller, promotion: LandedPromotion): readonly NewFact[] {
  const { environment, model, to, kind } = promotion
  const scope = { environment, model }
  return [
    ...decided(teller, scope),
    ...deployed(teller, promotion),
    ...looked(teller, promotion),
    ...(kind === 'rollback' ? quarantined(teller, promotion) : unweighed(teller, scope, to)),
  ]
}

/** Places where something that serves changed, or went, without a promotion. */
function otherScopes({ changes, promotions }: WeighedLanding): readonly Exclude<FactScope, 'budget'>[] {
  const scopes = changes.flatMap(({ kind, model, environment }) =>
    (kind === 'serving-changed' || kind === 'removed') && model !== undefined && environment !== undefined
      ? [{ environment, model }]
      : [],
  )
  const isPromoted = (one: (typeof scopes)[number]) =>
    promotions.some(({ model, environment }) => model === one.model && environment === one.environment)
  const free = scopes.filter((one) => !isPromoted(one))
  return [...new Map(free.map((one) => [`${one.environment}/${one.model}`, one])).values()]
}

/**
 * What a commit that landed was, and what the ledger is to say of it. By our verdict only where a green roll-up stood on
 * the pull request's head before the merge and showed the very evidence that landed. A change back to a version that was
 * verified there is a rollback however it landed; nothing that landed is undone.
 */
export function decideLanded(question: LandedQuestion): Landing {
  const { landed, weighed } = question
  const pull = pullOf(landed)
  const why = whyUnweighed(question)
  const teller: Teller = { question, pull, why, actorId: pull?.mergedBy?.id ?? 0 }
  const facts = [
    ...weighed.promotions.flatMap((promotion) => ofPromotion(teller, promotion)),
    ...otherScopes(weighed).flatMap((scope) => unweighed(teller, scope, null)),
    ...retired(teller),
  ]
  const hasUnweighed = facts.some(({ fact }) => fact.kind === 'unweighed')
  const byHand = weighed.promotions.some((promotion) => isByHand(teller, promotion))
  if (weighed.promotions.length === 0 && !hasUnweighed)
    return { is: 'nothing', facts, because: 'it changes nothing that serves' }
  if (hasUnweighed) return { is: 'unweighed', facts, because: why ?? '' }
  if (byHand && why !== null) return { is: 'by-hand', facts, because: why }
  return { is: 'weighed', facts, because: 'it is what our verdict was about' }
}
