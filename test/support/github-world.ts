import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { writeFiles } from '../../src/adapters/checkout/new-repository.ts'
import type { App } from '../../src/app.ts'
import { appManifest } from '../../src/demo/app-in-world.ts'
import type { GitHubSettings } from '../../src/world/github/github-state.ts'
import type { PullHandle } from '../../src/world/pull-handle.ts'
import type { NewPull, RepositoryHandle, Requirements } from '../../src/world/repository-handle.ts'
import { fromSnapshot, openWorld, type World, type WorldSnapshot } from '../../src/world/world.ts'
import type { Person } from '../../src/world/world-context.ts'
import type { Fields } from './registry-files.ts'
import { type Home, openAmbushes, openHome, type StoryAppOptions, sharedStore, startApp } from './story-app.ts'
import { inBucket, openBucket } from './story-bucket.ts'
import { openStoryLedger, type StoryLedger } from './story-ledger.ts'
import { configuration, type Files, models, policy, RULES, serves, storeFiles } from './story-registry.ts'

export * from './story-registry.ts'

export interface StoryOptions extends StoryAppOptions {
  /** The rules of production; default: RULES. */
  readonly policy?: Fields
  /** Keys over those of the usual configuration. */
  readonly configuration?: Fields
  /** What production serves at first; null: nothing yet. */
  readonly serves?: string | null
  /** More files of the first commit, beside or in place of the usual ones. */
  readonly files?: Files
  /** More people than dana (nobody's team), erin and finn (ml: approve, promote), rosa (risk: policy), otto (oncall). */
  readonly people?: Readonly<Record<string, Person>>
  /** What the default branch requires; default: the check `weighbridge`, by the app. */
  readonly requires?: (Requirements & { readonly checks?: readonly string[] }) | null
  /** Models lie in acme/models, environments in acme/risk. */
  readonly registry?: boolean
  /** The story changes bytes of the store, and so has one of its own. */
  readonly ownStore?: boolean
  /** Artifacts, evidence and the ledger’s mirror lie in an S3 store; `story.ledger.records` cannot be used then. */
  readonly bucket?: boolean
  /** How long GitHub takes to know whether something can be merged. */
  readonly mergeableAfterMs?: number
  /** How far GitHub's lists and queries lag behind. */
  readonly lagging?: number
  /** What GitHub is like: its address, whether it signs commits. */
  readonly github?: Partial<GitHubSettings>
}

/** A world with the app in it and one repository that serves adult 1.0.0; it goes when the test has ended. */
export interface Story {
  readonly world: World
  readonly app: App
  readonly home: Home
  /** Environments: acme/risk. */
  readonly repository: RepositoryHandle
  /** Models: the same one unless the story has two. */
  readonly models: RepositoryHandle
  readonly ledger: StoryLedger
  /** Folder that artifacts of acme/risk lie in. */
  readonly store: string
  /** Opens a pull request by dana that changes what production serves, and lets everything happen. */
  promotes(version: string, more?: Partial<NewPull>): Promise<PullHandle>
  /** Opens any pull request, and lets everything happen. */
  opens(pull: NewPull): Promise<PullHandle>
  /** Does something, and lets everything happen that follows within a minute. */
  after<Value>(act: Promise<Value>): Promise<Value>
  settles(withinMs?: number): Promise<void>
  /** Lets time pass and sweeps on the way. */
  passes(ms: number): Promise<void>
  /** Acts once, right before the app's next call of an operation: `pulls/merge`, `checks/create`, `graphql PullNow`. */
  before(operation: string, act: () => Promise<unknown>): void
  /** Ends the app, and starts another one on the same home. */
  restarts(): Promise<void>
}

const PEOPLE: Readonly<Record<string, Person>> = {
  dana: {},
  erin: { teams: ['ml'] },
  finn: { teams: ['ml'] },
  rosa: { teams: ['risk'] },
  otto: { teams: ['oncall'] },
}

export async function openStory(options: StoryOptions = {}): Promise<Story> {
  const { mergeableAfterMs, lagging = 0 } = options
  const snapshot = await snapshotOf(options)
  const world = await fromSnapshot(snapshot, { ...(mergeableAfterMs !== undefined && { mergeableAfterMs }) })
  Object.assign(world.github.state.settings, options.github)
  const repository = await world.repository('acme/risk')
  const models = options.registry === true ? await world.repository('acme/models') : repository
  const home = openHome([repository])
  const fileRoot = options.ownStore === true ? await ownStore(home, models) : await sharedStore(models.fullName)
  const ambushes = openAmbushes()
  const network = (send: typeof fetch) => {
    const slow = lagging > 0 ? world.lagging(lagging) : send
    return ambushes.fetch(options.network?.(slow) ?? slow)
  }
  if (options.bucket === true) await openBucket(world)
  const start = () =>
    startApp(world, home, { ...appOptions(options), network, fileRoot, bucket: options.bucket === true })
  let app = await start()
  const settles = (withinMs = 60_000) => world.settles(withinMs)
  const stop = async () => {
    const stopped = app.stop(0)
    await world.passes(1000)
    await stopped
  }
  onTestFinished(async () => {
    await stop()
    await world.close()
    home.close()
  })
  await settles()
  world.github.forgetCalls()
  const after = async <Value>(act: Promise<Value>) => {
    const value = await act
    await settles()
    return value
  }
  return {
    world,
    get app() {
      return app
    },
    home,
    repository,
    models,
    ledger: openStoryLedger(world, home, repository),
    store: join(fileRoot, ...models.fullName.split('/')),
    promotes: (version, more = {}) =>
      after(
        repository.opensPull({
          branch: `promote-${version}`,
          files: stored(serves(version), options),
          by: 'dana',
          ...more,
        }),
      ),
    opens: (pull) => after(repository.opensPull(pull)),
    after,
    settles,
    passes: async (ms) => {
      await world.passes(ms)
      await app.sweep()
      await settles()
    },
    before: (operation, act) => ambushes.before(operation, async () => void (await act())),
    restarts: async () => {
      await stop()
      app = await start()
      await settles()
    },
  }
}

/** Files as they are where the store is. */
function stored<Some extends Files>(files: Some, { bucket = false }: StoryOptions): Some {
  return bucket ? inBucket(files) : files
}

/** What of a story's options is the app's. */
function appOptions(options: StoryOptions): StoryAppOptions {
  const { policy: _p, configuration: _c, serves: _s, files: _f, people: _o, requires: _r, ...rest } = options
  const {
    registry: _g,
    ownStore: _w,
    bucket: _b,
    mergeableAfterMs: _m,
    lagging: _l,
    network: _n,
    github: _h,
    ...app
  } = rest
  return app
}

async function ownStore(home: Home, { fullName }: RepositoryHandle): Promise<string> {
  const root = join(home.path, 'files-root')
  await writeFiles(join(root, ...fullName.split('/')), storeFiles())
  return root
}

const snapshots = new Map<string, Promise<WorldSnapshot>>()
afterAll(async () => {
  for (const snapshot of snapshots.values()) await (await snapshot).close()
})

/** Worlds that begin alike are made once a file. */
function snapshotOf(options: StoryOptions): Promise<WorldSnapshot> {
  const { policy: rules, configuration: more, serves: version, files, people, requires, registry, bucket } = options
  const key = JSON.stringify({ rules, more, version, files, people, requires, registry, bucket })
  const known = snapshots.get(key) ?? beginning(options)
  snapshots.set(key, known)
  return known
}

async function beginning(options: StoryOptions): Promise<WorldSnapshot> {
  const { registry = false, requires = {}, people = {} } = options
  const world = await openWorld({ app: appManifest(), courier: { deliver: async () => 202 } })
  const inTwo = { registry: { repository: 'acme/models' } }
  const own: Files = {
    ...configuration({ ...(registry && inTwo), ...options.configuration }),
    ...policy(options.policy ?? RULES),
    ...(options.serves === null ? {} : serves(options.serves ?? '1.0.0')),
  }
  const repository = await world.repository('acme/risk', {
    files: stored({ ...own, ...(!registry && models()), ...options.files }, options),
  })
  if (registry) await world.repository('acme/models', { files: stored(models(), options) })
  for (const [login, person] of Object.entries({ ...PEOPLE, ...people })) await world.user(login, person)
  if (requires !== null)
    await repository.requires(requires.checks ?? ['weighbridge'], { ownersMayBypass: true, ...requires })
  await world.settles()
  const snapshot = await world.snapshot()
  await world.close()
  return snapshot
}
