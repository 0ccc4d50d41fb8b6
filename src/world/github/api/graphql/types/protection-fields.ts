import type { BranchProtection } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import type { Fields } from '../graphql-call.ts'

export interface ProtectionThing {
  readonly __typename: 'BranchProtectionRule'
  readonly rule: BranchProtection
}

export const protectionFields: Fields<ProtectionThing> = {
  id: ({ rule }) => nodeId('BranchProtectionRule', rule.id),
  databaseId: ({ rule }) => rule.id,
  pattern: ({ rule }) => rule.pattern,
  requiresStatusChecks: ({ rule }) => rule.requiredChecks !== null,
  requiresStrictStatusChecks: ({ rule }) => rule.requiredChecks?.strict ?? false,
  requiredStatusCheckContexts: ({ rule }) => (rule.requiredChecks?.checks ?? []).map((one) => one.context),
  requiredStatusChecks: ({ rule }, _, { github }) =>
    (rule.requiredChecks?.checks ?? []).map(({ context, app }) => {
      const source = github.state.apps.get(app ?? -1)
      return { context, app: source === undefined ? null : { __typename: 'App', app: source } }
    }),
  requiresApprovingReviews: ({ rule }) => rule.requiredReviews !== null,
  requiredApprovingReviewCount: ({ rule }) => rule.requiredReviews?.count ?? null,
  dismissesStaleReviews: ({ rule }) => rule.requiredReviews?.dismissStale ?? false,
  requireLastPushApproval: ({ rule }) => rule.requiredReviews?.requireLastPushApproval ?? false,
  requiresCodeOwnerReviews: ({ rule }) => rule.requiredReviews?.requireCodeOwners ?? false,
  restrictsPushes: ({ rule }) => rule.restrictPushes !== null,
  isAdminEnforced: ({ rule }) => rule.enforceAdmins,
  requiresLinearHistory: ({ rule }) => rule.requireLinearHistory,
  allowsForcePushes: ({ rule }) => rule.allowForcePushes,
  allowsDeletions: ({ rule }) => rule.allowDeletions,
}
