import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createApp } from './github/acts/create-app.ts'
import type { GitHub, Permissions, WorldApp } from './github/github-state.ts'
import { findAccount } from './github/state/find.ts'
import { accountNamed, KEEPER } from './world-context.ts'

/** What an app asks for when it is registered: `app.yml` of the app under test. */
export interface AppManifest {
  readonly name: string
  readonly permissions: Permissions
  readonly events: readonly string[]
  /** Where webhooks go; a courier of one's own needs none. */
  readonly webhookUrl?: string
  readonly webhookSecret?: string
}

/** What the operator of an app holds. */
export interface AppCredentials {
  readonly id: number
  readonly slug: string
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
  readonly bot: { readonly id: number; readonly login: string }
}

/** Where nobody listens: deliveries fail until the app has said where it is. */
const NOWHERE = 'http://127.0.0.1:9/webhook'

export function registerApp(github: GitHub, manifest: AppManifest): WorldApp {
  const owner = accountNamed(github, KEEPER)
  const secret = manifest.webhookSecret ?? randomBytes(24).toString('hex')
  const webhook = { url: manifest.webhookUrl ?? NOWHERE, secret }
  const { name, permissions, events } = manifest
  keys ??= newKeys()
  return createApp(github, { owner: owner.id, name, permissions, events, webhook, keys })
}

let keys: ReturnType<typeof newKeys> | null = null

/** One pair for all worlds of a process: making one takes a tenth of a second, and no world can reach another. */
function newKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
}

export function credentialsOf(github: GitHub, app: WorldApp): AppCredentials {
  const bot = github.state.accounts.get(app.bot) ?? findAccount(github.state, `${app.slug}[bot]`)
  const { id, slug, privateKey, webhook } = github.state.apps.get(app.id) ?? app
  return {
    id,
    slug,
    privateKey,
    webhookSecret: webhook?.secret ?? '',
    bot: { id: app.bot, login: bot?.login ?? `${slug}[bot]` },
  }
}
