import {
  holdsRole,
  type RoleFacts,
  type Roles,
  roleLookUp,
  roleNamed,
  scopeText,
  unknownOf,
} from '../registry/role-holders.ts'
import type { CommandName } from './command.ts'
import { slashCommandNamed } from './index.ts'
import { rolesToAdd, roleText } from './role-text.ts'
import type { Concern, Need } from './slash-command.ts'

/** What somebody asks for. A button, the command line, the Action and an alert ask for the same verbs as a comment. */
export type Verb = CommandName

/** Who asks, and what was looked up about him now, in one repository. */
export interface Asker {
  /** null for an account that is deleted. */
  readonly account: { readonly id: number; readonly login: string; readonly isBot: boolean } | null
  /** Id of the repository whose permissions, and whose organisation's teams, these are. */
  readonly repository: number
  readonly facts: RoleFacts
}

/** What it is asked about. */
export interface Asked extends Concern {
  /** Id of the repository. */
  readonly repository: number
  /** Of the configuration on the default branch, now. */
  readonly roles: Roles | undefined
  /** `owner` of model.yml on the governed branch. */
  readonly owner: string | null
  /** Id of the author of the pull request that it is about; null where it is about none, or he is gone. */
  readonly author: number | null
  /** Ids of who had the app open the pull request that it is about. */
  readonly askers?: readonly number[]
  /** Id of who started it, where somebody did. */
  readonly starter?: number
  /** Where the policy says who may: the roles that it names. */
  readonly named?: readonly string[]
}

export type Authorization =
  | { readonly is: 'allowed'; readonly as: string }
  | {
      readonly is: 'denied'
      /** Why not: `dana holds approver and not trainer for churn`. Raw text, to be escaped where it is shown. */
      readonly because: string
      /** What it takes: `role trainer: team data-science`. */
      readonly takes: string
      /** Lines for the configuration, where a role is not defined. */
      readonly add: string | null
    }

/** GitHub's base permission includes the lower ones. */
const ENOUGH = { read: ['read', 'write', 'admin'], write: ['write', 'admin'] } as const

/**
 * Whether somebody may have something done. The one place where that is decided, whatever the surface: it does not even
 * know which one asks.
 *
 * Everything is compared by account id. In doubt it is no: for bots, for deleted accounts, for a permission or a team
 * that could not be read, for a role that is not defined, and for facts looked up elsewhere.
 *
 * @param who    with facts looked up in this job, never kept
 * @param asked  of `concerns` of the command; each of several is asked about on its own
 */
export function authorize(who: Asker, verb: Verb, asked: Asked): Authorization {
  const { may } = slashCommandNamed(verb)
  const roles = may.rolesOfPolicy === true ? (asked.named ?? []) : (may.roles ?? [])
  const denied = (because: string): Authorization => ({ is: 'denied', because, ...whatItTakes(may, roles, asked) })
  const never = whyNever(who, may, asked)
  if (never !== null) return denied(never)
  const person = who.account!
  const permission = who.facts.permissions.get(person.id)
  if (may.permission !== undefined && ENOUGH[may.permission].some((one) => one === permission))
    return { is: 'allowed', as: `${permission} permission` }
  if (may.starter === true && asked.starter === person.id) return { is: 'allowed', as: 'who started it' }
  const scope = { model: asked.model, environment: asked.environment, owner: asked.owner }
  const holds = (role: string) => holdsRole(roleNamed(asked.roles, role), person, scope, who.facts)
  const held = roles.find(holds)
  if (held !== undefined) return { is: 'allowed', as: `role ${held}` }
  return denied(whyNone(who, roles, asked, Object.keys(asked.roles ?? {}).filter(holds)))
}

/**
 * What must be looked up about people before `authorize` can answer: permissions always, and where a role is asked for
 * the teams of all roles, so that whoever may not learns which he does hold. One query, however many.
 */
export function lookUpFor(verbs: readonly { readonly verb: Verb; readonly asked: LookedUp }[]): {
  readonly teams: readonly string[]
  readonly permissions: true
} {
  const teams = verbs.flatMap(({ verb, asked }) => {
    const { may } = slashCommandNamed(verb)
    if (may.roles === undefined && may.rolesOfPolicy === undefined) return []
    const all = Object.keys(asked.roles ?? {}).map((role) => ({ role, ...asked }))
    return roleLookUp(asked.roles, all).teams
  })
  return { teams: [...new Set(teams)].sort(), permissions: true }
}

type LookedUp = Pick<Asked, 'roles' | 'owner' | keyof Concern>

/** What nobody's role mends. */
function whyNever({ account, repository, facts }: Asker, may: Need, asked: Asked): string | null {
  if (account === null) return 'the account is deleted'
  if (account.isBot) return `${account.login} is a bot; bots ask for nothing`
  if (repository !== asked.repository) return 'what is known about the account was looked up in another repository'
  const permission = facts.permissions.get(account.id) ?? null
  if (permission === null) return `the permission of ${account.login} in this repository cannot be read`
  if (permission === 'none') return `${account.login} has no access to this repository`
  if (may.notAuthor !== true) return null
  if (asked.author === account.id)
    return `${account.login} is the author of the pull request, so somebody else decides this`
  const hasAsked = asked.askers?.includes(account.id) === true
  return hasAsked ? `${account.login} asked for this pull request, so somebody else decides this` : null
}

function whyNone({ account, facts }: Asker, roles: readonly string[], asked: Asked, held: readonly string[]): string {
  const login = account!.login
  const scope = { model: asked.model, environment: asked.environment, owner: asked.owner }
  const people = { ...facts, reviews: [{ by: account! }] }
  const unknown = roles.flatMap((role) => unknownOf(role, asked.roles, scope, people))
  const permission = facts.permissions.get(account!.id)
  if (roles.length === 0) return `${login} has ${permission} permission here`
  const own =
    held.length > 0
      ? `${login} holds ${held.join(', ')}`
      : roles.length === 1
        ? `${login} does not hold role ${roles[0]}`
        : `${login} holds none of the roles that may`
  const place = asked.model !== null && asked.environment === null ? ` for ${asked.model}` : placeText(asked)
  return [`${own}${place}`, ...new Set(unknown)].join('; ')
}

function placeText(asked: Asked): string {
  return asked.model === null && asked.environment === null ? '' : ` for ${scopeText(asked)}`
}

function whatItTakes(may: Need, roles: readonly string[], asked: Asked): { takes: string; add: string | null } {
  const permission = may.permission === undefined ? [] : [`${may.permission} permission in the repository`]
  const named = roles.map((role) => roleText(role, asked.roles))
  const ways = [...named, ...permission, ...(may.starter === true ? ['to have started it'] : [])]
  const isUndefined = roles.length > 0 && roles.every((role) => roleNamed(asked.roles, role) === undefined)
  const takes = ways.length === 0 ? 'a role that the policy names, and it names none' : ways.join(', or ')
  return { takes, add: isUndefined && may.permission === undefined ? rolesToAdd(roles.slice(0, 1), asked.roles) : null }
}
