import { z } from 'zod'
import type { RoleAnswer, RoleQuestion } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import { GraphqlFailure, unreachable } from './failures.ts'
import { inRepository, type Side } from './side.ts'

type Permission = 'admin' | 'write' | 'read' | 'none'

/** Read 5: who of these people is in which team, in one query, and what each may do here, one request a person. */
export async function roles(side: Side, repository: HostedRepository, question: RoleQuestion): Promise<RoleAnswer> {
  const people = question.accounts.filter(({ isBot }) => !isBot)
  const [teams, permissions] = await Promise.all([
    teamsOf(side, question.organisation, [...new Set(question.teams)], people),
    question.permissions ? permissionsOf(side, repository, people) : new Map<number, Permission | null>(),
  ])
  return { teams, permissions }
}

const memberSchema = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean() }),
  nodes: z.array(z.object({ databaseId: z.int() }).nullable()),
})
const teamSchema = z.record(z.string(), z.union([z.string(), memberSchema])).nullable()
const teamsAnswer = z.object({ organization: z.record(z.string(), teamSchema).nullable() })

/**
 * Membership by exact id. The search by login only narrows; GitHub lists active members, those of child teams too.
 * A team that is not there, or not shown, is null.
 */
async function teamsOf(
  side: Side,
  organisation: string,
  teams: readonly string[],
  people: readonly Account[],
): Promise<RoleAnswer['teams']> {
  if (teams.length === 0) return new Map()
  const read = await organisationRead(side, organisation, teams, people)
  return new Map(teams.map((team, at) => [team, membersOf(read?.[`t${at}`] ?? null, people, team)]))
}

function membersOf(
  read: z.infer<typeof teamSchema>,
  people: readonly Account[],
  team: string,
): ReadonlySet<number> | null {
  if (read === null || read.slug !== team) return null
  const members = people.filter(({ id, login }, at) => {
    const found = read[`p${at}`]
    if (found === undefined || typeof found === 'string') throw unreachable(OPERATION, `no word of ${login} in ${team}`)
    if (found.nodes.some((node) => node?.databaseId === id)) return true
    if (found.pageInfo.hasNextPage) throw unreachable(OPERATION, `more members of ${team} are like ${login} than shown`)
    return false
  })
  return new Set(members.map(({ id }) => id))
}

const OPERATION = 'read the teams'

async function organisationRead(
  { calls }: Side,
  organisation: string,
  teams: readonly string[],
  people: readonly Account[],
): Promise<z.infer<typeof teamsAnswer>['organization']> {
  const variables = Object.fromEntries([
    ['organisation', organisation],
    ...teams.map((team, at) => [`t${at}`, team]),
    ...people.map(({ login }, at) => [`p${at}`, login]),
  ])
  const document = teamsDocument(teams.length, people.length)
  try {
    return (await calls.query({ operation: OPERATION, document, variables, answer: teamsAnswer })).organization
  } catch (error) {
    if (error instanceof GraphqlFailure && error.errors.every(isAboutAbsence)) return partialOf(error)
    throw error
  }
}

/** An organisation or a team that is not there or not shown: that much is an answer, and holds what it names. */
function isAboutAbsence({ type, path }: GraphqlFailure['errors'][number]): boolean {
  return path[0] === 'organization' && path.length <= 2 && (type === 'NOT_FOUND' || type === 'FORBIDDEN')
}

function partialOf(error: GraphqlFailure) {
  const reading = teamsAnswer.safeParse(error.partial ?? { organization: null })
  if (reading.success) return reading.data.organization
  throw error
}

function teamsDocument(teams: number, people: number): string {
  const count = (many: number) => Array.from({ length: many }, (_, at) => at)
  const names = ['organisation', ...count(teams).map((at) => `t${at}`), ...count(people).map((at) => `p${at}`)]
  const members = count(people).map(
    (at) =>
      `p${at}: members(first: 100, query: $p${at}, membership: ALL) { pageInfo { hasNextPage } nodes { databaseId } }`,
  )
  return `
query Teams(${names.map((name) => `$${name}: String!`).join(', ')}) {
  organization(login: $organisation) {
    ${count(teams)
      .map((at) => `t${at}: team(slug: $t${at}) { slug ${members.join(' ')} }`)
      .join('\n    ')}
  }
}`
}

const permissionSchema = z.object({
  permission: z.enum(['admin', 'write', 'read', 'none']),
  user: z.object({ id: z.int() }).nullable(),
})

/** GitHub's base permission, which a custom role has too; null when it is not shown, or the login is another's by now. */
async function permissionsOf({ calls }: Side, repository: HostedRepository, people: readonly Account[]) {
  const read = async ({ id, login }: Account): Promise<readonly [number, Permission | null]> => {
    try {
      const { permission, user } = await calls.get({
        operation: 'read a permission',
        route: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        parameters: { ...inRepository(repository), username: login },
        answer: permissionSchema,
      })
      return [id, user?.id === id ? permission : null]
    } catch (error) {
      if (error instanceof HostFailure && [403, 404].includes(error.status) && !error.retryable) return [id, null]
      throw error
    }
  }
  return new Map(await Promise.all(people.map(read)))
}
