import { closePull, editPull, reopenPull } from '../../acts/edit-pull.ts'
import { createIssue, editIssue, type IssueChange } from '../../acts/write-issue.ts'
import type { GitHubState, WorldIssue } from '../../github-state.ts'
import { findAccount, issuesOf } from '../../state/find.ts'
import { accountBodyOrNull } from '../../webhooks/bodies/account-body.ts'
import { issueBody, labelBody } from '../../webhooks/bodies/issue-body.ts'
import { repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { listed } from '../paging.ts'
import { created, found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const issueRoutes = {
  'issues/list-for-repo': (call) => listed(call, chosen(call), (one) => issueBody(call.github.state, one)),
  'issues/get': (call) => ok(fullIssueBody(call.github.state, issueIn(call))),
  'issues/create': async (call) => {
    const input = { repository: call.repository.id, ...changeIn(call), title: String(call.body.title) }
    return created(fullIssueBody(call.github.state, await createIssue(call.github, call.actor, input)))
  },
  'issues/update': update,
  'issues/list-labels-on-issue': (call) => listed(call, issueIn(call).labels, (name) => label(call, name)),
  'issues/add-labels': async (call) => {
    const { repository, number, labels } = issueIn(call)
    const wanted = [...new Set([...labels, ...labelsIn(call.body)])]
    const issue = await editIssue(call.github, call.actor, { repository, number, labels: wanted })
    return ok(issue.labels.map((name) => label(call, name)))
  },
} satisfies Readonly<Record<string, RestHandler>>

export function issueIn(call: RestCall): WorldIssue {
  return found(call.github.state.issues.get(`${call.repository.id}#${Number(call.params.issue_number)}`))
}

/** Open ones unless asked otherwise, pull requests among them, newest first. */
function chosen(call: RestCall): readonly WorldIssue[] {
  const { state = 'open', labels, creator, since, direction = 'desc' } = call.query
  const author = creator === undefined ? null : findAccount(call.github.state, creator)
  const wanted = (labels ?? '').split(',').filter((name) => name !== '')
  const all = issuesOf(call.github.state, call.repository.id)
    .filter((one) => state === 'all' || one.state === state)
    .filter((one) => creator === undefined || one.author === author?.id)
    .filter((one) => wanted.every((name) => one.labels.includes(name)))
    .filter((one) => since === undefined || one.updatedAt >= Date.parse(since))
  return direction === 'desc' ? [...all].reverse() : all
}

function fullIssueBody(state: GitHubState, issue: WorldIssue) {
  return { ...issueBody(state, issue), closed_by: accountBodyOrNull(state, issue.closedBy) }
}

function label(call: RestCall, name: string) {
  return labelBody(repositoryUrl(call.github.state, call.repository), call.repository.id, name)
}

/** `["a"]`, `{"labels": ["a"]}` and `{"labels": [{"name": "a"}]}` all mean the same. */
function labelsIn(body: unknown): readonly string[] {
  const list = Array.isArray(body) ? body : ((body as { readonly labels?: unknown }).labels ?? [])
  return (list as readonly unknown[]).map((one) =>
    typeof one === 'string' ? one : String((one as { readonly name?: unknown }).name),
  )
}

/** The issue of a pull request is changed, closed and opened as the pull request: its events are told, not the issue's. */
async function update(call: RestCall) {
  const { repository, number, isPull } = issueIn(call)
  const { state, title, body, ...rest } = changeIn(call)
  const texts = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) }
  const isOpening = state === undefined || isPull ? {} : { state }
  if (isPull) await editPull(call.github, call.actor, { repository, number, ...texts })
  await editIssue(call.github, call.actor, { repository, number, ...rest, ...(isPull ? {} : texts), ...isOpening })
  if (isPull && state === 'closed') await closePull(call.github, call.actor, { repository, number })
  if (isPull && state === 'open') await reopenPull(call.github, call.actor, { repository, number })
  return ok(fullIssueBody(call.github.state, issueIn(call)))
}

interface IssueFields {
  readonly title?: string
  readonly body?: string | null
  readonly state?: WorldIssue['state']
  readonly state_reason?: WorldIssue['stateReason']
  readonly labels?: readonly unknown[]
  readonly assignees?: readonly string[]
}

function changeIn({ github, body: given }: RestCall): IssueChange {
  const { title, body, state, state_reason: stateReason, labels, assignees } = given as IssueFields
  return {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
    ...(stateReason === undefined ? {} : { stateReason }),
    ...(labels === undefined ? {} : { labels: labelsIn(labels) }),
    ...(assignees === undefined
      ? {}
      : { assignees: assignees.flatMap((login) => findAccount(github.state, login)?.id ?? []) }),
  }
}
