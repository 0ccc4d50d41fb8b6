import { join } from 'node:path'
import { actionsHandle } from './actions-handle.ts'
import { during, isVirtual, type VirtualClock, type WorldClock } from './clock.ts'
import { laggingReads } from './faults/lagging-reads.ts'
import { updateApp } from './github/acts/create-app.ts'
import { apiSession, callsOf, writesOf } from './github/api/api-session.ts'
import { identify } from './github/api/authentication.ts'
import { worldFetch } from './github/api/world-fetch.ts'
import { gitOverHttp } from './github/git-http.ts'
import type { Courier, GitHub } from './github/github-state.ts'
import { serveGitHub } from './github/http-server.ts'
import { findRepository, installationOf } from './github/state/find.ts'
import { httpCourier } from './github/webhooks/post.ts'
import type { Ground } from './ground.ts'
import { newRepository } from './new-repository.ts'
import { repositoryHandle } from './repository-handle.ts'
import type { OpenedStore } from './store/open-store.ts'
import { serveStore } from './store/store-server.ts'
import { welcome } from './welcome.ts'
import { credentialsOf } from './world-app.ts'
import type { Person, WorldContext } from './world-context.ts'
import { type WorldHistory, worldHistory } from './world-history.ts'
import type { World, WorldAddresses, WorldSnapshot } from './world-shape.ts'

/** The way that webhooks take, which can be changed while the world runs. */
export function openRoad(clock: WorldClock | VirtualClock, first: Courier) {
  let now = first
  return {
    courier: { deliver: (delivery) => during(clock, () => now.deliver(delivery)) } satisfies Courier,
    change: (courier: Courier) => {
      now = courier
    },
  }
}

/** What a world is put together from. */
export interface Parts {
  readonly clock: WorldClock | VirtualClock
  readonly ground: Ground
  readonly road: ReturnType<typeof openRoad>
  readonly github: GitHub
  readonly app: number | null
  readonly store: OpenedStore
  readonly people: Map<string, Person>
}

/** A world of running parts. */
export function assembleWorld(parts: Parts): World {
  const { clock, github, store, road, people } = parts
  const closing: (() => Promise<void>)[] = []
  let history: WorldHistory | null = null
  const act = <Value>(work: () => Promise<Value>) =>
    during(clock, async () => {
      await history?.keep()
      return work()
    })
  const context: WorldContext = {
    github,
    clock,
    people,
    act,
    app: parts.app === null ? null : (github.state.apps.get(parts.app) ?? null),
  }
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const talk = () => worldFetch(github)(request)
    return request.method === 'GET' ? during(clock, talk) : act(talk)
  }
  const ourApp = () => {
    if (context.app === null) throw new Error('this world was opened without an app')
    return context.app
  }
  return {
    clock,
    github: seenGitHub(github),
    store,
    actions: actionsHandle(github, clock),
    get app() {
      return credentialsOf(github, ourApp())
    },
    fetch: send,
    lagging(lagMs) {
      history ??= worldHistory(github, clock, join(parts.ground.path, 'history'))
      return laggingReads(send, { clock, lagMs, history })
    },
    webhooksTo(courier) {
      if (typeof courier !== 'string') return road.change(courier)
      const { id, webhook } = ourApp()
      updateApp(github, id, { webhook: { url: courier, secret: webhook?.secret ?? '' } })
      road.change(httpCourier)
    },
    user: (login, person = {}) => act(() => welcome(context, login, person)),
    repository: async (name, options = {}) => {
      const known = findRepository(github.state, name)
      const id = known?.repository.id ?? (await act(() => newRepository(context, name, options)))
      return repositoryHandle(context, id)
    },
    installation: (name) => installationAt(github, ourApp().id, name),
    passes: (ms) => (isVirtual(clock) ? clock.advance(ms) : clock.sleep(ms)),
    settles: (withinMs = 0) => settled(github, clock, withinMs),
    listens: () => listening(github, store, closing),
    snapshot: () => snapshotOf(parts),
    async close() {
      for (const end of closing) await end()
      await history?.close()
      await github.close()
      parts.ground.leave()
    },
  }
}

function seenGitHub(github: GitHub): World['github'] {
  return {
    running: github,
    state: github.state,
    get writes() {
      return writesOf(github)
    },
    get calls() {
      return callsOf(github)
    },
    get contractBreaks() {
      return apiSession(github).contractBreaks
    },
    forgetCalls: () => {
      apiSession(github).calls.length = 0
    },
  }
}

function installationAt(github: GitHub, app: number, name: string): number {
  const owner = findRepository(github.state, name)?.repository.owner
  const installation = owner === undefined ? null : installationOf(github.state, app, owner)
  if (installation === null) throw new Error(`the app of this world is not installed where ${name} is`)
  return installation.id
}

async function settled(github: GitHub, clock: WorldClock | VirtualClock, withinMs: number): Promise<void> {
  await github.settled()
  if (!isVirtual(clock)) return
  await clock.settle({ withinMs })
  await github.settled()
}

async function listening(
  github: GitHub,
  store: OpenedStore,
  closing: (() => Promise<void>)[],
): Promise<WorldAddresses> {
  const [api, objects] = await Promise.all([
    serveGitHub(github, { others: gitOverHttp(github, identify) }),
    serveStore(store),
  ])
  closing.push(api.close, objects.close)
  Object.assign(github.state.settings, { apiUrl: api.url, htmlUrl: api.url })
  return { githubUrl: api.url, storeUrl: objects.endpoint }
}

async function snapshotOf({ clock, github, store, people, app, ground }: Parts): Promise<WorldSnapshot> {
  if (github.actions.isExecuting) throw new Error('processes of a job run: a world is copied before or after them')
  const mine = ground.above()
  const copy = await github.fork({ folder: mine.path, clock, courier: { deliver: async () => 200 }, isStill: true })
  const close = async () => {
    await copy.close()
    mine.leave()
  }
  return { github: copy, ground: mine, store: store.snapshot(), now: clock.now(), people: new Map(people), app, close }
}
