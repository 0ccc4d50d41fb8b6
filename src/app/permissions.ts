/** What the app asks GitHub for, the level, and why; `app.yml` holds exactly these. */
export const APP_PERMISSIONS: Readonly<Record<string, readonly [level: 'read' | 'write', why: string]>> = {
  metadata: ['read', 'every call'],
  members: ['read', 'who holds a role by team'],
  merge_queues: ['read', 'merge_group, and the entries of a group'],
  statuses: ['read', 'merges that wait for somebody else’s status'],
  attestations: ['read', 'evidence that a named workflow attested'],
  contents: ['write', 'reading by SHA, the ledger, merging'],
  pull_requests: ['write', 'merging, comments on pull requests'],
  checks: ['write', 'the checks themselves'],
  issues: ['write', 'answers to commands, an issue for what landed unweighed'],
  actions: ['write', 'training and evidence in workflows'],
  deployments: ['write', 'what was deployed'],
}

/** The permission without which GitHub never delivers an event: no API description says so, and nothing complains. */
export const DELIVERED_WITH: Readonly<Record<string, keyof typeof APP_PERMISSIONS>> = {
  check_run: 'checks',
  check_suite: 'checks',
  issue_comment: 'issues',
  issues: 'issues',
  merge_group: 'merge_queues',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  push: 'contents',
  repository: 'metadata',
  status: 'statuses',
  workflow_job: 'actions',
  workflow_run: 'actions',
}
