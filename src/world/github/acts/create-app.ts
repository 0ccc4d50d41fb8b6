import { generateKeyPairSync } from 'node:crypto'
import { type GitHub, Refusal } from '../github-state.ts'
import { appOf, takeId } from '../state/find.ts'
import type { Permissions, WorldApp } from '../state/people.ts'
import { createBot } from './create-account.ts'

export interface NewApp {
  readonly owner: number
  readonly name: string
  readonly description?: string
  /** Default: yes. */
  readonly isPublic?: boolean
  readonly permissions: Permissions
  readonly events: readonly string[]
  readonly webhook?: { readonly url: string; readonly secret: string } | null
  /** PEM; made when absent, which takes a tenth of a second. */
  readonly keys?: { readonly privateKey: string; readonly publicKey: string }
}

/**
 * Registers an app and its bot account.
 *
 * @throws {Refusal} 422 when the name is taken
 */
export function createApp(github: GitHub, input: NewApp): WorldApp {
  const slug = input.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const taken = [...github.state.apps.values()].some((app) => app.slug === slug)
  if (taken) throw new Refusal(422, `${input.name} is already taken`)
  const id = takeId(github.state)
  const now = github.clock.now()
  const app: WorldApp = {
    id,
    slug,
    name: input.name,
    description: input.description ?? null,
    clientId: `Iv23li${id.toString(36).padStart(14, '0')}`,
    owner: input.owner,
    isPublic: input.isPublic ?? true,
    bot: createBot(github, slug).id,
    permissions: { metadata: 'read', ...input.permissions },
    events: input.events,
    ...(input.keys ?? newKeys()),
    webhook: input.webhook ?? null,
    createdAt: now,
    updatedAt: now,
  }
  github.state.apps.set(id, app)
  return app
}

/** Permissions that are added wait until each installation's owner accepts them. */
export function updateApp(
  github: GitHub,
  id: number,
  change: Partial<Pick<WorldApp, 'permissions' | 'events' | 'webhook' | 'description'>>,
): WorldApp {
  const app = { ...appOf(github.state, id), ...change, updatedAt: github.clock.now() }
  github.state.apps.set(id, app)
  return app
}

function newKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
}
