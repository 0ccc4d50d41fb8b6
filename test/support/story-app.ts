import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { writeFiles } from '../../src/adapters/checkout/new-repository.ts'
import type { Settings } from '../../src/app/settings.ts'
import type { App, AppOptions } from '../../src/app.ts'
import { appInWorld, courierTo } from '../../src/demo/app-in-world.ts'
import type { VirtualClock } from '../../src/world/clock.ts'
import { addressing } from '../../src/world/faults/call-address.ts'
import type { World } from '../../src/world/world.ts'
import { keepEvidence, lendEvidence } from './shared-evidence.ts'
import { BUCKET_GRANT } from './story-bucket.ts'
import { storeFiles } from './story-registry.ts'

/** How a story's app differs from the usual one. */
export interface StoryAppOptions extends Omit<Partial<AppOptions>, 'settings'> {
  readonly settings?: Partial<Settings>
  /** Text of the operator's file in place of the usual one. */
  readonly operator?: string
  /** What lies between the app and GitHub. */
  readonly network?: (send: typeof fetch) => typeof fetch
}

/** The app's own folder, which outlives a restart. */
export interface Home {
  readonly path: string
  /** Evidence of a repository, below which reports, verdicts and the ledger's mirror lie too. */
  evidence(id: number): string
  close(): void
}

/** Acts right before a call of the app's is sent. */
export interface Ambushes {
  /** @param operation  as calls are logged: `checks/create`, `pulls/merge`, `graphql PullNow` */
  before(operation: string, act: () => Promise<void>): void
  readonly fetch: (send: typeof fetch) => typeof fetch
}

const SEAL_KEY = Buffer.alloc(32, 7).toString('base64')

/** A home whose evidence of the repositories is what other stories of this run have computed. */
export function openHome(repositories: readonly { readonly id: number }[]): Home {
  const path = mkdtempSync(join(inject('storyGround'), 'app-'))
  const shared = join(inject('storyGround'), 'evidence')
  mkdirSync(shared, { recursive: true })
  const evidence = (id: number) => join(path, 'files/.weighbridge/evidence', String(id))
  for (const { id } of repositories) lendEvidence(shared, evidence(id))
  mkdirSync(join(path, 'files'), { recursive: true })
  writeFileSync(join(path, 'seal.key'), SEAL_KEY)
  return {
    path,
    evidence,
    close: () => {
      for (const { id } of repositories) keepEvidence(evidence(id), shared)
      rmSync(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Artifacts and tables below the root of `file:`, written once a run; stories that change bytes have a root of their own. */
export async function sharedStore(fullName: string): Promise<string> {
  const root = join(inject('storyGround'), `files-${process.pid}`)
  const folder = join(root, ...fullName.split('/'))
  if (!existsSync(folder)) await writeFiles(folder, storeFiles())
  return root
}

/** A story's writes must not depend on how busy this machine is: "it goes on" is shown only where a story is about it. */
const NEVER = () => () => undefined

/** Starts the app on a home; webhooks of the world come to it. */
export async function startApp(
  world: World,
  home: Home,
  {
    settings,
    operator,
    network = (send) => send,
    ...more
  }: StoryAppOptions & { readonly fileRoot: string; readonly bucket?: boolean },
): Promise<App> {
  writeFileSync(join(home.path, 'operator.yml'), operator ?? usualOperator(home, more.bucket))
  const { fileRoot, bucket: _, ...options } = more
  const place = { app: world.app, apiUrl: 'https://api.github.com', home: home.path }
  const app = appInWorld(
    { ...place, fetch: network(world.fetch), clock: world.clock as VirtualClock },
    {
      after: NEVER,
      ...options,
      settings: { fileRoot, operatorFile: join(home.path, 'operator.yml'), ...LOGGED, ...settings },
    },
  )
  await app.start()
  world.webhooksTo(courierTo(() => app))
  return app
}

/** `APP_LOG=info npx vitest ...` shows what the app tells its operator. */
const LOGGED = { logLevel: process.env.APP_LOG ?? 'silent' }

const FILE_GRANT = `    stores: [{prefix: 'file:.weighbridge/store/'}]
    evidence: 'file:.weighbridge/evidence/'
`

function usualOperator(home: Home, isBucket = false): string {
  return `version: 1
repositories:
  - match: acme/*
${isBucket ? BUCKET_GRANT : FILE_GRANT}    registries: [acme/*]
seal_key_file: ${join(home.path, 'seal.key')}
`
}

/** What happens between two calls of the app, each once. */
export function openAmbushes(): Ambushes {
  const waiting: { readonly operation: string; readonly act: () => Promise<void> }[] = []
  return {
    before: (operation, act) => void waiting.push({ operation, act }),
    fetch: (send) => async (input, init) => {
      if (waiting.length === 0) return send(input, init)
      const request = new Request(input, init)
      const call = { method: request.method, url: request.url, body: await request.clone().text() }
      const { operation } = addressing().address(call)
      const index = waiting.findIndex((one) => one.operation === operation)
      const [ambush] = index === -1 ? [] : waiting.splice(index, 1)
      await ambush?.act()
      return send(request)
    },
  }
}
