import { latestOpinionatedReviews, reviewDecision } from '../../../approvals.ts'
import { type GitHub, Refusal, type WorldPull, type WorldReview } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import { mergeQueueOn } from '../../../rules.ts'
import { repositoryOf, reviewsOf } from '../../../state/find.ts'
import { timeTextOrNull } from '../../../webhooks/bodies/account-body.ts'
import { issueBody } from '../../../webhooks/bodies/issue-body.ts'
import { connection } from '../connection.ts'
import { type Args, type Fields, type GraphqlCall, needs } from '../graphql-call.ts'
import { mergeKnowledge } from '../merge-knowledge.ts'
import { accountThing, commitThing, type PullThing, type ReviewThing, repositoryThing } from '../things.ts'
import { rollupOf } from './check-fields.ts'
import { sharedIssueFields } from './issue-fields.ts'
import { queueEntryThing, queueThing } from './queue-fields.ts'
import { refThing } from './repository-fields.ts'

const PATCH: Readonly<Record<string, string>> = {
  added: 'ADDED',
  removed: 'DELETED',
  modified: 'MODIFIED',
  renamed: 'RENAMED',
  copied: 'COPIED',
  changed: 'CHANGED',
}

export const pullFields: Fields<PullThing> = {
  ...sharedIssueFields,
  id: ({ pull }) => nodeId('PullRequest', pull.id),
  databaseId: ({ pull }) => pull.id,
  fullDatabaseId: ({ pull }) => String(pull.id),
  state: ({ pull, its }) => (pull.mergedAt === null ? its.state.toUpperCase() : 'MERGED'),
  isDraft: ({ pull }) => pull.isDraft,
  permalink: ({ its }, _, { github }) => issueBody(github.state, its).html_url,
  merged: ({ pull }) => pull.mergedAt !== null,
  mergedAt: ({ pull }) => timeTextOrNull(pull.mergedAt),
  mergedBy: ({ pull }, _, call) => accountThing(call, pull.mergedBy),
  mergeCommit: ({ pull }, _, call) =>
    pull.mergedAt === null ? null : commitThing(call, pull.repository, pull.mergeCommit),
  potentialMergeCommit: ({ pull }, _, call) =>
    pull.mergedAt === null ? commitThing(call, pull.repository, pull.mergeCommit) : null,
  baseRefName: ({ pull }) => pull.base.ref,
  baseRefOid: ({ pull }) => pull.base.sha,
  baseRef: ({ pull }, _, call) => refThing(call, pull.repository, `refs/heads/${pull.base.ref}`),
  baseRepository: ({ pull }, _, call) => repositoryThing(call, pull.repository),
  headRefName: ({ pull }) => pull.head.ref,
  headRefOid: ({ pull }) => pull.head.sha,
  headRef: ({ pull }, _, call) =>
    headExists(call, pull) ? refThing(call, pull.head.repository ?? -1, `refs/heads/${pull.head.ref}`) : null,
  headRepository: ({ pull }, _, call) =>
    headExists(call, pull) ? repositoryThing(call, pull.head.repository ?? -1) : null,
  headRepositoryOwner: ({ pull }, _, call) => accountThing(call, pull.head.owner),
  isCrossRepository: ({ pull }) => pull.head.repository !== pull.repository,
  maintainerCanModify: ({ pull }) => pull.maintainerCanModify,
  mergeable: async ({ pull }, _, call) => {
    const { mergeable } = await mergeKnowledge(call, pull)
    return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING'
  },
  mergeStateStatus: async ({ pull }, _, call) => (await mergeKnowledge(call, pull)).status,
  reviewDecision: ({ pull }, _, { github }) => reviewDecision(github.state, pull),
  reviews,
  latestReviews: ({ pull }, args, { github }) => connection('latestReviews', latest(reviewsOn(github, pull)), args),
  latestOpinionatedReviews: ({ pull }, args, { github }) => {
    const options = { writersOnly: args.writersOnly === true }
    const all = latestOpinionatedReviews(github.state, pull, options).map(reviewThing)
    return connection('latestOpinionatedReviews', all, args)
  },
  commits: async ({ pull }, args, call) => {
    const { storage } = call.github
    needs(call, pull.repository, 'contents')
    const from = await storage.mergeBase(pull.repository, pull.base.sha, pull.head.sha)
    const shas = await storage.commitsBetween(pull.repository, from, pull.head.sha)
    const page = connection('commits', shas, args)
    const nodes = page.nodes.map((sha) => ({
      __typename: 'PullRequestCommit',
      id: nodeId('Commit', pull.repository, sha),
      commit: () => commitThing(call, pull.repository, sha),
    }))
    return { ...page, nodes, edges: page.edges.map((edge, index) => ({ ...edge, node: nodes[index] })) }
  },
  files: async ({ pull }, args, { github }) => {
    const files = await filesOf(github, pull)
    const shown = files.map((one) => ({
      path: one.path,
      additions: one.additions,
      deletions: one.deletions,
      changeType: PATCH[one.status],
      viewerViewedState: 'UNVIEWED',
    }))
    return connection('files', shown, args)
  },
  changedFiles: async ({ pull }, _, { github }) => (await filesOf(github, pull)).length,
  additions: async ({ pull }, _, { github }) => sum((await filesOf(github, pull)).map((one) => one.additions)),
  deletions: async ({ pull }, _, { github }) => sum((await filesOf(github, pull)).map((one) => one.deletions)),
  statusCheckRollup: ({ pull }, _, call) => rollupOf(call, pull.repository, pull.head.sha),
  autoMergeRequest: () => null,
  isInMergeQueue: ({ pull }, _, { github }) => entryOf(github, pull) !== undefined,
  isMergeQueueEnabled: ({ pull }, _, { github }) =>
    mergeQueueOn(repositoryOf(github.state, pull.repository), pull.base.ref) !== null,
  mergeQueue: ({ pull }, _, call) => queueThing(call, pull.repository, pull.base.ref),
  mergeQueueEntry: ({ pull }, _, { github }) => queueEntryThing(entryOf(github, pull)),
}

function reviews({ pull }: PullThing, args: Args, { github }: GraphqlCall) {
  const states = args.states as readonly string[] | null | undefined
  const author = args.author as string | null | undefined
  const all = reviewsOn(github, pull)
    .filter((one) => states == null || states.includes(one.state))
    .filter((one) => author == null || github.state.accounts.get(one.author)?.login === author)
  return connection('reviews', all.map(reviewThing), args)
}

function reviewsOn(github: GitHub, pull: WorldPull): readonly WorldReview[] {
  return reviewsOf(github.state, pull.repository, pull.number).filter((one) => one.state !== 'PENDING')
}

function latest(all: readonly WorldReview[]): readonly ReviewThing[] {
  const byAuthor = new Map<number, WorldReview>()
  for (const review of all) byAuthor.set(review.author, review)
  return [...byAuthor.values()].map(reviewThing)
}

function reviewThing(review: WorldReview): ReviewThing {
  return { __typename: 'PullRequestReview', review }
}

function entryOf(github: GitHub, pull: WorldPull) {
  return [...github.state.queue.values()].find((one) => one.repository === pull.repository && one.pull === pull.number)
}

async function filesOf({ storage }: GitHub, pull: WorldPull) {
  const from = await storage.mergeBase(pull.repository, pull.base.sha, pull.head.sha)
  if (from === null) throw new Refusal(422, 'The pull request and its base have no history in common.')
  return storage.diff(pull.repository, from, pull.head.sha)
}

/** A fork that is gone, or that this token may not see. */
function headExists({ github }: GraphqlCall, pull: WorldPull): boolean {
  return pull.head.repository !== null && github.state.repositories.has(pull.head.repository)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0)
}
