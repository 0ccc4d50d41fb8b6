import { createHmac } from 'node:crypto'
import type { GitHubState, WorldAccount } from './github-state.ts'
import type { GitCommit, GitPerson } from './storage/git-storage.ts'

/** Who commits when somebody presses a button on the site or an app writes through the API. */
export function webCommitter(at: number): GitPerson {
  return { name: 'GitHub', email: 'noreply@github.com', at: Math.floor(at / 1000), zone: '+0000' }
}

export function personOf(account: WorldAccount, at: number): GitPerson {
  const email = account.email ?? noreply(account)
  return { name: account.name ?? account.login, email, at: Math.floor(at / 1000), zone: '+0000' }
}

export function noreply(account: WorldAccount): string {
  return `${account.id}+${account.login}@users.noreply.github.com`
}

/** GitHub's own key in this world: a secret, so that nobody can copy or make such a signature. */
export function signer(state: GitHubState): (payload: string) => string {
  return (payload) => {
    const mark = createHmac('sha256', state.signingKey).update(payload).digest('base64')
    return `-----BEGIN PGP SIGNATURE-----\n\n${mark}\n-----END PGP SIGNATURE-----`
  }
}

/**
 * What GitHub says about a commit's signature; null when it has none.
 *
 * Only GitHub's own are known here: everybody else's is of an unknown key, and one that was copied from another commit is
 * invalid.
 */
export function signatureOf(
  state: GitHubState,
  commit: GitCommit,
): { readonly isValid: boolean; readonly wasSignedByGitHub: boolean } | null {
  if (commit.signature === null) return null
  const isValid = signer(state)(commit.signedPayload) === commit.signature.trim()
  return { isValid, wasSignedByGitHub: isValid }
}
