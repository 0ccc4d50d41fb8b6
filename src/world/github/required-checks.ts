import type { GitHubState } from './github-state.ts'
import type { CheckRun, CommitStatus } from './state/checks.ts'
import { runsOn } from './state/find.ts'
import type { RequiredCheck } from './state/repositories.ts'

/** GitHub lets these through: a check that had nothing to say does not hold a merge. */
const PASSING = ['success', 'neutral', 'skipped']

export type RequiredCheckState = 'passing' | 'failing' | 'pending' | 'expected'

/**
 * How a required check stands on a commit.
 *
 * By name and, where one is named, by the app that wrote it. Of several runs of a name the latest counts. A commit status
 * of the same name counts too, and both must pass when there are both.
 */
export function requiredCheckState(
  state: GitHubState,
  repository: number,
  sha: string,
  required: RequiredCheck,
): RequiredCheckState {
  const bySource = <T extends { readonly app: number | null }>(one: T) =>
    required.app === null || one.app === required.app
  const run = runsOn(state, repository, sha)
    .filter((one) => one.name === required.context && bySource(one))
    .at(-1)
  const status = statusesOn(state, repository, sha)
    .filter((one) => one.context === required.context && bySource(one))
    .at(-1)
  const states = [...(run === undefined ? [] : [ofRun(run)]), ...(status === undefined ? [] : [ofStatus(status)])]
  return states.find((one) => one !== 'passing') ?? states[0] ?? 'expected'
}

export function statusesOn(state: GitHubState, repository: number, sha: string): readonly CommitStatus[] {
  return [...state.statuses.values()].filter((one) => one.repository === repository && one.sha === sha)
}

function ofRun(run: CheckRun): RequiredCheckState {
  if (run.status !== 'completed') return 'pending'
  return PASSING.includes(run.conclusion ?? '') ? 'passing' : 'failing'
}

function ofStatus(status: CommitStatus): RequiredCheckState {
  if (status.state === 'pending') return 'pending'
  return status.state === 'success' ? 'passing' : 'failing'
}
