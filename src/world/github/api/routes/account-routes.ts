import { accountOf, findAccount } from '../../state/find.ts'
import { memberOf, membershipIn, teamMembers, teamOf } from '../../state/roles.ts'
import { accountBody } from '../../webhooks/bodies/account-body.ts'
import { profileBody } from '../bodies/profile-body.ts'
import { teamBody } from '../bodies/team-body.ts'
import { listed } from '../paging.ts'
import { budgetOf } from '../rate-limit.ts'
import { found, notFound, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const accountRoutes = {
  'meta/get': () => ok({ verifiable_password_authentication: false }),
  'rate-limit/get': ({ github, actor }) => {
    const core = rate(budgetOf(github, actor, 'core'))
    return ok({ resources: { core, search: core, graphql: rate(budgetOf(github, actor, 'graphql')) }, rate: core })
  },
  'users/get-authenticated': ({ github, actor }) =>
    ok(profileBody(github.state, found(actor.kind === 'user' ? actor.account : null))),
  'users/get-by-username': ({ github, params }) =>
    ok(profileBody(github.state, found(findAccount(github.state, params.username ?? '')))),
  'teams/get-by-name': (call) => ok(teamBody(call.github.state, teamIn(call))),
  'teams/list-members-in-org': (call) => {
    const role = call.query.role ?? 'all'
    const members = teamMembers(call.github.state, teamIn(call)).filter(
      (one) => one.state === 'active' && (role === 'all' || one.role === role),
    )
    return listed(call, members, (one) => accountBody(call.github.state, accountOf(call.github.state, one.user)))
  },
  'teams/get-membership-for-user-in-org': (call) => {
    const { state } = call.github
    const user = found(findAccount(state, call.params.username ?? ''))
    const team = teamIn(call)
    const { role, state: standing } = found(membershipIn(state, team, user.id))
    const url = `${teamBody(state, team).url}/memberships/${user.login}`
    return ok({ url, role, state: standing })
  },
} satisfies Readonly<Record<string, RestHandler>>

/** A team is seen from inside its organisation only. */
function teamIn({ github, actor, params }: RestCall) {
  const { state } = github
  const team = found(teamOf(state, params.org ?? '', params.team_slug ?? ''))
  const isInside =
    actor.kind === 'installation'
      ? state.installations.get(actor.installation)?.account === team.organisation
      : actor.kind === 'user' && memberOf(state, team.organisation, actor.account.id)?.state === 'active'
  if (!isInside) throw notFound()
  return team
}

function rate({ limit, used, remaining, reset }: ReturnType<typeof budgetOf>) {
  return { limit, used, remaining, reset }
}
