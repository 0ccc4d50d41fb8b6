import { createHmac } from 'node:crypto'
import type { GitHubState } from '../github-state.ts'
import type { Delivery, WebhookEvent } from '../state/deliveries.ts'
import { appOf, coversRepository, takeId } from '../state/find.ts'
import type { Permissions, WorldApp, WorldInstallation } from '../state/people.ts'
import { tinyInstallationBody } from './bodies/installation-body.ts'

/** One of these permissions lets an app hear of an event; none are needed for an empty list. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  check_run: ['checks'],
  check_suite: ['checks'],
  deployment: ['deployments'],
  deployment_status: ['deployments'],
  installation: [],
  installation_repositories: [],
  issue_comment: ['issues', 'pull_requests'],
  issues: ['issues'],
  merge_group: ['merge_queues'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  push: ['contents'],
  repository: ['metadata'],
  status: ['statuses'],
  workflow_dispatch: ['contents'],
  workflow_job: ['actions'],
  workflow_run: ['actions'],
}

/** Installations that hear of an event: not suspended, covering the repository, allowed to, and subscribed. */
export function listeners(
  state: GitHubState,
  event: Pick<WebhookEvent, 'event' | 'repository' | 'onlyApp' | 'installation'>,
): readonly WorldInstallation[] {
  if (event.installation !== null)
    return [...state.installations.values()].filter((one) => one.id === event.installation)
  const repository = state.repositories.get(event.repository ?? -1)
  return [...state.installations.values()].filter(
    (one) =>
      repository !== undefined &&
      one.suspendedAt === null &&
      (event.onlyApp === null || one.app === event.onlyApp) &&
      coversRepository(one, repository) &&
      mayHear(event.event, one.permissions) &&
      // an app hears of its own checks without asking for it
      (one.events.includes(event.event) || event.onlyApp !== null),
  )
}

/** What an app must ask for to subscribe to an event, as the form of GitHub sees it; null when nobody can. */
export function subscribedWith(event: string): string | null {
  return NEEDED[event]?.[0] ?? null
}

function mayHear(event: string, permissions: Permissions): boolean {
  const needed = NEEDED[event]
  if (needed === undefined)
    throw new Error(`no app can hear of ${event}: webhooks/dispatch.ts names no permission for it`)
  return needed.length === 0 || needed.some((one) => permissions[one] !== undefined)
}

/** A delivery for each listener that has a webhook, before its first attempt. */
export function deliveriesFor(state: GitHubState, event: WebhookEvent, now: number): readonly Delivery[] {
  return listeners(state, event).flatMap((installation) => {
    const app = appOf(state, installation.app)
    if (app.webhook === null) return []
    const body = { installation: tinyInstallationBody(installation), ...event.body }
    return [newDelivery(state, app, installation, event, JSON.stringify(body), now)]
  })
}

function newDelivery(
  state: GitHubState,
  app: WorldApp,
  installation: WorldInstallation,
  event: WebhookEvent,
  requestBody: string,
  now: number,
): Delivery {
  const id = takeId(state)
  const guid = guidOf(state, id)
  return {
    id,
    guid,
    app: app.id,
    installation: installation.id,
    repository: event.repository,
    event: event.event,
    action: event.action,
    isRedelivery: false,
    deliveredAt: now,
    durationMs: 0,
    url: app.webhook?.url ?? '',
    requestHeaders: headersOf(app, event.event, guid, requestBody),
    requestBody,
    statusCode: 0,
    status: '',
  }
}

/** Looks like chance, and is the same in each copy of a world: stories can be told again. */
function guidOf(state: GitHubState, id: number): string {
  const hex = createHmac('sha256', state.signingKey).update(`delivery ${id}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** Headers of a delivery: signed with the app's secret. */
function headersOf(app: WorldApp, event: string, guid: string, body: string): Readonly<Record<string, string>> {
  const mark = (kind: 'sha1' | 'sha256') =>
    createHmac(kind, app.webhook?.secret ?? '')
      .update(body)
      .digest('hex')
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/world',
    'X-GitHub-Delivery': guid,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(app.id),
    'X-GitHub-Hook-Installation-Target-ID': String(app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature': `sha1=${mark('sha1')}`,
    'X-Hub-Signature-256': `sha256=${mark('sha256')}`,
  }
}
