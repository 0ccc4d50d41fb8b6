import { authorize } from '../../commands/authorize.ts'
import type { FoundCheck } from '../../ports/check-run.ts'
import type { Ask } from '../../ports/inbox.ts'
import type { RepositoryJob } from './job-context.ts'

/** Whether anybody who pressed a button of a commit may weigh. It counts only on a check that is still the published one. */
export async function mayAnyWeigh(
  { host, repository }: RepositoryJob,
  sha: string,
  asks: readonly Ask[],
): Promise<boolean> {
  const people = asks.filter(({ by }) => !by.isBot)
  if (people.length === 0) return false
  const [checks, facts] = await Promise.all([
    people.every(({ check }) => check === null) ? [] : host.checksOn(repository, sha),
    host.roles(repository, {
      organisation: repository.owner,
      teams: [],
      accounts: people.map(({ by }) => by),
      permissions: true,
    }),
  ])
  const asked = {
    repository: repository.id,
    roles: undefined,
    model: null,
    environment: null,
    owner: null,
    author: null,
  }
  return people.some(({ by, check }) => {
    const who = { account: by, repository: repository.id, facts }
    return isPublished(checks, check) && authorize(who, 'weigh', asked).is === 'allowed'
  })
}

/** Whether the check whose button was pressed still shows what it showed then. */
function isPublished(checks: readonly FoundCheck[], pressed: Ask['check']): boolean {
  if (pressed === null) return true
  const stands = checks.find(({ name }) => name === pressed.name)
  return stands?.id === pressed.id && stands.externalId === pressed.externalId
}
