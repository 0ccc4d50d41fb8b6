import type { VirtualClock, WorldClock } from './clock.ts'
import { createUser } from './github/acts/create-account.ts'
import type { Actor, GitHub, RoleName, WorldAccount, WorldApp } from './github/github-state.ts'
import { findAccount } from './github/state/find.ts'

/** What the acts of a story work on. */
export interface WorldContext {
  readonly github: GitHub
  readonly clock: WorldClock | VirtualClock
  /** The app under test; null in a world without one. */
  readonly app: WorldApp | null
  /** By login; what each may do holds in every repository of this world, also those that come later. */
  readonly people: Map<string, Person>
  /** Something happens: what was before is kept where reads may lag, and time waits for it. */
  act<Value>(work: () => Promise<Value>): Promise<Value>
}

/** What somebody may do. */
export interface Person {
  /** In every repository of the world; default write. */
  readonly permission?: RoleName | 'none'
  /** A role of the organisation's own in every repository, on the base that `permission` is; made when it is not there. */
  readonly customRole?: string
  /** Slugs, in every organisation of the world; made when they are not there. */
  readonly teams?: readonly string[]
  readonly email?: string
}

/** Owns every organisation of a world, and does what a story does not say who does. */
export const KEEPER = 'keeper'

/** Somebody of this world as the one who acts. */
export function actorOf({ github, people }: WorldContext, login: string): Actor {
  const account = findAccount(github.state, login)
  if (account === null || (login !== KEEPER && !people.has(login))) throw new StrangerInWorld(login, [...people.keys()])
  return { kind: 'user', account }
}

/** A story names somebody who is not in it. */
class StrangerInWorld extends Error {
  constructor(login: string, people: readonly string[]) {
    super(`there is nobody called "${login}" in this world. People here: ${people.join(', ') || 'none'}.`)
    this.name = 'StrangerInWorld'
  }
}

/** An account by its login, made when it is not there. */
export function accountNamed(github: GitHub, login: string): WorldAccount {
  return findAccount(github.state, login) ?? createUser(github, { login })
}
