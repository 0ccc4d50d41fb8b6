import { type RefActivity, Refusal } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { protectionOn, rulesetsOn } from '../../rules.ts'
import { findAccount } from '../../state/find.ts'
import { permissionOf, roleIn, roleNameIn } from '../../state/roles.ts'
import { accountBody, accountBodyOrNull, timeText } from '../../webhooks/bodies/account-body.ts'
import { commitBody } from '../../webhooks/bodies/commit-body.ts'
import { repositoryPage, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { holds } from '../allow.ts'
import { fullRepositoryBody, roleBody } from '../bodies/repository-body.ts'
import { found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

const NOWHERE = '0'.repeat(40)

export const repositoryRoutes = {
  'repos/get': (call) => ok(fullRepositoryBody(call.github.state, call.repository, roleOfAsker(call))),
  'repos/get-collaborator-permission-level': (call) => {
    const { state } = call.github
    const account = found(findAccount(state, call.params.username ?? ''))
    const role = roleIn(state, call.repository, account.id)
    const role_name = roleNameIn(state, call.repository, account.id)
    const user = { ...accountBody(state, account), permissions: roleBody(role), role_name }
    return ok({ permission: permissionOf(role), role_name, user })
  },
  'repos/list-activities': listActivities,
  'repos/get-branch': async (call) => {
    const { github, repository } = call
    const name = call.params.branch ?? ''
    const tip = await github.storage.tip(repository.id, `refs/heads/${name}`)
    if (tip === null) throw new Refusal(404, 'Branch not found')
    const commit = found(await github.storage.commit(repository.id, tip))
    const self = `${repositoryUrl(github.state, repository)}/branches/${name}`
    const isProtected = protectionOn(repository, name) !== null || rulesetsOn(repository, name).length > 0
    return ok({
      name,
      commit: commitBody(github, repository.id, commit),
      _links: { self, html: `${repositoryPage(github.state, repository)}/tree/${name}` },
      protected: isProtected,
      protection: checksOf(call, name),
      protection_url: `${self}/protection`,
    })
  },
} satisfies Readonly<Record<string, RestHandler>>

/** An app's own role is what its permissions come to. */
function roleOfAsker({ github, actor, repository }: RestCall) {
  if (actor.kind === 'user') return roleIn(github.state, repository, actor.account.id)
  if (holds(actor, 'administration', 'write')) return 'admin'
  return holds(actor, 'contents', 'write') ? 'write' : 'read'
}

function checksOf({ repository }: RestCall, branch: string) {
  const checks = protectionOn(repository, branch)?.requiredChecks ?? null
  return {
    enabled: protectionOn(repository, branch) !== null,
    required_status_checks: {
      enforcement_level: checks === null ? 'off' : 'non_admins',
      contexts: (checks?.checks ?? []).map((one) => one.context),
      checks: (checks?.checks ?? []).map((one) => ({ context: one.context, app_id: one.app })),
    },
  }
}

/** Newest first. Pages go by cursor: `after` and `before` hold the id of a line. */
function listActivities(call: RestCall) {
  const { state } = call.github
  const { ref, actor, activity_type: kind, direction = 'desc', after, before } = call.query
  const wanted = ref === undefined || ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
  const lines = state.activity
    .filter((one) => one.repository === call.repository.id)
    .filter((one) => wanted === undefined || one.ref === wanted)
    .filter((one) => kind === undefined || one.kind === kind)
    .filter((one) => actor === undefined || one.actor === findAccount(state, actor)?.id)
  const ordered = direction === 'desc' ? [...lines].reverse() : lines
  const size = Math.min(Number(call.query.per_page ?? 30), 100)
  const from = after === undefined ? 0 : placeOf(ordered, after) + 1
  const to = before === undefined ? from + size : placeOf(ordered, before)
  const start = before === undefined ? from : Math.max(to - size, 0)
  const page = ordered.slice(start, to)
  const last = page.at(-1)
  const hasMore = last !== undefined && start + page.length < ordered.length
  const query = new URLSearchParams({ ...call.query, after: cursorOf(last) })
  const headers = hasMore ? { link: `<${call.url}?${query}>; rel="next"` } : {}
  return { status: 200, body: page.map((one) => activityBody(call, one)), headers }
}

function activityBody({ github }: RestCall, line: RefActivity) {
  return {
    id: line.id,
    node_id: nodeId('Ref', line.repository, line.ref, line.id),
    before: line.before === '' ? NOWHERE : line.before,
    after: line.after === '' ? NOWHERE : line.after,
    ref: line.ref,
    timestamp: timeText(line.at),
    activity_type: line.kind,
    actor: accountBodyOrNull(github.state, line.actor),
  }
}

function cursorOf(line: RefActivity | undefined): string {
  return Buffer.from(`activity:${line?.id ?? 0}`).toString('base64url')
}

function placeOf(lines: readonly RefActivity[], cursor: string): number {
  const place = lines.findIndex((one) => cursorOf(one) === cursor)
  if (place >= 0) return place
  throw new Refusal(422, 'The cursor is invalid.')
}
