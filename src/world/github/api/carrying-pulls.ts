import type { GitHub, WorldPull } from '../github-state.ts'

/**
 * Pull requests that GitHub shows for a commit: those that brought it into their base branch, and open ones that would.
 */
export async function shownPulls(
  github: GitHub,
  pulls: readonly WorldPull[],
  sha: string,
): Promise<readonly WorldPull[]> {
  const carried = await Promise.all(pulls.map((pull) => isCarriedBy(github, pull, sha)))
  return pulls.filter((_, index) => carried[index])
}

async function isCarriedBy(github: GitHub, pull: WorldPull, sha: string): Promise<boolean> {
  if (pull.mergeCommit === sha && pull.mergedAt !== null) return true
  if (pull.head.sha === sha) return true
  const { storage } = github
  if ((await storage.commit(pull.repository, sha)) === null) return false
  const isInHead = await storage.isAncestor(pull.repository, sha, pull.head.sha)
  return isInHead && !(await storage.isAncestor(pull.repository, sha, pull.base.sha))
}
