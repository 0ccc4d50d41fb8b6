import type { OperationId } from '../../contract/operations.ts'
import type { RestHandler } from '../rest-call.ts'
import { accountRoutes } from './account-routes.ts'
import { actionRoutes } from './action-routes.ts'
import { appRoutes } from './app-routes.ts'
import { checkRoutes } from './check-routes.ts'
import { commentRoutes } from './comment-routes.ts'
import { commitRoutes } from './commit-routes.ts'
import { contentsRoutes } from './contents-routes.ts'
import { deploymentRoutes } from './deployment-routes.ts'
import { gitRoutes } from './git-routes.ts'
import { issueRoutes } from './issue-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import { refRoutes } from './ref-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { reviewRoutes } from './review-routes.ts'
import { ruleRoutes } from './rule-routes.ts'
import { statusRoutes } from './status-routes.ts'

/** One handler for each operation of the contract; the type holds both lists together. */
export const ROUTES: Readonly<Record<OperationId, RestHandler>> = {
  ...accountRoutes,
  ...actionRoutes,
  ...appRoutes,
  ...checkRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...contentsRoutes,
  ...deploymentRoutes,
  ...gitRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...refRoutes,
  ...repositoryRoutes,
  ...reviewRoutes,
  ...ruleRoutes,
  ...statusRoutes,
}
