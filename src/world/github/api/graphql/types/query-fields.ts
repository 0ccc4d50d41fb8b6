import { nodeId, readNodeId } from '../../../node-id.ts'
import { findRepository, keyOf } from '../../../state/find.ts'
import { maySee } from '../../allow.ts'
import { budgetOf } from '../../rate-limit.ts'
import { type Fields, type GraphqlCall, needs, notResolved } from '../graphql-call.ts'
import { accountThing, commitThing, objectThing, pullThing, repositoryThing } from '../things.ts'
import { accountCalled } from './account-fields.ts'
import { refThing } from './repository-fields.ts'

export const queryFields: Fields<unknown> = {
  viewer: (_, __, call) => {
    if (call.actor.kind === 'anonymous') throw notResolved('a viewer')
    return accountThing(call, call.actor.account.id)
  },
  rateLimit: (_, __, call) => {
    const { limit, used, remaining, reset } = budgetOf(call.github, call.actor, 'graphql')
    // this query is spent when it is answered
    return {
      limit,
      cost: 1,
      used: used + 1,
      remaining: remaining - 1,
      resetAt: new Date(reset * 1000).toISOString(),
      nodeCount: call.nodes,
    }
  },
  node: (_, { id }, call) => nodeOf(call, String(id)),
  nodes: (_, { ids }, call) => (ids as readonly string[]).map((id) => nodeOf(call, id)),
  repository: (_, { owner, name, followRenames }, call) => {
    const found = findRepository(call.github.state, `${String(owner)}/${String(name)}`)
    const isLost = found === null || (found.isFormerName && followRenames === false)
    if (isLost || !maySee(call.github, call.actor, found.repository)) {
      throw notResolved(`a Repository with the name '${String(owner)}/${String(name)}'`)
    }
    return repositoryThing(call, found.repository.id)
  },
  organization: (_, { login }, call) => {
    const found = accountCalled(call, String(login), 'Organization')
    if (found === null) throw notResolved(`an Organization with the login of '${String(login)}'`)
    return found
  },
  user: (_, { login }, call) => {
    const found = accountCalled(call, String(login), 'User')
    if (found === null) throw notResolved(`a User with the login of '${String(login)}'`)
    return found
  },
}

/**
 * What a global id names, if the asker may see it.
 *
 * @throws {Refusal} NOT_FOUND for an id that names nothing, or nothing that he may see
 */
async function nodeOf(call: GraphqlCall, id: string): Promise<unknown> {
  const thing = await thingOf(call, id)
  if (thing === null) throw notResolved(`a node with the global id of '${id}'`)
  return thing
}

async function thingOf(call: GraphqlCall, id: string): Promise<unknown> {
  const { state } = call.github
  const [type, first = '', second = ''] = partsOf(id)
  const number = Number(first)
  if (type === 'User' || type === 'Bot' || type === 'Organization') return accountThing(call, number)
  if (type === 'Repository') return inside(call, number, 'metadata') ? repositoryThing(call, number) : null
  if (type === 'Ref') return inside(call, number, 'contents') ? refThing(call, number, second) : null
  if (type === 'Commit') return inside(call, number, 'contents') ? commitThing(call, number, second) : null
  if (type === 'Tree' || type === 'Blob')
    return inside(call, number, 'contents') ? objectThing(call, number, second) : null
  if (type === 'CheckRun') return wrapped(call, state.runs.get(number), 'checks', (run) => ({ __typename: type, run }))
  if (type === 'CheckSuite') {
    return wrapped(call, state.suites.get(number), 'checks', (suite) => ({ __typename: type, suite }))
  }
  if (type === 'Deployment') {
    return wrapped(call, state.deployments.get(number), 'deployments', (deployment) => ({
      __typename: type,
      deployment,
    }))
  }
  if (type === 'IssueComment') {
    return wrapped(call, state.comments.get(number), 'metadata', (comment) => ({ __typename: type, comment }))
  }
  if (type === 'PullRequestReview') {
    return wrapped(call, state.reviews.get(number), 'pull_requests', (review) => ({ __typename: type, review }))
  }
  return discussed(call, id, type)
}

/** Pull requests and issues are kept by number, so their ids are looked for. */
function discussed(call: GraphqlCall, id: string, type: string): unknown {
  const { state } = call.github
  if (type === 'PullRequest') {
    const pull = [...state.pulls.values()].find((one) => nodeId('PullRequest', one.id) === id)
    return wrapped(call, pull, 'metadata', (one) => pullThing(call, one.repository, one.number))
  }
  if (type !== 'Issue') return null
  const its = [...state.issues.values()].find((one) => nodeId('Issue', one.id) === id)
  return wrapped(call, its, 'issues', (one) => ({
    __typename: type,
    its: state.issues.get(keyOf(one.repository, one.number)),
  }))
}

function partsOf(id: string): readonly [string, ...string[]] {
  const known = readNodeId(id)
  return known === null ? [''] : [known.kind, ...known.parts]
}

function wrapped<T extends { readonly repository: number }>(
  call: GraphqlCall,
  record: T | undefined,
  permission: string,
  wrap: (record: T) => unknown,
): unknown {
  return record === undefined || !inside(call, record.repository, permission) ? null : wrap(record)
}

/** False for a repository that is not there or not to be seen; a missing permission is refused. */
function inside(call: GraphqlCall, id: number, permission: string): boolean {
  const repository = call.github.state.repositories.get(id)
  if (repository === undefined || !maySee(call.github, call.actor, repository)) return false
  needs(call, id, permission)
  return true
}
