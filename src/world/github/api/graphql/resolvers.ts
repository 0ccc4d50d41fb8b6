import type { Fields } from './graphql-call.ts'
import { mutationFields } from './mutations/index.ts'
import { appFields, botFields, organizationFields, teamFields, userFields } from './types/account-fields.ts'
import { checkRunFields, checkSuiteFields, rollupFields, statusContextFields } from './types/check-fields.ts'
import { commitFields } from './types/commit-fields.ts'
import { deploymentFields, deploymentStatusFields } from './types/deployment-fields.ts'
import { blobFields, gitActorFields, refFields, treeEntryFields, treeFields } from './types/git-fields.ts'
import { commentFields, issueFields, reviewFields } from './types/issue-fields.ts'
import { protectionFields } from './types/protection-fields.ts'
import { pullFields } from './types/pull-fields.ts'
import { queryFields } from './types/query-fields.ts'
import { mergeQueueEntryFields, mergeQueueFields } from './types/queue-fields.ts'
import { repositoryFields } from './types/repository-fields.ts'

/** Resolvers by type and field. What stands in neither this table nor the answer of one of these is not emulated. */
export const RESOLVERS: Readonly<Record<string, Fields<never>>> = {
  Query: queryFields,
  Mutation: mutationFields,
  App: appFields,
  Blob: blobFields,
  Bot: botFields,
  BranchProtectionRule: protectionFields,
  CheckRun: checkRunFields,
  CheckSuite: checkSuiteFields,
  Commit: commitFields,
  Deployment: deploymentFields,
  DeploymentStatus: deploymentStatusFields,
  GitActor: gitActorFields,
  Issue: issueFields,
  IssueComment: commentFields,
  MergeQueue: mergeQueueFields,
  MergeQueueEntry: mergeQueueEntryFields,
  Organization: organizationFields,
  PullRequest: pullFields,
  PullRequestReview: reviewFields,
  Ref: refFields,
  Repository: repositoryFields,
  StatusCheckRollup: rollupFields,
  StatusContext: statusContextFields,
  Team: teamFields,
  Tree: treeFields,
  TreeEntry: treeEntryFields,
  User: userFields,
}
