import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, appOf, commentsOf, issueOf, pullOf, repositoryOf } from '../../state/find.ts'
import type { WorldComment, WorldIssue, WorldReview } from '../../state/pulls.ts'
import { REACTIONS } from '../../state/pulls.ts'
import { memberOf, roleIn } from '../../state/roles.ts'
import { accountBody, accountBodyOrNull, timeText, timeTextOrNull } from './account-body.ts'
import { appBody } from './app-body.ts'
import { repositoryPage, repositoryUrl } from './repository-body.ts'

/** What somebody is to a repository, in the API's words. */
export function associationOf(state: GitHubState, repositoryId: number, author: number): string {
  const repository = repositoryOf(state, repositoryId)
  if (repository.owner === author) return 'OWNER'
  if (memberOf(state, repository.owner, author)?.state === 'active') return 'MEMBER'
  if (repository.collaborators.some((one) => one.account === author)) return 'COLLABORATOR'
  const hasMerged = [...state.pulls.values()].some(
    (pull) =>
      pull.repository === repositoryId &&
      pull.mergedAt !== null &&
      issueOf(state, repositoryId, pull.number).author === author,
  )
  return hasMerged && roleIn(state, repository, author) !== 'admin' ? 'CONTRIBUTOR' : 'NONE'
}

export function issueBody(state: GitHubState, issue: WorldIssue) {
  const repository = repositoryOf(state, issue.repository)
  const base = repositoryUrl(state, repository)
  const url = `${base}/issues/${issue.number}`
  const page = `${repositoryPage(state, repository)}/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`
  return {
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId(issue.isPull ? 'PullRequest' : 'Issue', idOf(state, issue)),
    number: issue.number,
    title: issue.title,
    user: accountBodyOrNull(state, issue.author),
    labels: issue.labels.map((name) => labelBody(base, issue.repository, name)),
    state: issue.state,
    locked: issue.isLocked,
    assignee: accountBodyOrNull(state, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((id) => accountBody(state, accountOf(state, id))),
    milestone: null,
    comments: commentsOf(state, issue.repository, issue.number).length,
    created_at: timeText(issue.createdAt),
    updated_at: timeText(issue.updatedAt),
    closed_at: timeTextOrNull(issue.closedAt),
    author_association: associationOf(state, issue.repository, issue.author),
    active_lock_reason: null,
    body: issue.body,
    reactions: reactionsBody(state, 'issue', issue.id, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
    draft: issue.isPull && pullOf(state, issue.repository, issue.number).isDraft,
    ...(issue.isPull ? { pull_request: pullLinks(state, issue, page) } : {}),
  }
}

function idOf(state: GitHubState, issue: WorldIssue): number {
  return issue.isPull ? pullOf(state, issue.repository, issue.number).id : issue.id
}

function pullLinks(state: GitHubState, issue: WorldIssue, page: string) {
  const pull = pullOf(state, issue.repository, issue.number)
  return {
    url: `${repositoryUrl(state, repositoryOf(state, issue.repository))}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: timeTextOrNull(pull.mergedAt),
  }
}

export function labelBody(repositoryUrl: string, repository: number, name: string) {
  const id = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007, 7)
  return {
    id,
    node_id: nodeId('Label', repository, name),
    url: `${repositoryUrl}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: null,
  }
}

export function commentBody(state: GitHubState, comment: WorldComment) {
  const repository = repositoryOf(state, comment.repository)
  const base = repositoryUrl(state, repository)
  const issue = issueOf(state, comment.repository, comment.number)
  const page = `${repositoryPage(state, repository)}/${issue.isPull ? 'pull' : 'issues'}/${comment.number}`
  const url = `${base}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: accountBodyOrNull(state, comment.author),
    created_at: timeText(comment.createdAt),
    updated_at: timeText(comment.updatedAt),
    author_association: associationOf(state, comment.repository, comment.author),
    body: comment.body,
    reactions: reactionsBody(state, 'comment', comment.id, url),
    performed_via_github_app: comment.app === null ? null : appBody(state, appOf(state, comment.app)),
  }
}

function reactionsBody(state: GitHubState, on: 'issue' | 'comment', subject: number, url: string) {
  const mine = [...state.reactions.values()].filter((one) => one.on === on && one.subject === subject)
  const counts = REACTIONS.map((content) => [content, mine.filter((one) => one.content === content).length])
  return { url: `${url}/reactions`, total_count: mine.length, ...Object.fromEntries(counts) }
}

/** `state` is in small letters in webhooks and in capitals in the API. */
export function reviewBody(state: GitHubState, review: WorldReview) {
  const repository = repositoryOf(state, review.repository)
  const page = `${repositoryPage(state, repository)}/pull/${review.number}#pullrequestreview-${review.id}`
  const pull = `${repositoryUrl(state, repository)}/pulls/${review.number}`
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: accountBodyOrNull(state, review.author),
    body: review.body === '' ? null : review.body,
    commit_id: review.commit,
    submitted_at: timeText(review.submittedAt),
    state: review.state.toLowerCase(),
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(state, review.repository, review.author),
    _links: { html: { href: page }, pull_request: { href: pull } },
  }
}
