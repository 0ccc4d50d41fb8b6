import { announce } from '../announce.ts'
import { type CheckChange, refuseCheck, suiteStanding, withChange } from '../check-rules.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { reconcileQueue } from '../merge-queue.ts'
import type { CheckRun, CheckSuite } from '../state/checks.ts'
import { notFound, takeId } from '../state/find.ts'
import type { WorldApp } from '../state/people.ts'
import { announceSuite, suiteFor } from '../suites.ts'
import type { Body } from '../webhooks/bodies/account-body.ts'
import { runBody } from '../webhooks/bodies/check-body.ts'

export type NewCheckRun = CheckChange & {
  readonly repository: number
  readonly name: string
  readonly headSha: string
}

/**
 * A check run on a commit, whatever pull requests have it. A second one of the same name is another run; the latest counts.
 *
 * @throws {Refusal} 403 for anybody but an app, 422 for a commit that is not there or more than a run can hold
 */
export function createCheckRun(github: GitHub, actor: Actor, input: NewCheckRun): Promise<CheckRun> {
  return github.turn(input.repository, async () => {
    const { state } = github
    const app = appBehind(actor)
    refuseCheck(input)
    await commitHere(github, input.repository, input.headSha)
    const branch = await branchAt(github, input.repository, input.headSha)
    const { repository, headSha } = input
    const { suite } = suiteFor(github, app.id, { repository, headSha, headBranch: branch, before: null })
    const now = github.clock.now()
    const empty: CheckRun = {
      id: takeId(state),
      repository,
      suite: suite.id,
      app: app.id,
      name: input.name,
      headSha,
      status: 'queued',
      conclusion: null,
      startedAt: now,
      completedAt: null,
      externalId: '',
      detailsUrl: null,
      output: { title: null, summary: null, text: null },
      annotations: [],
      actions: [],
    }
    const run = withChange(empty, input, now)
    state.runs.set(run.id, run)
    await announceRun(github, actor, run, 'created')
    await afterRun(github, actor, empty, run)
    return run
  })
}

/** @throws {Refusal} 403 when another app made the run */
export function updateCheckRun(
  github: GitHub,
  actor: Actor,
  input: CheckChange & { readonly repository: number; readonly run: number },
): Promise<CheckRun> {
  return github.turn(input.repository, async () => {
    const before = checkRunOf(github, input.repository, input.run)
    if (appBehind(actor).id !== before.app)
      throw new Refusal(
        403,
        `Invalid app_id \`${before.app}\` - check run can only be modified by the GitHub App that created it.`,
      )
    refuseCheck(input)
    const run = withChange(before, input, github.clock.now())
    github.state.runs.set(run.id, run)
    await afterRun(github, actor, before, run)
    return run
  })
}

/** Resets the suite and tells its app; the run stays as it is until the app writes. */
export function rerequestRun(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly run: number },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const run = checkRunOf(github, input.repository, input.run)
    resetSuite(github, run.suite)
    await announceRun(github, actor, run, 'rerequested')
  })
}

export function rerequestSuite(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly suite: number },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const suite = github.state.suites.get(input.suite)
    if (suite === undefined || suite.repository !== input.repository) throw notFound()
    await announceSuite(github, actor, resetSuite(github, suite.id), 'rerequested')
  })
}

/** Somebody presses a button of a run; only the app that drew it hears of it. */
export function requestAction(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly run: number; readonly identifier: string },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const run = checkRunOf(github, input.repository, input.run)
    if (!run.actions.some((one) => one.identifier === input.identifier))
      throw new Refusal(422, `The run has no button "${input.identifier}"`)
    await announceRun(github, actor, run, 'requested_action', { requested_action: { identifier: input.identifier } })
  })
}

async function afterRun(github: GitHub, actor: Actor, before: CheckRun, run: CheckRun): Promise<void> {
  if (run.status === 'completed' && (before.status !== 'completed' || before.conclusion !== run.conclusion))
    await announceRun(github, actor, run, 'completed')
  await settleSuite(github, actor, run.suite)
  await reconcileQueue(github, run.repository)
}

async function settleSuite(github: GitHub, actor: Actor, id: number): Promise<void> {
  const { state } = github
  const suite = state.suites.get(id)
  if (suite === undefined) return
  const standing = suiteStanding([...state.runs.values()].filter((run) => run.suite === id))
  const isSame = suite.status === standing.status && suite.conclusion === standing.conclusion
  const next = { ...suite, ...standing, updatedAt: github.clock.now() }
  state.suites.set(id, next)
  if (!isSame && standing.status === 'completed') await announceSuite(github, actor, next, 'completed')
}

function resetSuite(github: GitHub, id: number): CheckSuite {
  const suite = github.state.suites.get(id)
  if (suite === undefined) throw notFound()
  const next: CheckSuite = { ...suite, status: 'queued', conclusion: null, updatedAt: github.clock.now() }
  github.state.suites.set(id, next)
  return next
}

/** `created` and `completed` are for every app that reads checks, the other two for the run's own app. */
export async function announceRun(
  github: GitHub,
  actor: Actor,
  run: CheckRun,
  action: 'created' | 'completed' | 'rerequested' | 'requested_action',
  more: Body = {},
): Promise<void> {
  await announce(github, actor, {
    event: 'check_run',
    action,
    repository: run.repository,
    ...(action === 'created' || action === 'completed' ? {} : { onlyApp: run.app }),
    body: () => ({ check_run: runBody(github.state, run), ...more }),
  })
}

function checkRunOf(github: GitHub, repository: number, id: number): CheckRun {
  const run = github.state.runs.get(id)
  if (run === undefined || run.repository !== repository) throw notFound()
  return run
}

function appBehind(actor: Actor): WorldApp {
  if (actor.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.')
  return actor.app
}

async function commitHere(github: GitHub, repository: number, sha: string): Promise<void> {
  if ((await github.storage.commit(repository, sha)) === null) throw new Refusal(422, `No commit found for SHA: ${sha}`)
}

async function branchAt(github: GitHub, repository: number, sha: string): Promise<string | null> {
  for (const [ref, tip] of await github.storage.refs(repository, 'refs/heads/'))
    if (tip === sha) return ref.slice('refs/heads/'.length)
  return null
}
