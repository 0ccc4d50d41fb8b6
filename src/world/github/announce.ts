import type { Actor, GitHub } from './github-state.ts'
import { accountOf, repositoryOf } from './state/find.ts'
import { accountBehind } from './state/roles.ts'
import { accountBody, type Body, organisationBody } from './webhooks/bodies/account-body.ts'
import { repositoryBody } from './webhooks/bodies/repository-body.ts'
import { listeners } from './webhooks/dispatch.ts'

export interface Announcement {
  readonly event: string
  readonly action: string | null
  readonly repository: number
  /** Tells nobody but this app. */
  readonly onlyApp?: number
  /** Of a push: where the ref now is; null when it is gone. */
  readonly tip?: { readonly ref: string; readonly sha: string | null }
  /** What is the event's own; built only when somebody listens. */
  readonly body: () => Promise<Body> | Body
}

/** Tells the apps of a repository what somebody did there. */
export async function announce(github: GitHub, actor: Actor, what: Announcement): Promise<void> {
  const { state } = github
  const body = () => wholeBody(github, actor, what)
  if (what.onlyApp === undefined) github.actions.heard({ ...what, tip: what.tip ?? null, actor, body })
  const event = {
    event: what.event,
    action: what.action,
    repository: what.repository,
    onlyApp: what.onlyApp ?? null,
    installation: null,
  }
  if (listeners(state, event).length === 0) return
  github.emit({ ...event, body: await body() })
}

async function wholeBody({ state }: GitHub, actor: Actor, what: Announcement): Promise<Body> {
  const repository = repositoryOf(state, what.repository)
  const owner = accountOf(state, repository.owner)
  return {
    ...(what.action === null ? {} : { action: what.action }),
    repository: { ...repositoryBody(state, repository), custom_properties: {} },
    ...(owner.type === 'Organization' ? { organization: organisationBody(state, owner) } : {}),
    sender: accountBody(state, accountBehind(actor)),
    ...(await what.body()),
  }
}
