import type { OperationId } from '../contract/operations.ts'
import type { Access } from '../github-state.ts'

/** What a route asks of a token. */
export type Needs =
  /** The app's own JWT. */
  | { readonly by: 'app' }
  /** An installation's token, or a person's, with a permission of the repository or organisation. */
  | { readonly by: 'token'; readonly permission: string; readonly access: Access; readonly or?: string }
  /** Any installation's token. */
  | { readonly by: 'installation' }
  /** A person's own token. */
  | { readonly by: 'user' }
  /** Anybody. */
  | { readonly by: 'anybody' }

const APP: Needs = { by: 'app' }
const ANYBODY: Needs = { by: 'anybody' }

function read(permission: string, or?: string): Needs {
  return { by: 'token', permission, access: 'read', ...(or === undefined ? {} : { or }) }
}

function write(permission: string, or?: string): Needs {
  return { by: 'token', permission, access: 'write', ...(or === undefined ? {} : { or }) }
}

/**
 * The permission of each route, by the pages of docs.github.com/rest/authentication/permissions-required-for-github-apps.
 * `or` names a second permission that is as good.
 */
export const PERMISSIONS: Readonly<Record<OperationId, Needs>> = {
  'apps/get-authenticated': APP,
  'apps/create-from-manifest': ANYBODY,
  'apps/list-installations': APP,
  'apps/get-installation': APP,
  'apps/create-installation-access-token': APP,
  'apps/get-repo-installation': APP,
  'apps/get-org-installation': APP,
  'apps/list-webhook-deliveries': APP,
  'apps/get-webhook-delivery': APP,
  'apps/redeliver-webhook-delivery': APP,
  'apps/revoke-installation-access-token': { by: 'installation' },
  'apps/list-repos-accessible-to-installation': { by: 'installation' },
  'meta/get': ANYBODY,
  'rate-limit/get': ANYBODY,
  'users/get-authenticated': { by: 'user' },
  'users/get-by-username': ANYBODY,
  'teams/get-by-name': read('members'),
  'teams/list-members-in-org': read('members'),
  'teams/get-membership-for-user-in-org': read('members'),
  'repos/get': read('metadata'),
  'repos/list-activities': read('contents'),
  'repos/get-collaborator-permission-level': read('metadata'),
  'repos/get-branch': read('contents'),
  'repos/get-branch-rules': read('metadata'),
  'repos/update-branch-protection': write('administration'),
  'repos/get-repo-rulesets': read('metadata'),
  'repos/get-repo-ruleset': read('metadata'),
  'repos/create-repo-ruleset': write('administration'),
  'repos/compare-commits-with-basehead': read('contents'),
  'repos/list-commits': read('contents'),
  'repos/get-commit': read('contents'),
  'repos/list-pull-requests-associated-with-commit': read('pull_requests', 'contents'),
  'repos/get-content': read('contents'),
  'repos/create-or-update-file-contents': write('contents'),
  'repos/create-commit-status': write('statuses'),
  'repos/get-combined-status-for-ref': read('statuses'),
  'repos/list-deployments': read('deployments'),
  'repos/create-deployment': write('deployments'),
  'repos/get-deployment': read('deployments'),
  'repos/list-deployment-statuses': read('deployments'),
  'repos/create-deployment-status': write('deployments'),
  'git/get-ref': read('contents'),
  'git/list-matching-refs': read('contents'),
  'git/create-ref': write('contents'),
  'git/update-ref': write('contents'),
  'git/delete-ref': write('contents'),
  'git/create-blob': write('contents'),
  'git/get-blob': read('contents'),
  'git/create-tree': write('contents'),
  'git/get-tree': read('contents'),
  'git/create-commit': write('contents'),
  'git/get-commit': read('contents'),
  'pulls/list': read('pull_requests'),
  'pulls/get': read('pull_requests'),
  'pulls/create': write('pull_requests'),
  'pulls/update': write('pull_requests'),
  'pulls/list-files': read('pull_requests'),
  'pulls/list-commits': read('pull_requests'),
  'pulls/check-if-merged': read('contents'),
  'pulls/merge': write('contents'),
  'pulls/list-reviews': read('pull_requests'),
  'pulls/create-review': write('pull_requests'),
  'pulls/dismiss-review': write('pull_requests'),
  'issues/list-for-repo': read('issues', 'pull_requests'),
  'issues/get': read('issues', 'pull_requests'),
  'issues/create': write('issues'),
  'issues/update': write('issues', 'pull_requests'),
  'issues/list-comments': read('issues', 'pull_requests'),
  'issues/create-comment': write('issues', 'pull_requests'),
  'issues/get-comment': read('issues', 'pull_requests'),
  'issues/update-comment': write('issues', 'pull_requests'),
  'issues/delete-comment': write('issues', 'pull_requests'),
  'issues/list-labels-on-issue': read('issues', 'pull_requests'),
  'issues/add-labels': write('issues', 'pull_requests'),
  'reactions/list-for-issue-comment': read('issues', 'pull_requests'),
  'reactions/create-for-issue-comment': write('issues', 'pull_requests'),
  'checks/create': write('checks'),
  'checks/update': write('checks'),
  'checks/get': read('checks'),
  'checks/list-annotations': read('checks'),
  'checks/rerequest-run': write('checks'),
  'checks/list-for-ref': read('checks'),
  'checks/rerequest-suite': write('checks'),
  'checks/list-suites-for-ref': read('checks'),
  'actions/list-repo-workflows': read('actions'),
  'actions/get-workflow': read('actions'),
  'actions/list-workflow-runs': read('actions'),
  'actions/list-workflow-runs-for-repo': read('actions'),
  'actions/get-workflow-run': read('actions'),
  'actions/get-workflow-run-attempt': read('actions'),
  'actions/list-jobs-for-workflow-run': read('actions'),
  'actions/list-jobs-for-workflow-run-attempt': read('actions'),
  'actions/get-job-for-workflow-run': read('actions'),
  'actions/download-job-logs-for-workflow-run': read('actions'),
  'actions/list-artifacts-for-repo': read('actions'),
  'actions/list-workflow-run-artifacts': read('actions'),
  'actions/get-artifact': read('actions'),
  'actions/download-artifact': read('actions'),
  'actions/enable-workflow': write('actions'),
  'actions/disable-workflow': write('actions'),
  'actions/create-workflow-dispatch': write('actions'),
  'actions/cancel-workflow-run': write('actions'),
  'actions/force-cancel-workflow-run': write('actions'),
  'actions/re-run-workflow': write('actions'),
  'actions/re-run-workflow-failed-jobs': write('actions'),
}
