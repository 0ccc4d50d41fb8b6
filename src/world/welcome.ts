import { setCollaborator } from './github/acts/change-repository.ts'
import { createCustomRole, createTeam, setMember, updateTeam } from './github/acts/create-account.ts'
import { teamOf } from './github/state/roles.ts'
import { accountNamed, type Person, type WorldContext } from './world-context.ts'

/** Somebody comes into the world, or may do something else from now on. */
export async function welcome(context: WorldContext, login: string, person: Person): Promise<void> {
  const { github, people } = context
  const account = accountNamed(github, login)
  if (person.email !== undefined) github.state.accounts.set(account.id, { ...account, email: person.email })
  people.set(login, person)
  for (const repository of github.state.repositories.keys()) await letIn(context, repository, login)
}

/** Gives somebody what they may do in a repository, and their teams in the organisation that owns it. */
export async function letIn({ github, people }: WorldContext, repository: number, login: string): Promise<void> {
  const { permission = 'write', teams = [], customRole } = people.get(login) ?? {}
  const user = accountNamed(github, login).id
  const organisation = github.state.repositories.get(repository)?.owner ?? 0
  const custom = customRole === undefined ? {} : { custom: roleNamed({ github }, organisation, customRole, permission) }
  await setCollaborator(github, { repository, account: user, role: permission, ...custom })
  if (github.state.accounts.get(organisation)?.type !== 'Organization') return
  if (permission !== 'none') setMember(github, { organisation, user })
  for (const slug of teams) joinTeam({ github }, { organisation, slug, user })
}

function roleNamed(
  { github }: Pick<WorldContext, 'github'>,
  organisation: number,
  name: string,
  base: NonNullable<Person['permission']>,
): number {
  const known = [...github.state.customRoles.values()].find(
    (one) => one.organisation === organisation && one.name === name,
  )
  if (known !== undefined) return known.id
  if (base === 'admin' || base === 'none') throw new RangeError(`the custom role ${name} cannot stand on ${base}`)
  return createCustomRole(github, { organisation, name, base }).id
}

function joinTeam(
  { github }: Pick<WorldContext, 'github'>,
  { organisation, slug, user }: { readonly organisation: number; readonly slug: string; readonly user: number },
): void {
  const team = teamOf(github.state, github.state.accounts.get(organisation)?.login ?? '', slug)
  if (team === null) createTeam(github, { organisation, name: slug, slug, members: [user] })
  else if (!team.members.some((member) => member.user === user))
    updateTeam(github, team.id, { members: [...team.members, { user, role: 'member', state: 'active' }] })
}
