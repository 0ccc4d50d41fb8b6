import { convertManifest } from '../../acts/convert-manifest.ts'
import { issueInstallationToken } from '../../acts/issue-token.ts'
import { type Delivery, type GitHub, Refusal, type WorldApp, type WorldInstallation } from '../../github-state.ts'
import { findAccount, installationOf, installationRepositories } from '../../state/find.ts'
import { timeText } from '../../webhooks/bodies/account-body.ts'
import { appBody } from '../../webhooks/bodies/app-body.ts'
import { installationBody } from '../../webhooks/bodies/installation-body.ts'
import { repositoryBody } from '../../webhooks/bodies/repository-body.ts'
import { deliveriesOf } from '../../webhooks/post.ts'
import { redeliver } from '../../webhooks/redeliver.ts'
import { deliveryBody, deliveryItemBody } from '../bodies/delivery-body.ts'
import { listed } from '../paging.ts'
import { created, found, nothing, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const appRoutes = {
  'apps/get-authenticated': (call) => {
    const installations = installationsOf(call)
    return ok({ ...appBody(call.github.state, appIn(call)), installations_count: installations.length })
  },
  'apps/create-from-manifest': ({ github, params }) => {
    const { app, clientSecret } = convertManifest(github, params.code ?? '')
    const { clientId: client_id, privateKey: pem, webhook } = app
    const keys = { client_id, client_secret: clientSecret, webhook_secret: webhook?.secret ?? null, pem }
    return created({ ...appBody(github.state, app), ...keys })
  },
  'apps/list-installations': (call) =>
    listed(call, installationsOf(call), (one) => installationBody(call.github.state, one)),
  'apps/get-installation': (call) =>
    ok(installationBody(call.github.state, installation(call, Number(call.params.installation_id)))),
  'apps/get-repo-installation': (call) =>
    ok(installationBody(call.github.state, covering(call, call.repository.owner))),
  'apps/get-org-installation': (call) => {
    const account = found(findAccount(call.github.state, call.params.org ?? ''))
    return ok(installationBody(call.github.state, covering(call, account.id)))
  },
  'apps/create-installation-access-token': (call) => created(tokenBody(call)),
  'apps/revoke-installation-access-token': (call) => {
    for (const [text, token] of call.github.state.tokens) {
      if (text === call.credentials && token.kind === 'installation') call.github.state.tokens.delete(text)
    }
    return nothing()
  },
  'apps/list-repos-accessible-to-installation': (call) => {
    const { github, actor } = call
    if (actor.kind !== 'installation') throw new Refusal(403, 'You must authenticate with an installation access token')
    const all = installationRepositories(github.state, found(github.state.installations.get(actor.installation)))
    const mine = all.filter((one) => actor.repositories === 'all' || actor.repositories.includes(one.id))
    return listed(
      call,
      mine,
      (one) => repositoryBody(github.state, one),
      (repositories) => ({
        total_count: mine.length,
        repository_selection: actor.repositories === 'all' ? 'all' : 'selected',
        repositories,
      }),
    )
  },
  'apps/list-webhook-deliveries': listDeliveries,
  'apps/get-webhook-delivery': (call) => ok(deliveryBody(deliveryIn(call))),
  'apps/redeliver-webhook-delivery': async (call) => {
    await redeliver(call.github, { app: appIn(call).id, delivery: deliveryIn(call).id })
    return { status: 202, body: {} }
  },
} satisfies Readonly<Record<string, RestHandler>>

function appIn({ actor }: RestCall): WorldApp {
  if (actor.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
  return actor.app
}

function installationsOf(call: RestCall): readonly WorldInstallation[] {
  return [...call.github.state.installations.values()].filter((one) => one.app === appIn(call).id)
}

function installation(call: RestCall, id: number): WorldInstallation {
  return found(installationsOf(call).find((one) => one.id === id))
}

/** The app's installation in an account; in a repository it must cover that too. */
function covering(call: RestCall, account: number): WorldInstallation {
  const one = found(installationOf(call.github.state, appIn(call).id, account))
  const isOfRepository = call.params.repo !== undefined
  if (isOfRepository && one.repositories !== 'all') found(one.repositories.find((id) => id === call.repository.id))
  return one
}

interface TokenBody {
  readonly repositories?: readonly string[]
  readonly repository_ids?: readonly number[]
  readonly permissions?: WorldInstallation['permissions']
}

function tokenBody(call: RestCall) {
  const { state } = call.github
  const of = installation(call, Number(call.params.installation_id))
  const body = call.body as TokenBody
  const named = namedRepositories(call.github, of, body)
  const token = issueInstallationToken(call.github, {
    installation: of.id,
    ...(body.permissions === undefined ? {} : { permissions: body.permissions }),
    ...(named === null ? {} : { repositories: named }),
  })
  const selected = named ?? (of.repositories === 'all' ? null : of.repositories)
  return {
    token: token.token,
    expires_at: timeText(token.expiresAt),
    permissions: token.permissions,
    repository_selection: selected === null ? 'all' : 'selected',
    ...(named === null
      ? {}
      : { repositories: named.map((id) => repositoryBody(state, found(state.repositories.get(id)))) }),
  }
}

/** null when the request names none. */
function namedRepositories(github: GitHub, of: WorldInstallation, body: TokenBody): readonly number[] | null {
  if (body.repositories === undefined && body.repository_ids === undefined) return null
  const all = installationRepositories(github.state, of)
  const byName = (body.repositories ?? []).map(
    (name) => all.find((one) => one.name.toLowerCase() === name.toLowerCase())?.id,
  )
  const ids = [...byName, ...(body.repository_ids ?? []).map((id) => all.find((one) => one.id === id)?.id)]
  if (ids.every((id) => id !== undefined)) return ids
  throw new Refusal(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  )
}

/** Newest first; the cursor is the id of the last one shown. */
function listDeliveries(call: RestCall) {
  const size = Math.min(Number(call.query.per_page ?? 30), 100)
  const cursor = call.query.cursor
  const from = cursor === undefined ? Number.POSITIVE_INFINITY : Number(/^v1_(\d+)$/.exec(cursor)?.[1])
  if (Number.isNaN(from)) throw new Refusal(422, 'The cursor is invalid.')
  const wanted = call.query.status
  const all = deliveriesOf(call.github.state, appIn(call).id).filter(
    (one) => one.id < from && (wanted === undefined || (wanted === 'success') === isSuccess(one)),
  )
  const page = all.slice(0, size)
  const last = page.at(-1)
  const query = new URLSearchParams({ ...call.query, cursor: `v1_${last?.id ?? 0}` })
  const headers = all.length > size ? { link: `<${call.url}?${query}>; rel="next"` } : {}
  return { status: 200, body: page.map(deliveryItemBody), headers }
}

function isSuccess(delivery: Delivery): boolean {
  return delivery.statusCode >= 200 && delivery.statusCode < 400
}

function deliveryIn(call: RestCall): Delivery {
  const one = found(call.github.state.deliveries.get(Number(call.params.delivery_id)))
  return found(one.app === appIn(call).id ? one : null)
}
