import { createHmac } from 'node:crypto'
import { type GitHub, Refusal } from '../github-state.ts'
import { notFound, takeId } from '../state/find.ts'
import type { Permissions, WorldToken } from '../state/people.ts'

/** Installation tokens hold for an hour. */
const HOUR_MS = 3_600_000
const RANK = { read: 1, write: 2, admin: 3 } as const

export interface TokenRequest {
  readonly installation: number
  /** Fewer than the installation has; all of them when absent. */
  readonly permissions?: Permissions
  readonly repositories?: readonly number[]
}

/** @throws {Refusal} 403 when suspended, 422 for more than the installation has */
export function issueInstallationToken(
  github: GitHub,
  request: TokenRequest,
): Extract<WorldToken, { kind: 'installation' }> {
  const { state } = github
  const installation = state.installations.get(request.installation)
  if (installation === undefined) throw notFound()
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
  for (const [name, access] of Object.entries(request.permissions ?? {})) {
    const granted = installation.permissions[name]
    if (granted === undefined || RANK[granted] < RANK[access])
      throw new Refusal(422, `The permissions requested are not granted to this installation.`)
  }
  const covered = installation.repositories
  if (covered !== 'all' && request.repositories?.some((id) => !covered.includes(id)) === true)
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  const token = {
    kind: 'installation' as const,
    token: newToken(github, 'ghs'),
    installation: installation.id,
    permissions: { metadata: 'read' as const, ...(request.permissions ?? installation.permissions) },
    repositories: request.repositories ?? ('all' as const),
    expiresAt: github.clock.now() + HOUR_MS,
  }
  state.tokens.set(token.token, token)
  return token
}

/** A person's token with all of that person's rights. */
export function issueUserToken(github: GitHub, user: number): Extract<WorldToken, { kind: 'user' }> {
  const token = { kind: 'user' as const, token: newToken(github, 'ghp'), user, expiresAt: null }
  github.state.tokens.set(token.token, token)
  return token
}

/** Secret, and the same in each copy of a world. */
function newToken(github: GitHub, prefix: string): string {
  const mark = createHmac('sha256', github.state.signingKey)
    .update(`token ${takeId(github.state)}`)
    .digest('hex')
  return `${prefix}_${mark.slice(0, 36)}`
}
