import { replacePull } from './change-pull.ts'
import type { GitHub } from './github-state.ts'
import { mergeObstacles } from './merge-rules.ts'
import { requiredCheckState } from './required-checks.ts'
import { requiredChecksOn, requirementsOn } from './rules.ts'
import { issueOf, latestRuns, pullOf, repositoryOf } from './state/find.ts'
import type { WorldPull } from './state/pulls.ts'

/**
 * Whether GitHub says that a pull request can be merged; null while it does not know.
 *
 * Asking starts finding out, so the first answer about a head is always null. When only the base has moved, the answer of
 * before stays until the new one is there: it may be wrong.
 */
export async function mergeableNow(github: GitHub, repository: number, number: number): Promise<boolean | null> {
  const pull = pullOf(github.state, repository, number)
  if (pull.mergedAt !== null || issueOf(github.state, repository, number).state === 'closed') return null
  const base = await github.storage.tip(repository, `refs/heads/${pull.base.ref}`)
  const known = pull.mergeability
  if (known !== null && known.head === pull.head.sha && known.base === base) return known.canMerge
  const stale = known !== null && known.head === pull.head.sha ? known.canMerge : null
  const askedAt = pull.mergeabilityAskedAt
  const now = github.clock.now()
  if (askedAt === null) replacePull(github, pull, { pull: { mergeabilityAskedAt: now } })
  if (base === null || askedAt === null || now < askedAt + github.state.settings.mergeableAfterMs) return stale
  return findOut(github, pull, base)
}

async function findOut(github: GitHub, pull: WorldPull, base: string): Promise<boolean> {
  const canMerge = (await github.storage.mergeTree(pull.repository, base, pull.head.sha)) !== null
  replacePull(github, pull, {
    pull: { mergeability: { base, head: pull.head.sha, canMerge }, mergeabilityAskedAt: null },
  })
  return canMerge
}

export type MergeStateStatus = 'BEHIND' | 'BLOCKED' | 'CLEAN' | 'DIRTY' | 'DRAFT' | 'UNKNOWN' | 'UNSTABLE'

/** The one word about merging; `mergeable_state` of the API is the same in small letters. */
export async function mergeStateStatus(
  github: GitHub,
  pull: WorldPull,
  mergeable: boolean | null,
): Promise<MergeStateStatus> {
  const { state } = github
  if (mergeable === null) return 'UNKNOWN'
  if (!mergeable) return 'DIRTY'
  if (pull.isDraft) return 'DRAFT'
  const obstacles = await mergeObstacles(github, { kind: 'anonymous' }, pull)
  const others = obstacles.filter((one) => one.why !== 'behind')
  if (others.length > 0) return 'BLOCKED'
  if (obstacles.length > 0) return 'BEHIND'
  const failing = latestRuns(state, pull.repository, pull.head.sha).some(
    (run) => run.status !== 'completed' || !['success', 'neutral', 'skipped'].includes(run.conclusion ?? ''),
  )
  return failing ? 'UNSTABLE' : 'CLEAN'
}

/** Whether a check of this name by this app is required of a pull request. */
export function isRequired(github: GitHub, pull: WorldPull, name: string, app: number): boolean {
  const repository = repositoryOf(github.state, pull.repository)
  return requiredChecksOn(repository, pull.base.ref).some(
    (one) => one.context === name && (one.app === null || one.app === app),
  )
}

/** How the required checks of a base stand on a commit: none missing, none failed, none running. */
export function requiredChecksPass(
  github: GitHub,
  repository: number,
  base: string,
  sha: string,
): 'passing' | 'failing' | 'pending' {
  const checks = requirementsOn(repositoryOf(github.state, repository), base).flatMap((one) => one.checks)
  const states = checks.map((check) => requiredCheckState(github.state, repository, sha, check))
  if (states.includes('failing')) return 'failing'
  return states.every((one) => one === 'passing') ? 'passing' : 'pending'
}
