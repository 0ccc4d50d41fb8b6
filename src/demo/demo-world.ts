import { join } from 'node:path'
import { writeFiles } from '../adapters/checkout/new-repository.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import type { App } from '../app.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { type VirtualClock, virtualClock } from '../world/clock.ts'
import type { Delivery } from '../world/github/github-state.ts'
import type { RepositoryHandle } from '../world/repository-handle.ts'
import { openWorld, type World } from '../world/world.ts'
import type { Person } from '../world/world-context.ts'
import { AUTOMATIC_MERGE, registryFiles, storeFiles } from './adult-registry.ts'
import { appInWorld, appManifest, courierTo } from './app-in-world.ts'
import { type DemoSite, openDemoSite } from './demo-site.ts'

export const REPOSITORY = 'acme/models'
export const AUTHOR = 'dana'
export const APPROVER = 'erin'
export const ON_CALL = 'otto'
export const TRAINER = 'tess'
export const PROMOTER = 'pat'

/** Who works here, and what they may do. */
const PEOPLE: Readonly<Record<string, Person & { readonly is: string }>> = {
  [AUTHOR]: { is: 'data scientist' },
  [APPROVER]: { is: 'approver', teams: ['ml-platform'] },
  rosa: { is: 'risk', teams: ['model-risk'] },
  [ON_CALL]: { is: 'on-call', teams: ['on-call'] },
  [TRAINER]: { is: 'trainer', teams: ['data-science'] },
  [PROMOTER]: { is: 'promoter', teams: ['ml-platform'] },
}

export interface DemoOptions {
  /** Port of GitHub and the pages on this machine, 0 for a free one; null: nothing is served. */
  readonly port: number | null
  /** Told of what GitHub has told the app. */
  readonly heard?: (delivery: Delivery) => void
}

/** The emulated GitHub with one model repository, the people who work there, and the app. */
export interface DemoWorld {
  readonly world: World
  readonly app: App
  readonly repository: RepositoryHandle
  /** What `file:` of a repository lies in, as the app sees it. */
  storeOf(fullName: string): string
  /** By number of the pull request of `repository`: what was weighed last. */
  readonly weighed: ReadonlyMap<number, CheckDocument>
  readonly site: DemoSite | null
  /** Everything happens that follows within this time, a minute unless given. */
  settles(withinMs?: number): Promise<void>
  /** From now on time passes as it does everywhere. */
  goesOn(): void
  close(): Promise<void>
}

const SETTLES_WITHIN_MS = 60_000
/** What is written here is there to be read at once, or nearly. */
const LAG_MS = 1000

/** @throws {NodeJS.ErrnoException} when the port is taken */
export async function openDemoWorld({ port, heard = () => undefined }: DemoOptions): Promise<DemoWorld> {
  const now: { app: App | null } = { app: null }
  const clock = virtualClock()
  const courier = courierTo(() => now.app)
  const world = await openWorld({
    clock,
    app: appManifest(),
    courier: { deliver: async (one) => courier.deliver(one).finally(() => heard(one)) },
  })
  const weighed = new Map<number, CheckDocument>()
  const repository = await makeModels(world)
  const site =
    port === null ? null : await openDemoSite({ port, world, repository, pages: (one) => now.app?.answer(one) })
  // runners reach GitHub by HTTP, and so must the app then
  if (site === null) await world.listens()
  const home = openJobFolder()
  const storeOf = (fullName: string) => join(home.path, 'files-root', fullName)
  await writeFiles(storeOf(REPOSITORY), await storeFiles())
  const app = appInWorld(
    { app: world.app, apiUrl: world.github.state.settings.apiUrl, fetch: world.fetch, clock, home: home.path },
    {
      lagMs: LAG_MS,
      settings: { ...(site !== null && { pages: 'local', publicUrl: site.url, webUrl: site.url }) },
      onWeighed: ({ repository: { id }, pull, document }) => {
        if (id === repository.id) weighed.set(pull, document)
      },
    },
  )
  await app.start()
  now.app = app
  const pace = keptPace(clock)
  return {
    world,
    app,
    repository,
    storeOf,
    weighed,
    site,
    settles: (withinMs = SETTLES_WITHIN_MS) => world.settles(withinMs),
    goesOn: pace.begin,
    close: async () => {
      await pace.end()
      await site?.close()
      const stopped = app.stop(0)
      await world.passes(1000)
      await stopped
      await world.close()
      home.close()
    },
  }
}

async function makeModels(world: World): Promise<RepositoryHandle> {
  for (const [login, person] of Object.entries(PEOPLE)) await world.user(login, person)
  const files = (await registryFiles(AUTOMATIC_MERGE)).map(({ path, content }) => [path, content])
  const repository = await world.repository(REPOSITORY, { files: Object.fromEntries(files) })
  await repository.requires(['weighbridge'])
  await world.settles()
  return repository
}

const BEAT_MS = 50

/** Lets a virtual clock keep pace with the machine's own. */
function keptPace(clock: VirtualClock) {
  let isOn = false
  let running: Promise<void> = Promise.resolve()
  const run = async () => {
    for (let last = performance.now(); isOn; ) {
      await new Promise((resolve) => setTimeout(resolve, BEAT_MS))
      const passed = performance.now() - last
      last += passed
      await clock.advance(passed)
    }
  }
  return {
    begin: () => {
      isOn = true
      running = run()
    },
    end: async () => {
      isOn = false
      await running
    },
  }
}
