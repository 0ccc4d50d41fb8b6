import type {
  CheckRun,
  CheckSuite,
  CommitStatus,
  DeploymentStatus,
  QueueEntry,
  WorldAccount,
  WorldApp,
  WorldComment,
  WorldDeployment,
  WorldIssue,
  WorldPull,
  WorldRepository,
  WorldReview,
  WorldTeam,
} from '../../github-state.ts'
import { issueOf, pullOf, repositoryOf } from '../../state/find.ts'
import type { GitCommit, GitPerson } from '../../storage/git-storage.ts'
import { type GraphqlCall, needs } from './graphql-call.ts'

/** Things as resolvers hand them on: the type's name, and the record under a name that is no field of it. */
export interface AccountThing {
  readonly __typename: WorldAccount['type']
  readonly account: WorldAccount
}
export interface RepositoryThing {
  readonly __typename: 'Repository'
  readonly of: WorldRepository
}
export interface RefThing {
  readonly __typename: 'Ref'
  readonly within: number
  readonly ref: string
  readonly tip: string
}
export interface CommitThing {
  readonly __typename: 'Commit'
  readonly within: number
  readonly git: GitCommit
}
export interface TreeThing {
  readonly __typename: 'Tree'
  readonly within: number
  readonly sha: string
  /** Where it was reached, for the paths of its entries. */
  readonly at: string
}
export interface BlobThing {
  readonly __typename: 'Blob'
  readonly within: number
  readonly sha: string
  readonly bytes: Buffer
}
export interface EntryThing {
  readonly __typename: 'TreeEntry'
  readonly within: number
  readonly at: string
  readonly octal: string
  readonly sha: string
}
export interface PullThing {
  readonly __typename: 'PullRequest'
  readonly pull: WorldPull
  readonly its: WorldIssue
}
export interface IssueThing {
  readonly __typename: 'Issue'
  readonly its: WorldIssue
}
export interface CommentThing {
  readonly __typename: 'IssueComment'
  readonly comment: WorldComment
}
export interface ReviewThing {
  readonly __typename: 'PullRequestReview'
  readonly review: WorldReview
}
export interface TeamThing {
  readonly __typename: 'Team'
  readonly team: WorldTeam
}
export interface AppThing {
  readonly __typename: 'App'
  readonly app: WorldApp
}
export interface SuiteThing {
  readonly __typename: 'CheckSuite'
  readonly suite: CheckSuite
}
export interface RunThing {
  readonly __typename: 'CheckRun'
  readonly run: CheckRun
}
export interface StatusThing {
  readonly __typename: 'StatusContext'
  readonly of: CommitStatus
}
export interface DeploymentThing {
  readonly __typename: 'Deployment'
  readonly deployment: WorldDeployment
}
export interface DeploymentStatusThing {
  readonly __typename: 'DeploymentStatus'
  readonly of: DeploymentStatus
}
export interface QueueThing {
  readonly __typename: 'MergeQueue'
  readonly within: number
  readonly branch: string
}
export interface EntryOfQueueThing {
  readonly __typename: 'MergeQueueEntry'
  readonly entry: QueueEntry
}
export interface GitActorThing {
  readonly __typename: 'GitActor'
  readonly person: GitPerson
}

/** An account; null for one that is gone. */
export function accountThing(call: GraphqlCall, id: number | null): AccountThing | null {
  const account = id === null ? undefined : call.github.state.accounts.get(id)
  return account === undefined ? null : { __typename: account.type, account }
}

/** People only: where GitHub's schema has a User, a bot is null. */
export function userThing(call: GraphqlCall, id: number | null): AccountThing | null {
  const thing = accountThing(call, id)
  return thing?.__typename === 'User' ? thing : null
}

export function repositoryThing(call: GraphqlCall, id: number): RepositoryThing {
  return { __typename: 'Repository', of: repositoryOf(call.github.state, id) }
}

/** @throws {Refusal} without the permission to read pull requests */
export function pullThing(call: GraphqlCall, repository: number, number: number): PullThing {
  needs(call, repository, 'pull_requests')
  const pull = pullOf(call.github.state, repository, number)
  return { __typename: 'PullRequest', pull, its: issueOf(call.github.state, repository, number) }
}

export async function commitThing(call: GraphqlCall, within: number, sha: string | null): Promise<CommitThing | null> {
  if (sha === null) return null
  needs(call, within, 'contents')
  const git = await call.github.storage.commit(within, sha)
  return git === null ? null : { __typename: 'Commit', within, git }
}

/** Whatever an object id names: commit, tree, blob; null when it names nothing. */
export async function objectThing(
  call: GraphqlCall,
  within: number,
  oid: string,
  at = '',
): Promise<CommitThing | TreeThing | BlobThing | null> {
  needs(call, within, 'contents')
  const object = await call.github.storage.object(within, oid)
  if (object?.type === 'commit') return commitThing(call, within, oid)
  if (object?.type === 'tree') return { __typename: 'Tree', within, sha: oid, at }
  return object?.type === 'blob' ? { __typename: 'Blob', within, sha: oid, bytes: object.bytes } : null
}
