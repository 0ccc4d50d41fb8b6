export type CheckStatus = 'queued' | 'in_progress' | 'completed'
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'stale'

/** One app's checks on one commit. A check belongs to a commit, never to a pull request. */
export interface CheckSuite {
  readonly id: number
  readonly repository: number
  readonly app: number
  readonly headSha: string
  readonly headBranch: string | null
  readonly before: string | null
  readonly after: string | null
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface CheckAnnotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column: number | null
  readonly end_column: number | null
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title: string | null
  readonly raw_details: string | null
}

export interface CheckAction {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export interface CheckRun {
  readonly id: number
  readonly repository: number
  readonly suite: number
  readonly app: number
  readonly name: string
  readonly headSha: string
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
  readonly startedAt: number
  readonly completedAt: number | null
  readonly externalId: string
  readonly detailsUrl: string | null
  readonly output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null }
  readonly annotations: readonly CheckAnnotation[]
  readonly actions: readonly CheckAction[]
}

export interface CommitStatus {
  readonly id: number
  readonly repository: number
  readonly sha: string
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: number
  /** The app behind the creator, the status's source for required checks. */
  readonly app: number | null
  readonly createdAt: number
}

export interface WorldDeployment {
  readonly id: number
  readonly repository: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly originalEnvironment: string
  readonly description: string | null
  readonly payload: unknown
  readonly isTransient: boolean
  readonly isProduction: boolean
  readonly creator: number
  readonly app: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface DeploymentStatus {
  readonly id: number
  readonly deployment: number
  readonly state: 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success'
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly creator: number
  readonly app: number | null
  readonly createdAt: number
}
