import type { MergeFacts, WeighedPull } from '../../src/merging/merge-decision.ts'
import type { PullNow } from '../../src/ports/pull-now.ts'

export const HEAD = 'b'.repeat(40)
export const BASE = 'a'.repeat(40)
export const EXTERNAL = `weighbridge 0.1.0:main:7:${'c'.repeat(64)}`

export const check = (more: Partial<PullNow['checks'][number]> = {}) => ({
  id: 1,
  name: 'weighbridge',
  status: 'completed' as const,
  conclusion: 'success',
  externalId: EXTERNAL,
  completedAt: '2026-11-18T11:00:00Z',
  ...more,
})

/** A pull request that nothing keeps from being merged. */
export const pull = (more: Partial<PullNow> = {}): PullNow => ({
  number: 7,
  nodeId: 'PR_7',
  state: 'open',
  isDraft: false,
  title: 'Promote churn 1.4.0',
  author: { id: 5, login: 'eve', isBot: false },
  base: { ref: 'main', sha: BASE },
  head: { ref: 'promote', sha: HEAD },
  isFork: false,
  defaultBranch: 'main',
  mergeability: 'mergeable',
  isInMergeQueue: false,
  baseHasMergeQueue: false,
  reviews: [],
  ignoredReviews: [],
  commitAccounts: [],
  checks: [check()],
  isRequired: true,
  twins: [],
  configuration: null,
  ledgerTip: null,
  ...more,
})

export const weighed = (more: Partial<WeighedPull> = {}): WeighedPull => ({
  head: HEAD,
  baseRef: 'main',
  base: BASE,
  mergeBase: BASE,
  status: 'passed',
  validUntil: null,
  merge: { automatic: true, method: 'squash', because: 'the policy says merge: {automatic: true}' },
  touchesWorkflows: false,
  externalId: EXTERNAL,
  ...more,
})

export const facts = (now: Partial<PullNow> = {}, then: Partial<WeighedPull> = {}, more: Partial<MergeFacts> = {}) => ({
  pull: pull(now),
  weighed: weighed(then),
  mayBypass: false,
  now: '2026-11-18T12:00:00Z',
  ...more,
})
