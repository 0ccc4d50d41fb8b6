/** What people may ask the app for, and the permission in the repository that it takes. One table for every surface. */
const NEEDS = { 'weigh-again': ['admin', 'write'] } as const

export type Verb = keyof typeof NEEDS

export const VERBS = Object.keys(NEEDS) as readonly Verb[]

/** Somebody who asks, as GitHub says now: looked up by id, never taken from a login or an author's association. */
export interface Asker {
  readonly isBot: boolean
  /** GitHub's base permission; null when it cannot be read. */
  readonly permission: string | null
}

/**
 * Whether somebody may have the app do something, wherever he asks: a button, GitHub's own re-run, a command. Bots ask
 * for nothing, and what cannot be read is no.
 */
export function authorize(verb: Verb, { isBot, permission }: Asker): boolean {
  return !isBot && permission !== null && (NEEDS[verb] as readonly string[]).includes(permission)
}
