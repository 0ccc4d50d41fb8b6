import { announce } from './announce.ts'
import type { Actor, GitHub } from './github-state.ts'
import type { CheckSuite } from './state/checks.ts'
import { ACTIONS_APP, coversRepository, repositoryOf, takeId } from './state/find.ts'
import { suiteBody } from './webhooks/bodies/check-body.ts'

export interface SuiteOrigin {
  readonly repository: number
  readonly headSha: string
  readonly headBranch: string | null
  readonly before: string | null
}

/** The suite of an app on a commit, made when there is none. */
export function suiteFor(github: GitHub, app: number, origin: SuiteOrigin): { suite: CheckSuite; isNew: boolean } {
  const { state } = github
  for (const suite of state.suites.values())
    if (suite.repository === origin.repository && suite.headSha === origin.headSha && suite.app === app)
      return { suite, isNew: false }
  const now = github.clock.now()
  const suite: CheckSuite = {
    id: takeId(state),
    repository: origin.repository,
    app,
    headSha: origin.headSha,
    headBranch: origin.headBranch,
    before: origin.before,
    after: origin.headSha,
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
  }
  state.suites.set(suite.id, suite)
  return { suite, isNew: true }
}

/** A push asks every app that may write checks for its checks. */
export async function requestSuites(github: GitHub, actor: Actor, origin: SuiteOrigin): Promise<void> {
  const repository = repositoryOf(github.state, origin.repository)
  for (const installation of github.state.installations.values()) {
    const mayWrite = installation.permissions.checks === 'write' && installation.suspendedAt === null
    // Actions makes a suite for each run instead
    if (!mayWrite || installation.app === ACTIONS_APP || !coversRepository(installation, repository)) continue
    const { suite, isNew } = suiteFor(github, installation.app, origin)
    if (isNew) await announceSuite(github, actor, suite, 'requested')
  }
}

/** `requested` and `rerequested` are for the suite's own app; `completed` is for all. */
export async function announceSuite(
  github: GitHub,
  actor: Actor,
  suite: CheckSuite,
  action: 'requested' | 'rerequested' | 'completed',
): Promise<void> {
  await announce(github, actor, {
    event: 'check_suite',
    action,
    repository: suite.repository,
    ...(action === 'completed' ? {} : { onlyApp: suite.app }),
    body: async () => ({ check_suite: await suiteBody(github, suite) }),
  })
}
