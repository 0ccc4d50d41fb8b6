import { matchesPattern } from './match-pattern.ts'
import type {
  BranchProtection,
  MergeQueueParameters,
  RequiredCheck,
  RequiredReviews,
  Ruleset,
  RulesetRule,
  WorldRepository,
} from './state/repositories.ts'

/** The classic protection of a branch: an exact name goes before patterns, older patterns before newer ones. */
export function protectionOn(repository: WorldRepository, branch: string): BranchProtection | null {
  const exact = repository.protections.find((one) => one.pattern === branch)
  return exact ?? repository.protections.find((one) => matchesPattern(one.pattern, branch)) ?? null
}

/** Rulesets that hold on a branch; those that only evaluate or are switched off do not. */
export function rulesetsOn(repository: WorldRepository, branch: string): readonly Ruleset[] {
  const fits = (pattern: string) => {
    if (pattern === '~ALL') return true
    if (pattern === '~DEFAULT_BRANCH') return branch === repository.defaultBranch
    return matchesPattern(pattern, `refs/heads/${branch}`)
  }
  return repository.rulesets.filter(
    (one) => one.enforcement === 'active' && one.include.some(fits) && !one.exclude.some(fits),
  )
}

/** Where a requirement comes from; what may bypass it depends on that. */
export type RuleSource =
  | { readonly kind: 'protection'; readonly protection: BranchProtection }
  | { readonly kind: 'ruleset'; readonly ruleset: Ruleset }

/** What must be so before a branch may move. */
export interface Requirement {
  readonly source: RuleSource
  readonly checks: readonly RequiredCheck[]
  /** The head must contain the base's tip. */
  readonly strict: boolean
  readonly reviews: RequiredReviews | null
  readonly linear: boolean
  readonly queue: MergeQueueParameters | null
  /** Nobody may move it at all, but for those who bypass. */
  readonly locked: {
    readonly creation: boolean
    readonly update: boolean
    readonly deletion: boolean
    readonly force: boolean
  }
}

export function requirementsOn(repository: WorldRepository, branch: string): readonly Requirement[] {
  const protection = protectionOn(repository, branch)
  const sets = rulesetsOn(repository, branch).map(ofRuleset)
  return protection === null ? sets : [ofProtection(protection), ...sets]
}

/** Checks that are required on a branch, whoever requires them. */
export function requiredChecksOn(repository: WorldRepository, branch: string): readonly RequiredCheck[] {
  return requirementsOn(repository, branch).flatMap((one) => one.checks)
}

export function mergeQueueOn(repository: WorldRepository, branch: string): MergeQueueParameters | null {
  return requirementsOn(repository, branch).find((one) => one.queue !== null)?.queue ?? null
}

function ofProtection(protection: BranchProtection): Requirement {
  return {
    source: { kind: 'protection', protection },
    checks: protection.requiredChecks?.checks ?? [],
    strict: protection.requiredChecks?.strict ?? false,
    reviews: protection.requiredReviews,
    linear: protection.requireLinearHistory,
    queue: null,
    locked: {
      creation: false,
      update: protection.restrictPushes !== null,
      deletion: !protection.allowDeletions,
      force: !protection.allowForcePushes,
    },
  }
}

function ofRuleset(ruleset: Ruleset): Requirement {
  const has = (type: RulesetRule['type']) => ruleset.rules.some((rule) => rule.type === type)
  const checks = ruleset.rules.find((rule) => rule.type === 'required_status_checks')?.parameters
  const reviews = ruleset.rules.find((rule) => rule.type === 'pull_request')?.parameters
  return {
    source: { kind: 'ruleset', ruleset },
    checks: (checks?.required_status_checks ?? []).map((one) => ({
      context: one.context,
      app: one.integration_id ?? null,
    })),
    strict: checks?.strict_required_status_checks_policy ?? false,
    reviews:
      reviews === undefined
        ? null
        : {
            count: reviews.required_approving_review_count,
            dismissStale: reviews.dismiss_stale_reviews_on_push,
            requireLastPushApproval: reviews.require_last_push_approval,
            requireCodeOwners: reviews.require_code_owner_review,
          },
    linear: has('required_linear_history'),
    queue: ruleset.rules.find((rule) => rule.type === 'merge_queue')?.parameters ?? null,
    locked: {
      creation: has('creation'),
      update: has('update'),
      deletion: has('deletion'),
      force: has('non_fast_forward'),
    },
  }
}
