import { createHmac } from 'node:crypto'
import type { GitHub } from '../github-state.ts'
import { takeId } from '../state/find.ts'
import type { ManifestCode } from '../state/people.ts'
import type { Manifest } from '../web/read-manifest.ts'
import { createApp } from './create-app.ts'

const HOUR_MS = 3_600_000

/**
 * Registers the app that a manifest describes, with secrets of its own, and gives the code that they are traded for.
 *
 * @throws {Refusal} 422 when the name is taken
 */
export function registerManifest(
  github: GitHub,
  of: { readonly manifest: Manifest; readonly name: string; readonly owner: number },
): ManifestCode {
  const { manifest, name, owner } = of
  const hook = manifest.hook_attributes
  const app = createApp(github, {
    owner,
    name,
    ...(manifest.description === undefined ? {} : { description: manifest.description }),
    isPublic: manifest.public,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhook: hook === undefined ? null : { url: hook.url, secret: secretOf(github) },
  })
  const code = {
    code: secretOf(github),
    app: app.id,
    clientSecret: secretOf(github),
    expiresAt: github.clock.now() + HOUR_MS,
  }
  github.state.manifestCodes.set(code.code, code)
  return code
}

/** Forty digits; the same in each copy of a world. */
function secretOf({ state }: GitHub): string {
  return createHmac('sha256', state.signingKey)
    .update(`secret ${takeId(state)}`)
    .digest('hex')
    .slice(0, 40)
}
