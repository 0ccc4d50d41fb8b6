/** Kinds of things that have a global id, with the prefix that GitHub gives them. */
const PREFIXES = {
  User: 'U',
  Bot: 'BOT',
  Organization: 'O',
  Team: 'T',
  App: 'A',
  Installation: 'MDIz',
  Repository: 'R',
  PullRequest: 'PR',
  Issue: 'I',
  Label: 'LA',
  IssueComment: 'IC',
  Reaction: 'REA',
  PullRequestReview: 'PRR',
  CheckSuite: 'CS',
  CheckRun: 'CR',
  StatusContext: 'SC',
  Commit: 'C',
  Tree: 'TR',
  Blob: 'B',
  Tag: 'TA',
  Ref: 'REF',
  Deployment: 'DE',
  DeploymentStatus: 'DES',
  MergeQueue: 'MQ',
  MergeQueueEntry: 'MQE',
  BranchProtectionRule: 'BPR',
  RepositoryRuleset: 'RRS',
  Workflow: 'W',
  WorkflowRun: 'WFR',
  Artifact: 'MDg6',
} as const

export type NodeKind = keyof typeof PREFIXES

/** A global id: `PR_` and what the thing is known by, opaque to those who use it. */
export function nodeId(kind: NodeKind, ...parts: readonly (number | string)[]): string {
  return `${PREFIXES[kind]}_${Buffer.from(`kw:${parts.join(':')}`).toString('base64url')}`
}

/** What an id stands for; null when it is none of ours. A part that is a number is still text. */
export function readNodeId(id: string): { readonly kind: NodeKind; readonly parts: readonly string[] } | null {
  const cut = id.indexOf('_')
  const kind = Object.entries(PREFIXES).find(([, prefix]) => prefix === id.slice(0, cut))?.[0] as NodeKind | undefined
  const text = Buffer.from(id.slice(cut + 1), 'base64url').toString()
  return kind === undefined || !text.startsWith('kw:') ? null : { kind, parts: text.slice(3).split(':') }
}
