import type { CommitStatus, GitHubState } from '../github-state.ts'

/** A commit's statuses, the latest of each context, newest first. */
export function latestStatuses(state: GitHubState, repository: number, sha: string): readonly CommitStatus[] {
  const latest = new Map<string, CommitStatus>()
  for (const status of state.statuses.values()) {
    if (status.repository !== repository || status.sha !== sha) continue
    latest.delete(status.context)
    latest.set(status.context, status)
  }
  return [...latest.values()].reverse()
}

/** As GitHub adds them up: any failure or error fails, nothing at all is pending. */
export function combinedState(statuses: readonly CommitStatus[]): 'success' | 'pending' | 'failure' {
  if (statuses.some((one) => one.state === 'failure' || one.state === 'error')) return 'failure'
  return statuses.length === 0 || statuses.some((one) => one.state === 'pending') ? 'pending' : 'success'
}
