import type { z } from 'zod'
import type { Ask, Work } from '../ports/inbox.ts'
import {
  type Asked,
  accountOf,
  asks,
  type HandledEvent,
  handled,
  type InRepository,
  type Installed,
  type IntakeFacts,
  NOTHING,
  type Sender,
  workIn,
} from './asked.ts'
import { comment, issueClosed, threadClosed, workflowJob, workflowRun } from './command-events.ts'
import * as payloads from './payloads.ts'

export type { Asked, HandledEvent, IntakeFacts } from './asked.ts'

/** Events and actions that do something here; the app asks for these events and no others. `installation*` come unasked. */
export const HANDLED_EVENTS: Readonly<Record<string, HandledEvent>> = {
  pull_request: {
    actions: ['opened', 'synchronize', 'reopened', 'closed', 'edited', 'ready_for_review', 'converted_to_draft'],
    read: handled(payloads.pullRequest, pullRequest),
  },
  pull_request_review: { actions: ['submitted', 'edited', 'dismissed'], read: handled(payloads.review, review) },
  check_run: { actions: ['completed', 'rerequested', 'requested_action'], read: handled(payloads.checkRun, checkRun) },
  check_suite: { actions: ['completed', 'rerequested'], read: handled(payloads.checkSuite, checkSuite) },
  status: { actions: null, read: handled(payloads.status, status) },
  merge_group: { actions: ['checks_requested', 'destroyed'], read: handled(payloads.mergeGroup, mergeGroup) },
  push: { actions: null, read: handled(payloads.push, push) },
  issue_comment: { actions: ['created', 'edited'], read: handled(payloads.issueComment, comment) },
  issues: { actions: ['closed'], read: handled(payloads.issueEvent, issueClosed) },
  workflow_run: {
    actions: ['requested', 'in_progress', 'completed'],
    read: handled(payloads.workflowRun, workflowRun),
  },
  workflow_job: { actions: ['in_progress', 'completed'], read: handled(payloads.workflowJob, workflowJob) },
  installation: {
    actions: ['created', 'deleted', 'suspend', 'unsuspend', 'new_permissions_accepted'],
    read: (payload) => installation(payloads.installationEvent.parse(payload)),
  },
  installation_repositories: {
    actions: ['added', 'removed'],
    read: (payload) => installation(payloads.installationEvent.parse(payload)),
  },
  repository: { actions: ['renamed', 'transferred', 'edited'], read: handled(payloads.repositoryEvent, repository) },
}

/**
 * Whoever sent it: our own pull requests are weighed too. A retarget may leave a governed branch, and other pull requests
 * may share the head, so whatever shares it is looked at as well when one leaves.
 */
function pullRequest(payload: Installed<z.infer<typeof payloads.pullRequest>>, facts: IntakeFacts): Asked {
  const { action, pull_request: pull } = payload
  const from = payload.changes?.base?.ref.from
  if (action === 'edited' && from === undefined) return NOTHING
  const closed = action === 'closed' ? [threadClosed(payload, pull.number)] : []
  if (![pull.base.ref, from].some((ref) => ref !== undefined && mayBeGoverned(payload, ref, facts))) return asks(closed)
  const work = pullWork(payload, pull)
  const leaves = action === 'closed' || action === 'edited'
  return asks(leaves ? [work, headWork(payload, pull.head.sha), ...closed] : [work])
}

/** Reviews of bots count for nothing; whoever dismisses one, the person's review is gone. */
function review(payload: Installed<z.infer<typeof payloads.review>>, facts: IntakeFacts): Asked {
  const { user } = payload.review
  const isOfBot = user !== null && (user.id === facts.botId || user.type === 'Bot')
  if (isOfBot || !mayBeGoverned(payload, payload.pull_request.base.ref, facts)) return NOTHING
  return asks([pullWork(payload, payload.pull_request)])
}

/** Ours is asked for again or has a button pressed; somebody else's may be what a merge waits for. */
function checkRun(payload: Installed<z.infer<typeof payloads.checkRun>>, facts: IntakeFacts): Asked {
  const { action, check_run: run, sender } = payload
  if (run.app?.id !== facts.appId) return action === 'completed' ? wakes(payload, run.head_sha) : NOTHING
  if (sender.id === facts.botId) return NOTHING
  if (action === 'rerequested') return asks([againWork(payload, run.head_sha, sender)])
  const kind = action === 'requested_action' ? askKind(payload.requested_action?.identifier) : null
  if (kind === null) return NOTHING
  const by = accountOf(sender)
  const check = { id: run.id, name: run.name, externalId: run.external_id ?? null }
  return asks([headWork(payload, run.head_sha, { force: kind === 'weigh-again', asks: [{ kind, by, check }] })])
}

function checkSuite(payload: Installed<z.infer<typeof payloads.checkSuite>>, facts: IntakeFacts): Asked {
  const { action, check_suite: suite, sender } = payload
  const isOurs = suite.app?.id === facts.appId
  if (action === 'rerequested' && isOurs) return asks([againWork(payload, suite.head_sha, sender)])
  return action === 'completed' && !isOurs ? wakes(payload, suite.head_sha) : NOTHING
}

function status(payload: Installed<z.infer<typeof payloads.status>>, facts: IntakeFacts): Asked {
  const isNews = payload.state !== 'pending' && payload.sender.id !== facts.botId
  return isNews ? wakes(payload, payload.sha) : NOTHING
}

function mergeGroup(payload: Installed<z.infer<typeof payloads.mergeGroup>>, facts: IntakeFacts): Asked {
  const { head_sha: headSha, base_sha: baseSha, base_ref } = payload.merge_group
  const baseRef = branchOf(base_ref) ?? base_ref
  const subject = { kind: 'group', baseRef, baseSha, headSha } as const
  const work = workIn(payload, `group:${headSha}`, subject, { head: headSha })
  if (payload.action === 'destroyed') return { ...NOTHING, cancels: [work.key] }
  return mayBeGoverned(payload, baseRef, facts) ? asks([work]) : NOTHING
}

/** Whoever pushed, we too: what landed is looked at after every merge. */
function push(payload: Installed<z.infer<typeof payloads.push>>, facts: IntakeFacts): Asked {
  const ref = branchOf(payload.ref)
  if (ref === facts.ledgerBranch) return ledgerPush(payload, facts)
  if (ref === null || payload.deleted) return NOTHING
  const others = facts.governed(payload.repository.id) ?? []
  if (ref !== payload.repository.default_branch && !others.includes(ref)) return NOTHING
  const { before, after } = payload
  return asks([workIn(payload, `base:${ref}`, { kind: 'base', ref, before, after }, { head: after })])
}

/** Only we write the ledger; when somebody else did, or mended it, no verdict stands unasked. */
function ledgerPush(payload: Installed<z.infer<typeof payloads.push>>, { botId }: IntakeFacts): Asked {
  if (payload.sender?.id === botId) return NOTHING
  return asks([workIn(payload, 'all', { kind: 'repository' }, {})])
}

function installation(payload: z.infer<typeof payloads.installationEvent>): Asked {
  const is = payload.action === 'deleted' || payload.action === 'suspend' ? 'gone' : 'here'
  const { id } = payload.installation
  const subject = { kind: 'installation', id, is } as const
  const key = `installation:${id}`
  return asks([{ key, lane: 'interactive', repository: null, subject, force: false, head: null }])
}

/** A new name or owner changes where everything open is reached; a new default branch, what is governed. */
function repository(payload: Installed<z.infer<typeof payloads.repositoryEvent>>): Asked {
  const isAboutUs = payload.action !== 'edited' || payload.changes?.default_branch !== undefined
  return isAboutUs ? asks([workIn(payload, 'all', { kind: 'repository' }, {})]) : NOTHING
}

function wakes(payload: InRepository, head: string): Asked {
  return { ...NOTHING, wakes: { repositoryId: payload.repository.id, head } }
}

function askKind(identifier: string | undefined): Ask['kind'] | null {
  return identifier === 'weigh-again' || identifier === 'how-to-waive' ? identifier : null
}

/** Unless the configuration was read and does not name it; whoever does the work asks GitHub again. */
function mayBeGoverned({ repository: of }: InRepository, ref: string, facts: IntakeFacts): boolean {
  const others = facts.governed(of.id)
  return ref === of.default_branch || others === null || others.includes(ref)
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null
}

function pullWork(payload: InRepository, pull: { readonly number: number; readonly head: { readonly sha: string } }) {
  return workIn(payload, `#${pull.number}`, { kind: 'pull', number: pull.number }, { head: pull.head.sha })
}

/** GitHub's own re-run, of a check or of all: who asked is authorised like one who pressed our button. */
function againWork(payload: InRepository, sha: string, sender: Sender): Work {
  return headWork(payload, sha, { force: true, asks: [{ kind: 'weigh-again', by: accountOf(sender), check: null }] })
}

/** By commit, because the list of pull requests in a payload is empty for forks and names other repositories' too. */
function headWork(
  payload: InRepository,
  sha: string,
  more: { readonly force?: boolean; readonly asks?: readonly Ask[] } = {},
) {
  return workIn(payload, `head:${sha}`, { kind: 'head', sha }, { ...more, head: sha })
}
