import type { OperationId } from './operations.ts'

interface CheckBody {
  readonly status?: string
  readonly conclusion?: string
  readonly completed_at?: string
}

/** What GitHub's schemas say only in prose. */
export function requestRules(id: OperationId, body: unknown): readonly string[] {
  if (id !== 'checks/create' && id !== 'checks/update') return []
  const check = (body ?? {}) as CheckBody
  const problems: string[] = []
  if ((check.status === 'completed' || check.completed_at !== undefined) && check.conclusion === undefined) {
    problems.push('/conclusion is required when a check run is completed')
  }
  if (check.conclusion === 'stale') problems.push('/conclusion: only GitHub may set stale')
  return problems
}
