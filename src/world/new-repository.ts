import { createOrganisation, setMember } from './github/acts/create-account.ts'
import { createRepository } from './github/acts/create-repository.ts'
import { installApp } from './github/acts/install-app.ts'
import type { WorldAccount } from './github/github-state.ts'
import { findAccount, installationOf } from './github/state/find.ts'
import { letIn } from './welcome.ts'
import { accountNamed, actorOf, KEEPER, type WorldContext } from './world-context.ts'

export interface NewRepository {
  /** Of the first commit. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly defaultBranch?: string
  readonly isPrivate?: boolean
}

/** A repository with the app installed and everybody let in; its id. */
export async function newRepository(context: WorldContext, fullName: string, options: NewRepository): Promise<number> {
  const { github, people } = context
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(fullName) ?? []
  if (owner === undefined || name === undefined) throw new RangeError(`"${fullName}" is not owner/name`)
  const account = ownerNamed(context, owner)
  const keeper = actorOf(context, KEEPER)
  await install(context, account)
  const { id } = await createRepository(github, keeper, { ...options, owner: account.id, name })
  for (const login of people.keys()) await letIn(context, id, login)
  return id
}

/** An organisation, owned by the keeper, where nobody of that name is. */
function ownerNamed({ github }: WorldContext, login: string): WorldAccount {
  const known = findAccount(github.state, login)
  if (known !== null) return known
  const organisation = createOrganisation(github, { login })
  setMember(github, { organisation: organisation.id, user: accountNamed(github, KEEPER).id, role: 'admin' })
  return organisation
}

async function install(context: WorldContext, { id: account }: WorldAccount): Promise<void> {
  const { github, app } = context
  if (app === null || installationOf(github.state, app.id, account) !== null) return
  await installApp(github, actorOf(context, KEEPER), { app: app.id, account, repositories: 'all' })
}
