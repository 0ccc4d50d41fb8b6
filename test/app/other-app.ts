import { createApp } from '../../src/world/github/acts/create-app.ts'
import { installApp } from '../../src/world/github/acts/install-app.ts'
import { createCheckRun } from '../../src/world/github/acts/write-check.ts'
import type { Actor } from '../../src/world/github/github-state.ts'
import { accountOf, findAccount } from '../../src/world/github/state/find.ts'
import type { RepositoryHandle } from '../../src/world/repository-handle.ts'
import type { World } from '../../src/world/world.ts'

/** Somebody else's app, such as a continuous integration, that writes checks of its own. */
export async function otherApp(
  { github: { running } }: World,
  repository: RepositoryHandle,
): Promise<(headSha: string, name: string, conclusion: 'success' | 'failure') => Promise<void>> {
  const keeper = findAccount(running.state, 'keeper')
  const owner = findAccount(running.state, repository.fullName.split('/')[0] ?? '')
  if (keeper === null || owner === null) throw new Error('nobody is here')
  const made = createApp(running, { owner: keeper.id, name: 'ci', permissions: { checks: 'write' }, events: [] })
  const by: Actor = { kind: 'user', account: keeper }
  const { id } = await installApp(running, by, { app: made.id, account: owner.id, repositories: 'all' })
  const actor: Actor = {
    kind: 'installation',
    account: accountOf(running.state, made.bot),
    app: made,
    installation: id,
    permissions: made.permissions,
    repositories: 'all',
  }
  return async (headSha, name, conclusion) => {
    await createCheckRun(running, actor, { repository: repository.id, headSha, name, status: 'completed', conclusion })
  }
}
