import type { GitHub, WorldRepository } from '../github-state.ts'

/**
 * The commit that a text means: a SHA, a branch, a tag, `heads/x`, `refs/heads/x`, or HEAD; null when there is none.
 */
export async function commitMeant(github: GitHub, repository: WorldRepository, text: string): Promise<string | null> {
  const { storage } = github
  if (/^[0-9a-f]{40}$/.test(text)) return (await storage.commit(repository.id, text)) === null ? null : text
  if (text === 'HEAD') return storage.tip(repository.id, `refs/heads/${repository.defaultBranch}`)
  for (const ref of [`refs/heads/${text}`, `refs/tags/${text}`, `refs/${text}`, text]) {
    const tip = ref.startsWith('refs/') ? await storage.tip(repository.id, ref) : null
    if (tip !== null) return tip
  }
  return null
}
