import type { RoleName } from './people.ts'

/** A check that must pass; `app` is the expected source, null for anybody. */
export interface RequiredCheck {
  readonly context: string
  readonly app: number | null
}

export interface RequiredReviews {
  readonly count: number
  readonly dismissStale: boolean
  readonly requireLastPushApproval: boolean
  readonly requireCodeOwners: boolean
}

/** Who may do what a rule forbids to others. */
export interface PushAllowance {
  readonly users: readonly number[]
  readonly teams: readonly number[]
  readonly apps: readonly number[]
}

/** Classic branch protection. `pattern` is a file-name pattern: `main`, `release/*`. */
export interface BranchProtection {
  readonly id: number
  readonly pattern: string
  readonly requiredChecks: { readonly strict: boolean; readonly checks: readonly RequiredCheck[] } | null
  readonly requiredReviews: (RequiredReviews & { readonly bypass: PushAllowance }) | null
  readonly restrictPushes: PushAllowance | null
  readonly enforceAdmins: boolean
  readonly requireLinearHistory: boolean
  readonly allowForcePushes: boolean
  readonly allowDeletions: boolean
}

export type RulesetRule =
  | { readonly type: 'creation' | 'update' | 'deletion' | 'non_fast_forward' | 'required_linear_history' }
  | {
      readonly type: 'pull_request'
      readonly parameters: {
        readonly required_approving_review_count: number
        readonly dismiss_stale_reviews_on_push: boolean
        readonly require_code_owner_review: boolean
        readonly require_last_push_approval: boolean
        readonly required_review_thread_resolution: boolean
      }
    }
  | {
      readonly type: 'required_status_checks'
      readonly parameters: {
        readonly strict_required_status_checks_policy: boolean
        readonly required_status_checks: readonly {
          readonly context: string
          readonly integration_id?: number
        }[]
      }
    }
  | { readonly type: 'merge_queue'; readonly parameters: MergeQueueParameters }

export interface MergeQueueParameters {
  readonly merge_method: 'MERGE' | 'SQUASH' | 'REBASE'
  readonly grouping_strategy: 'ALLGREEN' | 'HEADGREEN'
  readonly max_entries_to_build: number
  readonly max_entries_to_merge: number
  readonly min_entries_to_merge: number
  readonly min_entries_to_merge_wait_minutes: number
  readonly check_response_timeout_minutes: number
}

export interface BypassActor {
  /** App id, team id, role id (5 admin, 4 write, 2 maintain), null for organisation admins. */
  readonly actor_id: number | null
  readonly actor_type: 'Integration' | 'Team' | 'RepositoryRole' | 'OrganizationAdmin'
  readonly bypass_mode: 'always' | 'pull_request'
}

/** Patterns are full ref names with `*` and `**`, `~DEFAULT_BRANCH` or `~ALL`. */
export interface Ruleset {
  readonly id: number
  readonly name: string
  readonly target: 'branch'
  readonly enforcement: 'active' | 'evaluate' | 'disabled'
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly bypass: readonly BypassActor[]
  readonly rules: readonly RulesetRule[]
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Collaborator {
  readonly account: number
  readonly role: RoleName
  /** The custom role whose base `role` is. */
  readonly custom?: number
}

/** Its id stays when it is renamed or transferred. */
export interface WorldRepository {
  readonly id: number
  readonly owner: number
  readonly name: string
  readonly description: string | null
  readonly isPrivate: boolean
  readonly defaultBranch: string
  /** The repository that it was forked from. */
  readonly parent: number | null
  /** Repositories of one network share their Git objects: the first one's id. */
  readonly network: number
  readonly collaborators: readonly Collaborator[]
  /** What each member of the owning organisation may do. */
  readonly baseRole: RoleName | 'none'
  readonly mergeMethods: { readonly merge: boolean; readonly squash: boolean; readonly rebase: boolean }
  readonly deleteBranchOnMerge: boolean
  readonly protections: readonly BranchProtection[]
  readonly rulesets: readonly Ruleset[]
  /** Number of the next issue or pull request. */
  readonly nextNumber: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly pushedAt: number
}

/** A line of a repository's activity list. */
export interface RefActivity {
  readonly id: number
  readonly repository: number
  /** `refs/heads/main` */
  readonly ref: string
  readonly before: string
  readonly after: string
  readonly at: number
  readonly kind: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge'
  readonly actor: number
}
