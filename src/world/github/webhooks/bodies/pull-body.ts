import type { GitHub, GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, commentsOf, issueOf, repositoryOf } from '../../state/find.ts'
import type { WorldPull } from '../../state/pulls.ts'
import { accountBody, accountBodyOrNull, timeText, timeTextOrNull } from './account-body.ts'
import { associationOf, labelBody } from './issue-body.ts'
import { pullRepositoryBody, repositoryPage, repositoryUrl, tinyRepositoryBody } from './repository-body.ts'

/** What is known about merging at the moment; in events nothing is, yet. */
export interface MergeKnowledge {
  readonly mergeable: boolean | null
  readonly state: string
}

const NOTHING_KNOWN: MergeKnowledge = { mergeable: null, state: 'unknown' }

/** A pull request as lists and reviews show it. */
export function shortPullBody(state: GitHubState, pull: WorldPull) {
  const repository = repositoryOf(state, pull.repository)
  const issue = issueOf(state, pull.repository, pull.number)
  const page = `${repositoryPage(state, repository)}/pull/${pull.number}`
  const base = repositoryUrl(state, repository)
  const links = linksOf(base, pull)
  return {
    url: links.self,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    number: pull.number,
    state: issue.state,
    locked: issue.isLocked,
    title: issue.title,
    user: accountBodyOrNull(state, issue.author),
    body: issue.body,
    created_at: timeText(issue.createdAt),
    updated_at: timeText(issue.updatedAt),
    closed_at: timeTextOrNull(issue.closedAt),
    merged_at: timeTextOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit,
    assignee: accountBodyOrNull(state, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((id) => accountBody(state, accountOf(state, id))),
    requested_reviewers: pull.requestedReviewers.map((id) => accountBody(state, accountOf(state, id))),
    requested_teams: [],
    labels: issue.labels.map((name) => labelBody(base, pull.repository, name)),
    milestone: null,
    draft: pull.isDraft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: {
      label: `${accountOf(state, pull.head.owner).login}:${pull.head.ref}`,
      ref: pull.head.ref,
      sha: pull.head.sha,
      user: accountBodyOrNull(state, pull.head.owner),
      repo: headRepository(state, pull),
    },
    base: {
      label: `${accountOf(state, repository.owner).login}:${pull.base.ref}`,
      ref: pull.base.ref,
      sha: pull.base.sha,
      user: accountBody(state, accountOf(state, repository.owner)),
      repo: pullRepositoryBody(state, repository),
    },
    _links: Object.fromEntries(Object.entries({ ...links, html: page }).map(([name, href]) => [name, { href }])),
    author_association: associationOf(state, pull.repository, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  }
}

/** A whole pull request, as `pull_request` events and `GET pulls/{n}` show it. */
export async function pullBody(github: GitHub, pull: WorldPull, known: MergeKnowledge = NOTHING_KNOWN) {
  const { state, storage } = github
  const mergeBase = await storage.mergeBase(pull.repository, pull.base.sha, pull.head.sha)
  const files = await storage.diff(pull.repository, mergeBase, pull.head.sha)
  const commits = await storage.commitsBetween(pull.repository, mergeBase, pull.head.sha)
  return {
    ...shortPullBody(state, pull),
    merged: pull.mergedAt !== null,
    mergeable: known.mergeable,
    rebaseable: known.mergeable,
    mergeable_state: known.state,
    merged_by: accountBodyOrNull(state, pull.mergedBy),
    comments: commentsOf(state, pull.repository, pull.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  }
}

/** As in the list of a check. */
export function checkPullBody(state: GitHubState, pull: WorldPull) {
  const base = repositoryOf(state, pull.repository)
  const head = pull.head.repository === null ? undefined : state.repositories.get(pull.head.repository)
  return {
    url: `${repositoryUrl(state, base)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.head.ref, sha: pull.head.sha, repo: tinyRepositoryBody(state, head ?? base) },
    base: { ref: pull.base.ref, sha: pull.base.sha, repo: tinyRepositoryBody(state, base) },
  }
}

function headRepository(state: GitHubState, pull: WorldPull) {
  const repository = pull.head.repository === null ? undefined : state.repositories.get(pull.head.repository)
  return repository === undefined ? null : pullRepositoryBody(state, repository)
}

function linksOf(repository: string, pull: WorldPull) {
  const self = `${repository}/pulls/${pull.number}`
  const issue = `${repository}/issues/${pull.number}`
  return {
    self,
    html: '',
    issue,
    comments: `${issue}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${repository}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${repository}/statuses/${pull.head.sha}`,
  }
}
