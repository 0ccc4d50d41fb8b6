import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFiles } from '../../../src/adapters/checkout/new-repository.ts'
import { openInbox } from '../../../src/adapters/inbox/inbox.ts'
import type { Settings } from '../../../src/app/settings.ts'
import { openApp } from '../../../src/app.ts'
import { registryFiles, storeFiles } from '../../../src/demo/adult-registry.ts'
import { appManifest } from '../../../src/demo/app-in-world.ts'
import type { Inbox } from '../../../src/ports/inbox.ts'
import { type Instance, type InstancePlace, type WorldStory, worldRun } from '../../../src/world/faults/world-run.ts'
import type { Courier } from '../../../src/world/github/github-state.ts'
import type { RepositoryHandle } from '../../../src/world/repository-handle.ts'
import { openWorld, type World, type WorldSnapshot } from '../../../src/world/world.ts'
import { type EndState, endStateOf } from './end-state.ts'

/** A story of people in one repository; everything else is the same in all of them. */
export interface Tale {
  /** Files of the first commit beside those of the example. */
  readonly files?: Readonly<Record<string, string>>
  readonly prepared?: (repository: RepositoryHandle) => Promise<void>
  readonly tell: (repository: RepositoryHandle, settled: () => Promise<void>, world: World) => Promise<void>
  /** People beside dana and erin, with their teams. */
  readonly people?: Readonly<Record<string, readonly string[]>>
  /** What is seen in the end, beside what is seen in all of them. */
  readonly also?: (world: World) => unknown
}

/** What differs from run to run. */
export interface Circumstances {
  readonly lagMs?: number
  /** Between GitHub and the app. */
  readonly network?: (send: typeof fetch, place: InstancePlace) => typeof fetch
  /** Between the webhooks and the app. */
  readonly road?: (courier: Courier, place: InstancePlace) => Courier
  /** Bugs are planted here. */
  readonly inbox?: (inbox: Inbox) => Inbox
  /** Other acts in the same world. */
  readonly tell?: Tale['tell']
  /** What it computes all later runs find. */
  readonly isFirst?: boolean
  /** Sweeps after the story: each comes ten minutes after the one before. */
  readonly sweeps?: number
}

/** Where the runs of one tale begin. */
export interface SweptTale {
  story(circumstances?: Circumstances): WorldStory
  close(): Promise<void>
}

export const REPOSITORY = 'acme/risk'
const SWEEP_MS = 601_000
/** Longer than every pause that GitHub asks for here. */
const SETTLES_WITHIN_MS = 600_000

/** One folder for the test run: bytes of models, keys, and evidence as it was computed at the first time. */
const ground = mkdtempSync(join(tmpdir(), 'weighbridge-swept-'))
process.once('exit', () => rmSync(ground, { recursive: true, force: true }))
export const FILES = join(ground, 'files-root')
const WARM = join(ground, 'warm')

/** The world of a tale before anybody has done anything, and an app whose evidence is computed. */
export async function sweptTale(tale: Tale, keepMore: () => void = () => undefined): Promise<SweptTale> {
  if (!existsSync(FILES)) await writeFiles(join(FILES, REPOSITORY), await storeFiles())
  keepMore()
  const snapshot = await snapshotOf(tale)
  await worldRun(storyOf(snapshot, tale, { isFirst: true }))([])
  return { story: (circumstances = {}) => storyOf(snapshot, tale, circumstances), close: () => snapshot.close() }
}

async function snapshotOf({ files = {}, people = {}, prepared = async () => undefined }: Tale): Promise<WorldSnapshot> {
  const world = await openWorld({ app: appManifest(), courier: { deliver: async () => 202 } })
  await world.user('dana')
  await world.user('erin', { teams: ['ml-platform'] })
  for (const [login, teams] of Object.entries(people)) await world.user(login, { teams })
  const example = Object.fromEntries((await registryFiles()).map(({ path, content }) => [path, content]))
  await prepared(await world.repository(REPOSITORY, { files: { ...example, ...files } }))
  await world.settles()
  const snapshot = await world.snapshot()
  await world.close()
  return snapshot
}

interface Running {
  readonly inbox: Inbox
  sweep(): void
}

function storyOf(snapshot: WorldSnapshot, tale: Tale, circumstances: Circumstances): WorldStory {
  const now: { running: Running | null } = { running: null }
  return {
    snapshot,
    lagMs: circumstances.lagMs ?? 0,
    settlesWithinMs: SETTLES_WITHIN_MS,
    start: async (place) => {
      now.running = null
      const { running, instance } = await begun(place, circumstances)
      now.running = running
      return instance
    },
    tell: async (world, settled) => {
      await (circumstances.tell ?? tale.tell)(await world.repository(REPOSITORY), settled, world)
      await settled()
      for (let sweep = 0; sweep < (circumstances.sweeps ?? 1); sweep++) {
        await world.passes(SWEEP_MS)
        now.running?.sweep()
        await settled()
      }
    },
    endOf: async (world): Promise<EndState> => ({
      ...(await endStateOf(world, REPOSITORY, now.running?.inbox ?? null)),
      ...(tale.also !== undefined && { also: tale.also(world) }),
    }),
    ...(circumstances.isFirst === true && { atEnd: keepWarm }),
  }
}

async function begun(place: InstancePlace, { network, road, inbox: planted }: Circumstances) {
  const { clock, world, folder, killed } = place
  const home = join(folder, 'home')
  if (!existsSync(home) && existsSync(WARM)) cpSync(WARM, home, { recursive: true })
  mkdirSync(home, { recursive: true })
  const opened = openInbox({ path: join(folder, 'inbox.sqlite'), now: () => new Date(clock.now()) })
  const inbox = planted?.(opened) ?? opened
  void killed.then(() => opened.close())
  const app = openApp({
    settings: settingsOf(world, home),
    inbox,
    clock,
    fetch: network?.(place.fetch, place) ?? place.fetch,
    chance: () => 0.5,
    during: (work) => clock.during(work),
    whileWaiting: (wait) => clock.whileWaiting(wait),
    // the one timer that measures our own work goes by the machine's clock, and would make runs differ
    after: () => () => undefined,
    listens: false,
    sweeps: false,
  })
  await app.start()
  const door: Courier = {
    deliver: async ({ requestHeaders, requestBody }) =>
      (await app.receive(lowerCase(requestHeaders), Buffer.from(requestBody))).status,
  }
  const courier = road?.(door, place) ?? door
  const running: Running = { inbox, sweep: () => void app.sweep() }
  const instance: Instance = {
    courier,
    settle: () => clock.settle({ withinMs: SETTLES_WITHIN_MS }),
    close: async () => {
      await app.stop(0)
      opened.close()
    },
  }
  return { running, instance }
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** What the first run has computed, all others find; what belongs to one world they do not. */
function keepWarm(folder: string): void {
  const filter = (path: string) => !/\/(ledger|ledger-ids|verdicts|reports)$/.test(path)
  cpSync(join(folder, 'home'), WARM, { recursive: true, filter })
}

function settingsOf(world: World, home: string): Settings {
  const { id, privateKey, webhookSecret } = world.app
  return {
    weigher: { appId: id, privateKey },
    mover: null,
    webhook: { value: webhookSecret },
    apiUrl: 'https://api.github.com',
    webUrl: 'https://github.com',
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://localhost:3000',
    logLevel: process.env.APP_LOG ?? 'silent',
    home,
    fileRoot: FILES,
    runnerClass: null,
    operatorFile: null,
    pages: null,
    metricsToken: null,
  }
}
