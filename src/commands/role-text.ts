import { type Roles, roleNamed } from '../registry/role-holders.ts'

/** Names in a list that would fill a page are counted instead. */
const MOST_NAMED = 5

/**
 * A role and who holds it, as a refusal says it; a role that nobody defined is called so.
 *
 * @example roleText('risk', { risk: { teams: ['model-risk'], models: ['credit-*'] } }) // => 'role risk: team model-risk, only models credit-*'
 */
export function roleText(name: string, roles: Roles | undefined): string {
  const role = roleNamed(roles, name)
  if (role === undefined) return `role ${name}, which the configuration does not define`
  const teams = (role.teams ?? []).map((team) => (team === '@owner' ? 'the team that owns the model' : `team ${team}`))
  const users = (role.users ?? []).map((user) => `user ${user.replace(/#.*/, '')}`)
  const permission = role.permission === undefined ? [] : [`everyone with ${role.permission} permission`]
  const who = [...teams, ...users, ...permission]
  const shown = [...who.slice(0, MOST_NAMED), ...(who.length > MOST_NAMED ? [`${who.length - MOST_NAMED} more`] : [])]
  const only = [...narrowing('models', role.models), ...narrowing('environments', role.environments)]
  return `role ${name}: ${[...(shown.length === 0 ? ['nobody'] : shown), ...only].join(', ')}`
}

function narrowing(what: string, globs: readonly string[] | undefined): readonly string[] {
  return globs === undefined ? [] : [`only ${what} ${globs.slice(0, MOST_NAMED).join(' ')}`]
}

/** Lines that define roles; below `roles:` where there is one already. */
export function rolesToAdd(names: readonly string[], roles: Roles | undefined): string {
  const lines = names.map((name) => `  ${name}: {teams: [<team>]}`)
  return roles === undefined ? ['roles:', ...lines].join('\n') : lines.join('\n')
}
