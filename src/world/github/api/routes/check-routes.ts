import { createCheckRun, rerequestRun, rerequestSuite, updateCheckRun } from '../../acts/write-check.ts'
import type { CheckChange, CheckOutput } from '../../check-rules.ts'
import { type CheckAction, type CheckConclusion, type CheckStatus, Refusal } from '../../github-state.ts'
import { latestRuns, runsOn, suitesOn } from '../../state/find.ts'
import { suiteBody } from '../../webhooks/bodies/check-body.ts'
import { repositoryBody } from '../../webhooks/bodies/repository-body.ts'
import { annotationBody, checkRunBody } from '../bodies/check-body.ts'
import { commitMeant } from '../named.ts'
import { listed } from '../paging.ts'
import { created, found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const checkRoutes = {
  'checks/create': async (call) => {
    const run = await createCheckRun(call.github, call.actor, {
      repository: call.repository.id,
      ...changeIn(call),
      name: String(call.body.name),
      headSha: String(call.body.head_sha),
    })
    return created(checkRunBody(call.github.state, run))
  },
  'checks/update': async (call) => {
    const run = await updateCheckRun(call.github, call.actor, {
      repository: call.repository.id,
      run: runIn(call).id,
      ...changeIn(call),
    })
    return ok(checkRunBody(call.github.state, run))
  },
  'checks/get': (call) => ok(checkRunBody(call.github.state, runIn(call))),
  'checks/list-annotations': (call) => {
    const run = runIn(call)
    return listed(call, run.annotations, (one) => annotationBody(call.github.state, run, one))
  },
  'checks/rerequest-run': async (call) => {
    await rerequestRun(call.github, call.actor, { repository: call.repository.id, run: runIn(call).id })
    return created({})
  },
  'checks/rerequest-suite': async (call) => {
    const suite = found(call.github.state.suites.get(Number(call.params.check_suite_id)))
    await rerequestSuite(call.github, call.actor, { repository: call.repository.id, suite: suite.id })
    return created({})
  },
  'checks/list-for-ref': async (call) => {
    const { state } = call.github
    const sha = await commitIn(call)
    const { filter = 'latest', check_name: name, status, app_id: app } = call.query
    const all = filter === 'all' ? runsOn(state, call.repository.id, sha) : latestRuns(state, call.repository.id, sha)
    const runs = all
      .filter((run) => name === undefined || run.name === name)
      .filter((run) => status === undefined || run.status === status)
      .filter((run) => app === undefined || run.app === Number(app))
      .reverse()
    return listed(
      call,
      runs,
      (run) => checkRunBody(state, run),
      (check_runs) => ({ total_count: runs.length, check_runs }),
    )
  },
  'checks/list-suites-for-ref': async (call) => {
    const { state } = call.github
    const { app_id: app, check_name: name } = call.query
    const sha = await commitIn(call)
    const runs = runsOn(state, call.repository.id, sha)
    const suites = suitesOn(state, call.repository.id, sha)
      .filter((suite) => app === undefined || suite.app === Number(app))
      .filter((suite) => name === undefined || runs.some((run) => run.suite === suite.id && run.name === name))
    const shown = async (suite: (typeof suites)[number]) => ({
      ...(await suiteBody(call.github, suite)),
      repository: repositoryBody(state, call.repository),
    })
    return listed(call, suites, shown, (check_suites) => ({ total_count: suites.length, check_suites }))
  },
} satisfies Readonly<Record<string, RestHandler>>

function runIn(call: RestCall) {
  const run = found(call.github.state.runs.get(Number(call.params.check_run_id)))
  return found(run.repository === call.repository.id ? run : null)
}

async function commitIn(call: RestCall): Promise<string> {
  const sha = await commitMeant(call.github, call.repository, call.params.ref ?? '')
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`)
  return sha
}

interface RunBody {
  readonly name?: string
  readonly status?: CheckStatus
  readonly conclusion?: CheckConclusion
  readonly output?: CheckOutput
  readonly actions?: readonly CheckAction[]
  readonly external_id?: string
  readonly details_url?: string
  readonly started_at?: string
  readonly completed_at?: string
}

/** What a request says of a run, and nothing of what it does not say. */
function changeIn({ body }: RestCall): CheckChange {
  const { name, status, conclusion, output, actions, external_id, details_url, started_at, completed_at } =
    body as RunBody
  return {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(output === undefined ? {} : { output }),
    ...(actions === undefined ? {} : { actions }),
    ...(external_id === undefined ? {} : { externalId: external_id }),
    ...(details_url === undefined ? {} : { detailsUrl: details_url }),
    ...(started_at === undefined ? {} : { startedAt: Date.parse(started_at) }),
    ...(completed_at === undefined ? {} : { completedAt: Date.parse(completed_at) }),
  }
}
