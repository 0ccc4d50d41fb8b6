import { afterEach, expect } from 'vitest'
import { openJobFolder } from '../../../../src/adapters/job-folder.ts'
import { virtualClock } from '../../../../src/world/clock.ts'
import { setCollaborator } from '../../../../src/world/github/acts/change-repository.ts'
import { createOrganisation, createUser, setMember } from '../../../../src/world/github/acts/create-account.ts'
import { createApp } from '../../../../src/world/github/acts/create-app.ts'
import { createRepository } from '../../../../src/world/github/acts/create-repository.ts'
import { installApp } from '../../../../src/world/github/acts/install-app.ts'
import { openPull } from '../../../../src/world/github/acts/open-pull.ts'
import { type PushedFiles, pushFiles } from '../../../../src/world/github/acts/push.ts'
import { checkWebhook } from '../../../../src/world/github/contract/check-webhook.ts'
import type {
  Actor,
  Delivery,
  GitHub,
  GitHubSettings,
  Permissions,
  WorldAccount,
  WorldApp,
  WorldInstallation,
  WorldPull,
  WorldRepository,
} from '../../../../src/world/github/github-state.ts'
import { openGitHub } from '../../../../src/world/github/open-github.ts'
import { repositoryOf } from '../../../../src/world/github/state/find.ts'

export const PERMISSIONS: Permissions = {
  metadata: 'read',
  members: 'read',
  merge_queues: 'read',
  statuses: 'write',
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  issues: 'write',
  deployments: 'write',
}
export const EVENTS = [
  'pull_request',
  'pull_request_review',
  'issue_comment',
  'issues',
  'push',
  'check_run',
  'check_suite',
  'status',
  'merge_group',
  'repository',
  'deployment',
  'deployment_status',
]
// stories do not sign anything with it
const KEYS = { privateKey: 'none', publicKey: 'none' }

type Body = Readonly<Record<string, unknown>>

/** An organisation with four people, a repository and an app that hears of everything. */
export interface Office {
  readonly github: GitHub
  /** Owner of the organisation. */
  readonly ada: Actor & { readonly kind: 'user' }
  /** Both may write. */
  readonly ben: Actor & { readonly kind: 'user' }
  readonly cleo: Actor & { readonly kind: 'user' }
  /** May read. */
  readonly dora: Actor & { readonly kind: 'user' }
  readonly organisation: WorldAccount
  readonly app: WorldApp
  readonly installation: WorldInstallation
  /** The app in its installation. */
  readonly bot: Actor & { readonly kind: 'installation' }
  /** The repository as it is now. */
  repository(): WorldRepository
  readonly id: number
  readonly deliveries: Delivery[]
  /** What the courier answers. */
  answers(delivery: Delivery): number
  /** Events that were delivered since the last time asked: `pull_request.opened`. */
  heard(): Promise<readonly string[]>
  /** Bodies of an event, oldest first. */
  bodies(event: string): Promise<readonly Body[]>
  tip(ref?: string): Promise<string>
  pushes(actor: Actor, files: PushedFiles['files'], more?: Partial<PushedFiles>): Promise<string>
  /** A branch with one file, and a pull request of it into main. */
  opens(actor: Actor, branch: string, files: PushedFiles['files'], base?: string): Promise<WorldPull>
  secondApp(name: string, permissions?: Permissions, events?: readonly string[]): Promise<Office['bot']>
}

const open: { readonly office: Office; readonly breaks: string[]; close(): Promise<void> }[] = []

afterEach(async () => {
  for (const { office, breaks, close } of open.splice(0)) {
    await office.github.settled()
    await close()
    expect(breaks).toEqual([])
  }
})

export async function openOffice(settings: Partial<GitHubSettings> = {}): Promise<Office> {
  const folder = openJobFolder()
  const deliveries: Delivery[] = []
  const breaks: string[] = []
  const courier = {
    async deliver(delivery: Delivery) {
      deliveries.push(delivery)
      breaks.push(...breaksOf(delivery))
      return office.answers(delivery)
    },
  }
  const github = openGitHub({ folder: folder.path, clock: virtualClock(), courier, settings })
  const office = await furnish(github, deliveries)
  open.push({
    office,
    breaks,
    close: async () => {
      await github.close()
      folder.close()
    },
  })
  return office
}

async function furnish(github: GitHub, deliveries: Delivery[]): Promise<Office> {
  const user = (login: string) => ({ kind: 'user' as const, account: createUser(github, { login }) })
  const [ada, ben, cleo, dora] = [user('ada'), user('ben'), user('cleo'), user('dora')]
  const organisation = createOrganisation(github, { login: 'acme' })
  setMember(github, { organisation: organisation.id, user: ada.account.id, role: 'admin' })
  for (const one of [ben, cleo, dora]) setMember(github, { organisation: organisation.id, user: one.account.id })
  const { id } = await createRepository(github, ada, {
    owner: organisation.id,
    name: 'models',
    files: { 'README.md': 'models\n', 'policy.yml': 'strict\n' },
  })
  for (const one of [ben, cleo])
    await setCollaborator(github, { repository: id, account: one.account.id, role: 'write' })
  const bot = await install(github, ada, organisation, 'weighbridge', PERMISSIONS, EVENTS)
  let told = 0
  return {
    github,
    ada,
    ben,
    cleo,
    dora,
    organisation,
    id,
    bot,
    app: bot.app,
    installation: github.state.installations.get(bot.installation) as WorldInstallation,
    deliveries,
    repository: () => repositoryOf(github.state, id),
    answers: () => 202,
    async heard() {
      await github.settled()
      const fresh = deliveries.slice(told)
      told = deliveries.length
      return fresh.map((one) => (one.action === null ? one.event : `${one.event}.${one.action}`))
    },
    async bodies(event) {
      await github.settled()
      const [name, action] = event.split('.')
      const mine = deliveries.filter((one) => one.event === name && (action === undefined || one.action === action))
      return mine.map((one) => JSON.parse(one.requestBody) as Body)
    },
    async tip(ref = 'main') {
      return (await github.storage.tip(id, `refs/heads/${ref}`)) ?? 'none'
    },
    pushes: (actor, files, more = {}) => pushFiles(github, actor, { repository: id, branch: 'main', files, ...more }),
    async opens(actor, branch, files, base = 'main') {
      await pushFiles(github, actor, { repository: id, branch, files, from: base })
      return openPull(github, actor, { repository: id, title: `Add ${branch}`, head: branch, base })
    },
    secondApp: (name, permissions = PERMISSIONS, events = EVENTS) =>
      install(github, ada, organisation, name, permissions, events),
  }
}

async function install(
  github: GitHub,
  owner: Actor,
  organisation: WorldAccount,
  name: string,
  permissions: Permissions,
  events: readonly string[],
): Promise<Office['bot']> {
  const webhook = { url: `https://${name}.example/`, secret: 'a secret' }
  const app = createApp(github, { owner: organisation.id, name, permissions, events, webhook, keys: KEYS })
  const installation = await installApp(github, owner, { app: app.id, account: organisation.id, repositories: 'all' })
  const account = github.state.accounts.get(app.bot) as WorldAccount
  return { kind: 'installation', account, app, installation: installation.id, permissions, repositories: 'all' }
}

function breaksOf(delivery: Delivery): readonly string[] {
  try {
    checkWebhook(delivery.event, JSON.parse(delivery.requestBody))
    return []
  } catch (error) {
    return [String(error)]
  }
}

/** What GitHub refuses with: `409 Head branch was modified...`. */
export async function refused(act: Promise<unknown>): Promise<string> {
  try {
    await act
  } catch (error) {
    const { status, message, errors } = error as { status: number; message: string; errors: readonly Body[] }
    return `${status} ${message}${errors?.length > 0 ? ` ${JSON.stringify(errors)}` : ''}`
  }
  return 'nothing was refused'
}
