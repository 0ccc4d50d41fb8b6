import type { z } from 'zod'
import { readComment } from '../commands/read-comment.ts'
import type { Work } from '../ports/inbox.ts'
import { correlationIn } from '../training/correlation-in.ts'
import {
  type Asked,
  accountOf,
  asks,
  type InRepository,
  type Installed,
  type IntakeFacts,
  ignored,
  NOTHING,
  type Sender,
  workIn,
} from './asked.ts'
import type * as payloads from './payloads.ts'

type CommentEvent = Installed<z.infer<typeof payloads.issueComment>>

/**
 * A comment that asks for something. Our own, other bots' and other apps' ask for nothing, told by id and type; an edit
 * asks only when it brings a command, and only to hear that it does nothing.
 */
export function comment(payload: CommentEvent, { appId, botId }: IntakeFacts): Asked {
  const { action, comment: said, sender, issue } = payload
  const { user, performed_via_github_app: app } = said
  if (user === null || user.id === botId || user.type === 'Bot' || app?.id === appId) return NOTHING
  if (!bringsCommand(payload)) return NOTHING
  if (app !== null && app !== undefined) return ignored('a comment that an app wrote in the name of somebody')
  if (sender.id !== user.id) return ignored('a comment by somebody else than its author')
  const subject = {
    kind: 'comment',
    issue: issue.number,
    comment: { id: said.id, nodeId: said.node_id },
    body: said.body,
    by: accountOf(user),
    edited: action === 'edited',
  } as const
  return asks([workIn(payload, `comment:${said.id}`, subject, {})])
}

/** A line that asks for something, and of an edit one that was not there before. */
function bringsCommand({ action, comment: { body }, changes }: CommentEvent): boolean {
  const asked = readComment(body)
  if (action !== 'edited') return asked.length > 0
  const before = changes?.body?.from
  if (before === undefined) return false
  const known = new Set(readComment(before).map(({ text }) => text))
  return asked.some(({ text }) => !known.has(text))
}

/** What was started in a thread ends with it. */
export function threadClosed(payload: InRepository, number: number): Work {
  return workIn(payload, `closed:${number}`, { kind: 'thread-closed', number }, {})
}

export function issueClosed(payload: Installed<z.infer<typeof payloads.issueEvent>>): Asked {
  return asks([threadClosed(payload, payload.issue.number)])
}

/** A run that we dispatched; the same title by anybody else's hand is nothing of ours. */
export function workflowRun(payload: Installed<z.infer<typeof payloads.workflowRun>>, facts: IntakeFacts): Asked {
  const { id, name, display_title: title, actor } = payload.workflow_run
  return ofTraining(payload, facts, { by: actor, run: id, texts: [title, name] })
}

/** A job of such a run. GitHub names the run only by its id here, which the job that follows it has noted. */
export function workflowJob(payload: Installed<z.infer<typeof payloads.workflowJob>>, facts: IntakeFacts): Asked {
  const { run_id: run, name, workflow_name: workflow } = payload.workflow_job
  return ofTraining(payload, facts, { by: payload.sender, run, texts: [name, workflow] })
}

interface Happened {
  readonly by: Sender | null | undefined
  readonly run: number
  readonly texts: readonly (string | null | undefined)[]
}

function ofTraining(payload: InRepository, facts: IntakeFacts, { by, run, texts }: Happened): Asked {
  if (by?.id !== facts.botId) return NOTHING
  const named = texts.map((text) => correlationIn(text ?? '')).find((one) => one !== null)
  const correlation = named ?? facts.training(payload.repository.id, run)
  if (correlation === null) return NOTHING
  return asks([workIn(payload, `training:${correlation}`, { kind: 'training', correlation }, {})])
}
