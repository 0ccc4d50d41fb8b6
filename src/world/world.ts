import { assembleWorld, openRoad } from './assemble-world.ts'
import { virtualClock } from './clock.ts'
import { openGitHub } from './github/open-github.ts'
import { httpCourier } from './github/webhooks/post.ts'
import { openGround } from './ground.ts'
import { openStoreState } from './store/open-store.ts'
import { registerApp } from './world-app.ts'
import { accountNamed, KEEPER } from './world-context.ts'
import type { World, WorldOptions, WorldSnapshot } from './world-shape.ts'

export type * from './world-shape.ts'

/** A world without repositories. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { clock = virtualClock(), mergeableAfterMs = 0 } = options
  const ground = openGround()
  const road = openRoad(clock, options.courier ?? httpCourier)
  const github = openGitHub({ folder: ground.path, clock, courier: road.courier, settings: { mergeableAfterMs } })
  accountNamed(github, KEEPER)
  const app = options.app === undefined ? null : registerApp(github, options.app).id
  return assembleWorld({ clock, ground, road, github, app, store: openStoreState({ clock }), people: new Map() })
}

/** A world of its own that begins where another was; Git objects and stored bytes are shared, nothing else. */
export async function fromSnapshot(snapshot: WorldSnapshot, options: Omit<WorldOptions, 'app'> = {}): Promise<World> {
  const clock = options.clock ?? virtualClock(snapshot.now)
  const ground = snapshot.ground.above()
  const road = openRoad(clock, options.courier ?? httpCourier)
  const github = await snapshot.github.fork({ folder: ground.path, clock, courier: road.courier })
  github.state.settings.mergeableAfterMs = options.mergeableAfterMs ?? github.state.settings.mergeableAfterMs
  const store = openStoreState({ clock, from: snapshot.store })
  return assembleWorld({ clock, ground, road, github, app: snapshot.app, store, people: new Map(snapshot.people) })
}
