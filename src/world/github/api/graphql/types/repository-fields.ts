import { nodeId } from '../../../node-id.ts'
import { accountOf, fullName, issueOf, issuesOf, keyOf, pullsOf } from '../../../state/find.ts'
import { permissionOf, roleIn } from '../../../state/roles.ts'
import { timeText } from '../../../webhooks/bodies/account-body.ts'
import { repositoryPage } from '../../../webhooks/bodies/repository-body.ts'
import { commitMeant } from '../../named.ts'
import { connection } from '../connection.ts'
import { type Args, type Fields, type GraphqlCall, needs, notResolved } from '../graphql-call.ts'
import {
  accountThing,
  type DeploymentThing,
  type IssueThing,
  objectThing,
  pullThing,
  type RefThing,
  type RepositoryThing,
  repositoryThing,
} from '../things.ts'
import type { ProtectionThing } from './protection-fields.ts'
import { queueThing } from './queue-fields.ts'

export const repositoryFields: Fields<RepositoryThing> = {
  id: ({ of }) => nodeId('Repository', of.id),
  databaseId: ({ of }) => of.id,
  name: ({ of }) => of.name,
  nameWithOwner: ({ of }, _, { github }) => fullName(github.state, of),
  owner: ({ of }, _, call) => accountThing(call, of.owner),
  description: ({ of }) => of.description,
  isPrivate: ({ of }) => of.isPrivate,
  isFork: ({ of }) => of.parent !== null,
  isArchived: () => false,
  isDisabled: () => false,
  isInOrganization: ({ of }, _, { github }) => accountOf(github.state, of.owner).type === 'Organization',
  parent: ({ of }, _, call) => (of.parent === null ? null : repositoryThing(call, of.parent)),
  url: ({ of }, _, { github }) => repositoryPage(github.state, of),
  createdAt: ({ of }) => timeText(of.createdAt),
  pushedAt: ({ of }) => timeText(of.pushedAt),
  mergeCommitAllowed: ({ of }) => of.mergeMethods.merge,
  squashMergeAllowed: ({ of }) => of.mergeMethods.squash,
  rebaseMergeAllowed: ({ of }) => of.mergeMethods.rebase,
  autoMergeAllowed: () => false,
  deleteBranchOnMerge: ({ of }) => of.deleteBranchOnMerge,
  viewerPermission: ({ of }, _, { github, actor }) =>
    actor.kind === 'user' ? roleIn(github.state, of, actor.account.id).toUpperCase() : null,
  defaultBranchRef: ({ of }, _, call) => refThing(call, of.id, `refs/heads/${of.defaultBranch}`),
  ref: ({ of }, { qualifiedName }, call) => {
    const name = String(qualifiedName)
    return refThing(call, of.id, name.startsWith('refs/') ? name : `refs/heads/${name}`)
  },
  refs,
  object,
  pullRequest: ({ of }, { number }, call) => {
    if (!call.github.state.pulls.has(keyOf(of.id, Number(number))))
      throw notResolved(`a PullRequest with the number of ${number}`)
    return pullThing(call, of.id, Number(number))
  },
  pullRequests,
  issue: ({ of }, { number }, call) => {
    const its = call.github.state.issues.get(keyOf(of.id, Number(number)))
    if (its === undefined || its.isPull) throw notResolved(`an Issue with the number of ${number}`)
    needs(call, of.id, 'issues')
    return { __typename: 'Issue', its }
  },
  issueOrPullRequest: ({ of }, { number }, call) => {
    const its = call.github.state.issues.get(keyOf(of.id, Number(number)))
    if (its === undefined) throw notResolved(`an issue or pull request with the number of ${number}`)
    if (its.isPull) return pullThing(call, of.id, its.number)
    needs(call, of.id, 'issues')
    return { __typename: 'Issue', its }
  },
  issues: ({ of }, args, call) => {
    needs(call, of.id, 'issues')
    const states = args.states as readonly string[] | null | undefined
    const all = issuesOf(call.github.state, of.id)
      .filter((one) => !one.isPull && (states == null || states.includes(one.state.toUpperCase())))
      .map((its): IssueThing => ({ __typename: 'Issue', its }))
    return connection('issues', all, args)
  },
  mergeQueue: ({ of }, { branch }, call) => queueThing(call, of.id, (branch as string | null) ?? of.defaultBranch),
  collaborators,
  branchProtectionRules: ({ of }, args, call) => {
    needs(call, of.id, 'administration')
    const all = of.protections.map((rule): ProtectionThing => ({ __typename: 'BranchProtectionRule', rule }))
    return connection('branchProtectionRules', all, args)
  },
  deployments: ({ of }, args, call) => {
    needs(call, of.id, 'deployments')
    const environments = args.environments as readonly string[] | null | undefined
    const newest = (args.orderBy as { readonly direction?: string } | null | undefined)?.direction === 'DESC'
    const all = [...call.github.state.deployments.values()]
      .filter((one) => one.repository === of.id && (environments == null || environments.includes(one.environment)))
      .map((deployment): DeploymentThing => ({ __typename: 'Deployment', deployment }))
    return connection('deployments', newest ? all.reverse() : all, args)
  },
}

/** null for a ref that is not there. */
export async function refThing(call: GraphqlCall, within: number, ref: string): Promise<RefThing | null> {
  needs(call, within, 'contents')
  const tip = await call.github.storage.tip(within, ref)
  return tip === null ? null : { __typename: 'Ref', within, ref, tip }
}

async function refs({ of }: RepositoryThing, args: Args, call: GraphqlCall) {
  needs(call, of.id, 'contents')
  const prefix = String(args.refPrefix)
  if (!prefix.endsWith('/')) throw notResolved(`refs with the prefix ${prefix}`)
  const query = typeof args.query === 'string' ? args.query : ''
  const all = [...(await call.github.storage.refs(of.id, prefix))]
    .filter(([ref]) => ref.slice(prefix.length).includes(query))
    .map(([ref, tip]): RefThing => ({ __typename: 'Ref', within: of.id, ref, tip }))
  return connection('refs', all, args)
}

/** By object id, or by `<commit>:<path>`; a path that is not there is null, as an unknown commit is. */
async function object({ of }: RepositoryThing, args: Args, call: GraphqlCall) {
  needs(call, of.id, 'contents')
  if (typeof args.oid === 'string') return objectThing(call, of.id, args.oid)
  const expression = String(args.expression ?? '')
  const cut = expression.indexOf(':')
  const commit = await commitMeant(call.github, of, cut < 0 ? expression : expression.slice(0, cut))
  const path = expression.slice(cut + 1)
  if (commit === null) return cut < 0 ? objectThing(call, of.id, expression) : null
  if (cut < 0) return objectThing(call, of.id, commit)
  const entry = await call.github.storage.entry(of.id, commit, path)
  return entry === null ? null : objectThing(call, of.id, entry.oid, path)
}

interface PullFilter {
  readonly states?: readonly string[] | null
  readonly baseRefName?: string | null
  readonly headRefName?: string | null
  readonly orderBy?: { readonly direction: 'ASC' | 'DESC' } | null
}

function pullRequests({ of }: RepositoryThing, args: Args, call: GraphqlCall) {
  needs(call, of.id, 'pull_requests')
  const { states, baseRefName, headRefName, orderBy } = args as PullFilter
  const { state } = call.github
  const all = pullsOf(state, of.id)
    .filter(
      (pull) => states == null || states.includes(stateOf(pull.mergedAt, issueOf(state, of.id, pull.number).state)),
    )
    .filter((pull) => baseRefName == null || pull.base.ref === baseRefName)
    .filter((pull) => headRefName == null || pull.head.ref === headRefName)
    .map((pull) => pullThing(call, of.id, pull.number))
  return connection('pullRequests', orderBy?.direction === 'DESC' ? all.reverse() : all, args)
}

function stateOf(mergedAt: number | null, state: 'open' | 'closed'): string {
  return mergedAt === null ? state.toUpperCase() : 'MERGED'
}

/** Everybody with a role here; only writers may see them. */
function collaborators({ of }: RepositoryThing, args: Args, call: GraphqlCall) {
  const query = typeof args.query === 'string' ? args.query.toLowerCase() : ''
  const people = [...call.github.state.accounts.values()].filter(
    (account) =>
      account.type === 'User' &&
      account.login.toLowerCase().startsWith(query) &&
      (of.owner === account.id || isNamed(call, of, account.id)),
  )
  const page = connection(
    'collaborators',
    people.map((one) => accountThing(call, one.id)),
    args,
  )
  const edges = page.edges.map((edge) => ({
    ...edge,
    permission: permissionOf(roleIn(call.github.state, of, edge.node?.account.id ?? -1)).toUpperCase(),
  }))
  return { ...page, edges }
}

function isNamed(call: GraphqlCall, of: RepositoryThing['of'], account: number): boolean {
  const role = roleIn(call.github.state, of, account)
  return of.isPrivate
    ? role !== 'none'
    : role !== 'none' && (role !== 'read' || of.collaborators.some((one) => one.account === account))
}
