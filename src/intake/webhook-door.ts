import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Inbox } from '../ports/inbox.ts'
import { trainingRunMark } from '../ports/training-run-mark.ts'
import { governedBranches } from './governed-branches.ts'
import type { IntakeLog, Refusal } from './intake-log.ts'
import { claimedDigest, isSigned } from './signature.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'
import { worksOf } from './works-of.ts'

export interface DoorOptions {
  readonly secrets: WebhookSecrets
  readonly inbox: Inbox
  /** Ids of the app and of its own bot account, looked at with every delivery. */
  readonly identity: { readonly appId: number; readonly botId: number }
  readonly ledgerBranch: string
  readonly now: () => Date
  readonly log: IntakeLog
}

/** Always one of a few constant words, whatever was sent. */
export interface DoorAnswer {
  readonly status: 202 | 400 | 401 | 415 | 503
  readonly text: string
}

export interface WebhookDoor {
  /** What can be refused before the body is read; null lets it in. */
  refuse(headers: IncomingHttpHeaders): DoorAnswer | null
  /** Signature, form, filter, inbox. Never throws. */
  take(headers: IncomingHttpHeaders, body: readonly Uint8Array[]): Promise<DoorAnswer>
}

interface Named {
  readonly guid: string
  readonly event: string
}

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i
const GUID = /^[0-9A-Za-z-]{1,64}$/
const EVENT = /^[a-z0-9_]{1,64}$/

/** The door for deliveries, without the socket: the same steps in a server and in a world on one machine. */
export function webhookDoor(options: DoorOptions): WebhookDoor {
  const { inbox, log } = options
  const refused = (status: DoorAnswer['status'], because: Refusal): DoorAnswer => {
    log.refused({ status, because })
    return { status, text: because }
  }
  const refuse = (headers: IncomingHttpHeaders) => {
    if (!JSON_TYPE.test(headers['content-type'] ?? '')) return refused(415, 'not JSON')
    if (claimedDigest(headers['x-hub-signature-256']) === null) return refused(401, 'no signature')
    return null
  }
  const factsNow = () => ({
    ...options.identity,
    ledgerBranch: options.ledgerBranch,
    governed: (repositoryId: number) => governedBranches(inbox, repositoryId),
    training: (repositoryId: number, runId: number) => inbox.mark(trainingRunMark(repositoryId, runId)),
  })

  const receive = async (named: Named, body: readonly Uint8Array[]): Promise<DoorAnswer> => {
    const startedMs = performance.now()
    const receivedAt = options.now().toISOString()
    const { action, works, cancels, wakes, ignored: because } = worksOf(named.event, parsed(body), factsNow())
    const woken = wakes === null ? [] : inbox.wakeMerge(wakes.head, receivedAt)
    const all = [...works, ...woken]
    const asksNothing = all.length === 0 && cancels.length === 0
    const delivery = { ...named, action, receivedAt }
    const outcome = asksNothing ? 'ignored' : await inbox.receive(delivery, all, cancels)
    const ms = performance.now() - startedMs
    log.delivery({ ...named, action, outcome, ms, ...(because !== undefined && { because }) })
    return { status: 202, text: outcome }
  }

  const take = async (headers: IncomingHttpHeaders, body: readonly Uint8Array[]): Promise<DoorAnswer> => {
    const early = refuse(headers)
    if (early !== null) return early
    const claimed = claimedDigest(headers['x-hub-signature-256'])
    if (claimed === null || !isSigned(body, claimed, options.secrets())) return refused(401, 'wrong signature')
    const named = namesOf(headers)
    if (named === null) return refused(400, 'headers')
    try {
      return await receive(named, body)
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError) return refused(400, 'malformed')
      log.failed({ where: 'inbox', error })
      return refused(503, 'inbox')
    }
  }
  return { refuse, take }
}

/** @throws {SyntaxError} when it is not JSON in UTF-8 */
function parsed(body: readonly Uint8Array[]): unknown {
  return JSON.parse(Buffer.concat(body).toString('utf8'))
}

function namesOf(headers: IncomingHttpHeaders): Named | null {
  const [guid, event] = [headers['x-github-delivery'], headers['x-github-event']]
  if (typeof guid !== 'string' || typeof event !== 'string') return null
  return GUID.test(guid) && EVENT.test(event) ? { guid, event } : null
}
