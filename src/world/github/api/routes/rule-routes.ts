import { addRuleset, protectBranch } from '../../acts/change-repository.ts'
import { bypassOf } from '../../bypass.ts'
import { type BypassActor, Refusal, type Ruleset, type RulesetRule, type WorldRepository } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { rulesetsOn } from '../../rules.ts'
import { findAccount, fullName } from '../../state/find.ts'
import { teamOf } from '../../state/roles.ts'
import { timeText } from '../../webhooks/bodies/account-body.ts'
import { repositoryPage, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { mayAdminister } from '../allow.ts'
import { protectionBody } from '../bodies/protection-body.ts'
import { listed } from '../paging.ts'
import { created, found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const ruleRoutes = {
  'repos/get-branch-rules': (call) => {
    const rules = rulesetsOn(call.repository, call.params.branch ?? '').flatMap((set) =>
      set.rules.map((rule) => ({ ...rule, ...sourceOf(call, set) })),
    )
    return listed(call, rules, (rule) => rule)
  },
  'repos/get-repo-rulesets': (call) => listed(call, call.repository.rulesets, (one) => rulesetBody(call, one, false)),
  'repos/get-repo-ruleset': (call) => {
    const one = call.repository.rulesets.find(({ id }) => id === Number(call.params.ruleset_id))
    return ok(rulesetBody(call, found(one), true))
  },
  'repos/create-repo-ruleset': async (call) => {
    const body = call.body as unknown as NewRulesetBody
    const made = await addRuleset(call.github, call.repository.id, {
      name: body.name,
      enforcement: body.enforcement,
      include: body.conditions?.ref_name?.include ?? [],
      exclude: body.conditions?.ref_name?.exclude ?? [],
      bypass: body.bypass_actors ?? [],
      rules: body.rules ?? [],
    })
    return created(rulesetBody(call, made, true))
  },
  'repos/update-branch-protection': protect,
} satisfies Readonly<Record<string, RestHandler>>

interface NewRulesetBody {
  readonly name: string
  readonly enforcement: Ruleset['enforcement']
  readonly bypass_actors?: readonly BypassActor[]
  readonly conditions?: {
    readonly ref_name?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] }
  }
  readonly rules?: readonly RulesetRule[]
}

function sourceOf(call: RestCall, set: Ruleset) {
  const source = fullName(call.github.state, call.repository)
  return { ruleset_source_type: 'Repository', ruleset_source: source, ruleset_id: set.id }
}

/** Who may bypass it is shown only to those who may change it; whether the asker may, to everybody. */
function rulesetBody(call: RestCall, set: Ruleset, isWhole: boolean) {
  const { github, actor, repository } = call
  const place = {
    id: set.id,
    name: set.name,
    target: set.target,
    source_type: 'Repository',
    source: fullName(github.state, repository),
    enforcement: set.enforcement,
    node_id: nodeId('RepositoryRuleset', set.id),
    created_at: timeText(set.createdAt),
    updated_at: timeText(set.updatedAt),
    _links: linksOf(call, repository, set),
  }
  if (!isWhole) return place
  return {
    ...place,
    conditions: { ref_name: { include: set.include, exclude: set.exclude } },
    rules: set.rules,
    current_user_can_bypass: bypassOf(github.state, actor, repository, set),
    ...(mayAdminister(github, actor, repository) ? { bypass_actors: set.bypass } : {}),
  }
}

function linksOf({ github }: RestCall, repository: WorldRepository, set: Ruleset) {
  return {
    self: { href: `${repositoryUrl(github.state, repository)}/rulesets/${set.id}` },
    html: { href: `${repositoryPage(github.state, repository)}/rules/${set.id}` },
  }
}

interface Names {
  readonly users?: readonly string[]
  readonly teams?: readonly string[]
  readonly apps?: readonly string[]
}

interface ProtectionRequest {
  readonly required_status_checks: {
    readonly strict: boolean
    readonly contexts?: readonly string[]
    readonly checks?: readonly { readonly context: string; readonly app_id?: number }[]
  } | null
  readonly enforce_admins: boolean | null
  readonly required_pull_request_reviews: {
    readonly required_approving_review_count?: number
    readonly dismiss_stale_reviews?: boolean
    readonly require_code_owner_reviews?: boolean
    readonly require_last_push_approval?: boolean
    readonly bypass_pull_request_allowances?: Names
  } | null
  readonly restrictions: Names | null
  readonly required_linear_history?: boolean
  readonly allow_force_pushes?: boolean | null
  readonly allow_deletions?: boolean
}

async function protect(call: RestCall) {
  const body = call.body as unknown as ProtectionRequest
  const checks = body.required_status_checks
  const reviews = body.required_pull_request_reviews
  const named = checks?.checks ?? (checks?.contexts ?? []).map((context) => ({ context, app_id: -1 }))
  const protection = await protectBranch(call.github, call.repository.id, {
    pattern: call.params.branch ?? '',
    requiredChecks:
      checks === null
        ? null
        : {
            strict: checks.strict,
            checks: named.map(({ context, app_id: app = -1 }) => ({ context, app: app < 0 ? null : app })),
          },
    requiredReviews:
      reviews === null
        ? null
        : {
            count: reviews.required_approving_review_count ?? 1,
            dismissStale: reviews.dismiss_stale_reviews ?? false,
            requireCodeOwners: reviews.require_code_owner_reviews ?? false,
            requireLastPushApproval: reviews.require_last_push_approval ?? false,
            bypass: idsOf(call, reviews.bypass_pull_request_allowances ?? {}),
          },
    restrictPushes: body.restrictions === null ? null : idsOf(call, body.restrictions),
    enforceAdmins: body.enforce_admins ?? false,
    requireLinearHistory: body.required_linear_history ?? false,
    allowForcePushes: body.allow_force_pushes ?? false,
    allowDeletions: body.allow_deletions ?? false,
  })
  return ok(protectionBody(call.github.state, call.repository, protection))
}

function idsOf({ github, params }: RestCall, { users = [], teams = [], apps = [] }: Names) {
  const { state } = github
  const app = (slug: string) => [...state.apps.values()].find((one) => one.slug === slug)
  return {
    users: users.map((login) => known('user', login, findAccount(state, login)).id),
    teams: teams.map((slug) => known('team', slug, teamOf(state, params.owner ?? '', slug)).id),
    apps: apps.map((slug) => known('app', slug, app(slug)).id),
  }
}

function known<T>(kind: string, name: string, thing: T | null | undefined): T {
  if (thing != null) return thing
  throw new Refusal(422, 'Validation Failed', { errors: [{ message: `there is no ${kind} ${name}` }] })
}
