import { announce } from '../announce.ts'
import type { Actor, GitHub } from '../github-state.ts'
import { issueOf, keyOf } from '../state/find.ts'
import type { WorldIssue } from '../state/pulls.ts'
import { accountBehind } from '../state/roles.ts'
import { addIssue } from '../take-number.ts'
import type { Body } from '../webhooks/bodies/account-body.ts'
import { issueBody } from '../webhooks/bodies/issue-body.ts'
import { checkBody } from './comment.ts'

export function createIssue(
  github: GitHub,
  actor: Actor,
  input: Pick<WorldIssue, 'repository' | 'title'> & Partial<Pick<WorldIssue, 'body' | 'labels' | 'assignees'>>,
): Promise<WorldIssue> {
  return github.turn(input.repository, async () => {
    checkBody('Issue', input.body ?? null)
    const author = accountBehind(actor).id
    const issue = addIssue(github, { body: null, ...input, author, isPull: false })
    await announceIssue(github, actor, issue, 'opened')
    return issue
  })
}

export type IssueChange = Partial<Pick<WorldIssue, 'title' | 'body' | 'state' | 'stateReason' | 'labels' | 'assignees'>>

/** Title and text are told as `edited`, a new state as `closed` or `reopened`. The state of a pull request is changed by its own acts. */
export function editIssue(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly number: number } & IssueChange,
): Promise<WorldIssue> {
  return github.turn(input.repository, async () => {
    const before = issueOf(github.state, input.repository, input.number)
    checkBody('Issue', input.body ?? null)
    const issue = changed(github, actor, before, before.isPull ? { ...input, state: before.state } : input)
    github.state.issues.set(keyOf(input.repository, input.number), issue)
    if (issue.isPull) return issue
    const changes = {
      ...(issue.title === before.title ? {} : { title: { from: before.title } }),
      ...(issue.body === before.body ? {} : { body: { from: before.body ?? '' } }),
    }
    if (Object.keys(changes).length > 0) await announceIssue(github, actor, issue, 'edited', { changes })
    if (issue.state !== before.state)
      await announceIssue(github, actor, issue, issue.state === 'closed' ? 'closed' : 'reopened')
    return issue
  })
}

function changed(github: GitHub, actor: Actor, before: WorldIssue, change: IssueChange): WorldIssue {
  const now = github.clock.now()
  const { title, body, state, stateReason, labels, assignees } = { ...before, ...change }
  const isClosing = state === 'closed' && before.state === 'open'
  const isOpening = state === 'open' && before.state === 'closed'
  return {
    ...before,
    title,
    body,
    state,
    labels,
    assignees,
    updatedAt: now,
    stateReason: isClosing ? (change.stateReason ?? 'completed') : isOpening ? 'reopened' : stateReason,
    closedAt: isClosing ? now : isOpening ? null : before.closedAt,
    closedBy: isClosing ? accountBehind(actor).id : isOpening ? null : before.closedBy,
    lastEditedAt: body === before.body ? before.lastEditedAt : now,
  }
}

async function announceIssue(
  github: GitHub,
  actor: Actor,
  issue: WorldIssue,
  action: string,
  more: Body = {},
): Promise<void> {
  await announce(github, actor, {
    event: 'issues',
    action,
    repository: issue.repository,
    body: () => ({ issue: issueBody(github.state, issue), ...more }),
  })
}
