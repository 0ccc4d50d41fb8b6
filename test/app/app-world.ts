import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFiles } from '../../src/adapters/checkout/new-repository.ts'
import type { App } from '../../src/app.ts'
import { MANIFEST_PATH, manifestText, registryFiles, storeFiles } from '../../src/demo/adult-registry.ts'
import { type AppInWorldOptions, appInWorld, appManifest, courierTo } from '../../src/demo/app-in-world.ts'
import type { VirtualClock } from '../../src/world/clock.ts'
import type { RepositoryHandle } from '../../src/world/repository-handle.ts'
import { openWorld, type World } from '../../src/world/world.ts'

/** The app in a world, with one repository that serves adult 1.0.0. */
export interface AppWorld {
  readonly world: World
  readonly app: App
  readonly repository: RepositoryHandle
  /** The app's own folder. */
  readonly home: string
  /** The process dies and another one opens the same folder. */
  restarts(): Promise<void>
  /** Everything happens that will happen soon. */
  settles(): Promise<void>
  close(): Promise<void>
}

export const serves = (version: string): Readonly<Record<string, string>> => ({
  [MANIFEST_PATH]: manifestText(version),
})

export interface AppWorldOptions extends AppInWorldOptions {
  /** Files of the first commit beside those of the example. */
  readonly files?: Readonly<Record<string, string>>
  /** Text of the operator's file; none unless given. */
  readonly operator?: string
  /** What lies between the app and GitHub. */
  readonly network?: (send: typeof fetch) => typeof fetch
}

export async function openAppWorld(options: AppWorldOptions = {}): Promise<AppWorld> {
  const bound: { app: App | null } = { app: null }
  const world = await openWorld({ courier: courierTo(() => bound.app), app: appManifest() })
  const home = mkdtempSync(join(tmpdir(), 'weighbridge-app-'))
  copyKnown(known, home)
  const repository = await world.repository('acme/risk', { files: { ...(await adultFiles()), ...options.files } })
  await writeFiles(join(home, 'files-root', 'acme', 'risk'), await storeFiles())
  await world.user('dana', {})
  await world.user('erin', { teams: ['ml-platform'] })
  await world.user('rosa', { teams: ['model-risk'] })
  const clock = world.clock as VirtualClock
  const { files: _, settings, operator, network = (send) => send, ...more } = options
  if (operator !== undefined) writeFileSync(join(home, 'operator.yml'), operator)
  const place = { app: world.app, apiUrl: 'https://api.github.com', fetch: network(world.fetch), clock, home }
  const open = () => {
    const operatorFile = operator === undefined ? null : join(home, 'operator.yml')
    const asked = { logLevel: process.env.APP_LOG ?? 'silent', pages: 'local', operatorFile } as const
    return appInWorld(place, { ...more, settings: { ...asked, ...settings } })
  }
  let app = open()
  await app.start()
  bound.app = app
  const settles = async () => {
    await world.settles(60_000)
  }
  return {
    world,
    get app() {
      return app
    },
    repository,
    home,
    restarts: async () => {
      await end(world, app)
      app = open()
      await app.start()
      bound.app = app
    },
    settles,
    close: async () => {
      await end(world, app)
      copyKnown(home, known)
      await world.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** What was computed for one world serves the next one too, under the same seal; its ledger does not. */
const known = mkdtempSync(join(tmpdir(), 'weighbridge-known-'))
process.once('exit', () => rmSync(known, { recursive: true, force: true }))

function copyKnown(from: string, to: string): void {
  const filter = (path: string) => !/\/(ledger|ledger\.pem|verdicts|reports)$/.test(path)
  for (const folder of ['files', 'weighbridge'])
    if (existsSync(join(from, folder))) cpSync(join(from, folder), join(to, folder), { recursive: true, filter })
}

/** Time must pass for a process to end in good order. */
async function end(world: World, app: App): Promise<void> {
  const stopped = app.stop(0)
  await world.passes(1000)
  await stopped
}

async function adultFiles(): Promise<Readonly<Record<string, string | Uint8Array>>> {
  return Object.fromEntries((await registryFiles()).map(({ path, content }) => [path, content]))
}
