import { createHmac, randomUUID } from 'node:crypto'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { type IntakeOptions, openIntake } from '../../src/intake/intake.ts'
import type { IntakeLog } from '../../src/intake/intake-log.ts'
import { openSecrets } from '../../src/intake/webhook-secrets.ts'

export const SECRET = 'a secret of the test'
export const IDENTITY = { appId: 4711, botId: 99 }
export const LEDGER = 'weighbridge/ledger'

/** A log that keeps its lines. */
export function keptLog(): IntakeLog & { readonly lines: object[] } {
  const lines: object[] = []
  const keep = (line: object) => void lines.push(line)
  return { lines, refused: keep, delivery: keep, failed: keep }
}

/** A real server on a free port with an inbox in memory. */
export async function openDoor(more: Partial<IntakeOptions> = {}) {
  const log = keptLog()
  const inbox = more.inbox ?? openInbox({ path: ':memory:', now: () => new Date() })
  const intake = await openIntake({
    secrets: openSecrets({ value: SECRET }),
    identity: IDENTITY,
    ledgerBranch: LEDGER,
    now: () => new Date(),
    port: 0,
    host: '127.0.0.1',
    routes: [],
    log,
    ...more,
    inbox,
  })
  const url = `http://127.0.0.1:${intake.port}`
  return {
    inbox,
    log,
    intake,
    url,
    webhooks: `${url}/api/github/webhooks`,
    deliver: (event: string, payload: unknown, guid?: string) =>
      fetch(`${url}/api/github/webhooks`, delivery(event, payload, guid)),
    async close() {
      await intake.close()
      inbox.close()
    },
  }
}

export function signatureOf(body: string | Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

export function delivery(event: string, payload: unknown, guid: string = randomUUID(), secret = SECRET) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': signatureOf(body, secret),
  }
  return { method: 'POST', headers, body }
}

export const SHA = 'a'.repeat(40)
export const OTHER = 'b'.repeat(40)
const inRepository = {
  repository: { id: 42, name: 'models', owner: { login: 'acme', id: 7 }, default_branch: 'main' },
  installation: { id: 9 },
  sender: { id: 5, login: 'dana', type: 'User' },
}

/** Payloads as GitHub sends them, as far as anybody here reads them. */
export function pullEvent(
  action: string,
  more: { number?: number; base?: string; sha?: string; changes?: object } = {},
) {
  const { number = 7, base = 'main', sha = SHA, changes } = more
  const pull_request = { number, head: { sha, ref: 'promote' }, base: { ref: base, sha: OTHER }, title: 'x' }
  return { action, ...inRepository, pull_request, ...(changes === undefined ? {} : { changes }) }
}

export function reviewEvent(action: string, user: object | null) {
  return { ...pullEvent(action), review: { id: 1, user, state: 'approved' } }
}

export function checkRunEvent(action: string, more: { appId?: number; sender?: object; identifier?: string } = {}) {
  const { appId = IDENTITY.appId, sender = inRepository.sender, identifier } = more
  const check_run = {
    id: 31,
    name: 'weighbridge',
    head_sha: SHA,
    external_id: 'v1:x',
    app: { id: appId },
    pull_requests: [],
  }
  return {
    action,
    ...inRepository,
    check_run,
    sender,
    ...(identifier === undefined ? {} : { requested_action: { identifier } }),
  }
}

export function checkSuiteEvent(action: string, appId: number) {
  return { action, ...inRepository, check_suite: { id: 3, head_sha: SHA, app: { id: appId } } }
}

export function statusEvent(state: string, senderId = 5) {
  return { ...inRepository, id: 1, sha: SHA, state, sender: { id: senderId, login: 'ci', type: 'User' } }
}

export function pushEvent(ref: string, more: object = {}) {
  return { ...inRepository, ref, before: OTHER, after: SHA, deleted: false, created: false, ...more }
}

export function groupEvent(action: string) {
  return { action, ...inRepository, merge_group: { head_sha: SHA, base_sha: OTHER, base_ref: 'refs/heads/main' } }
}

export function installationEvent(action: string) {
  return { action, installation: { id: 9 }, sender: inRepository.sender }
}

export function repositoryEvent(action: string, changes?: object) {
  return { action, ...inRepository, changes }
}

const PERSON = { id: 5, login: 'dana', type: 'User' }

export function commentEvent(
  action: string,
  body: string,
  more: { user?: object | null; sender?: object; app?: object | null; from?: string; issue?: object } = {},
) {
  const { user = PERSON, sender = user ?? PERSON, app = null, from, issue = { number: 7 } } = more
  const comment = { id: 7001, node_id: 'IC_kwDO', body, user, performed_via_github_app: app }
  const changes = from === undefined ? {} : { changes: { body: { from } } }
  return { action, ...inRepository, issue, comment, sender, ...changes }
}

export function issueEvent(action: string, number = 3) {
  return { action, ...inRepository, issue: { number } }
}

export function runEvent(
  action: string,
  title: string,
  actor: object | null = { id: IDENTITY.botId, login: 'w[bot]' },
) {
  return { action, ...inRepository, workflow_run: { id: 88, name: 'train', display_title: title, actor } }
}

export function jobEvent(action: string, name: string, sender: object = { id: IDENTITY.botId, login: 'w[bot]' }) {
  return { action, ...inRepository, workflow_job: { id: 99, run_id: 88, name, workflow_name: 'train' }, sender }
}
