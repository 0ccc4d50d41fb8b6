import type { GitHub } from '../github-state.ts'
import { appOf, notFound } from '../state/find.ts'
import type { WorldApp } from '../state/people.ts'

/**
 * Trades the code of a manifest for the app and its secrets.
 *
 * @throws {Refusal} 404 for a code that nobody was given, that was traded before or that is an hour old
 */
export function convertManifest(
  github: GitHub,
  code: string,
): { readonly app: WorldApp; readonly clientSecret: string } {
  const { state, clock } = github
  const given = state.manifestCodes.get(code)
  state.manifestCodes.delete(code)
  if (given === undefined || given.expiresAt <= clock.now()) throw notFound()
  return { app: appOf(state, given.app), clientSecret: given.clientSecret }
}
