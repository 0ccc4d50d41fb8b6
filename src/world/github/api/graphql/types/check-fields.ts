import type { CheckRun } from '../../../github-state.ts'
import { isRequired } from '../../../merge-state.ts'
import { nodeId } from '../../../node-id.ts'
import { appOf, latestRuns, openPullsOf, pullOf } from '../../../state/find.ts'
import { timeText, timeTextOrNull } from '../../../webhooks/bodies/account-body.ts'
import { runBody } from '../../../webhooks/bodies/check-body.ts'
import { latestStatuses } from '../../commit-statuses.ts'
import { connection } from '../connection.ts'
import { type Args, type Fields, type GraphqlCall, may, notResolved } from '../graphql-call.ts'
import {
  accountThing,
  commitThing,
  pullThing,
  type RunThing,
  repositoryThing,
  type StatusThing,
  type SuiteThing,
} from '../things.ts'

export const checkSuiteFields: Fields<SuiteThing> = {
  id: ({ suite }) => nodeId('CheckSuite', suite.id),
  databaseId: ({ suite }) => suite.id,
  app: ({ suite }, _, { github }) => ({ __typename: 'App', app: appOf(github.state, suite.app) }),
  status: ({ suite }) => suite.status.toUpperCase(),
  conclusion: ({ suite }) => suite.conclusion?.toUpperCase() ?? null,
  commit: ({ suite }, _, call) => commitThing(call, suite.repository, suite.headSha),
  repository: ({ suite }, _, call) => repositoryThing(call, suite.repository),
  createdAt: ({ suite }) => timeText(suite.createdAt),
  updatedAt: ({ suite }) => timeText(suite.updatedAt),
  matchingPullRequests: ({ suite }, args, call) => {
    const pulls = openPullsOf(call.github.state, suite.repository).filter((one) => one.head.sha === suite.headSha)
    return connection(
      'matchingPullRequests',
      pulls.map((one) => pullThing(call, suite.repository, one.number)),
      args,
    )
  },
  checkRuns,
}

interface RunFilter {
  readonly appId?: number | null
  readonly checkName?: string | null
  readonly checkType?: 'ALL' | 'LATEST' | null
  readonly status?: string | null
  readonly statuses?: readonly string[] | null
  readonly conclusions?: readonly string[] | null
}

/** The latest of each name unless all are asked for. */
function checkRuns({ suite }: SuiteThing, args: Args, { github }: GraphqlCall) {
  const filter = (args.filterBy ?? {}) as RunFilter
  const own =
    filter.checkType === 'ALL'
      ? [...github.state.runs.values()].filter((run) => run.suite === suite.id)
      : latestRuns(github.state, suite.repository, suite.headSha).filter((run) => run.suite === suite.id)
  const runs = own
    .filter((run) => filter.appId == null || run.app === filter.appId)
    .filter((run) => filter.checkName == null || run.name === filter.checkName)
    .filter((run) => filter.status == null || run.status.toUpperCase() === filter.status)
    .filter((run) => filter.statuses == null || filter.statuses.includes(run.status.toUpperCase()))
    .filter((run) => filter.conclusions == null || filter.conclusions.includes(run.conclusion?.toUpperCase() ?? ''))
  return connection('checkRuns', runs.map(runThing), args)
}

export const checkRunFields: Fields<RunThing> = {
  id: ({ run }) => nodeId('CheckRun', run.id),
  databaseId: ({ run }) => run.id,
  name: ({ run }) => run.name,
  status: ({ run }) => run.status.toUpperCase(),
  conclusion: ({ run }) => run.conclusion?.toUpperCase() ?? null,
  externalId: ({ run }) => run.externalId,
  title: ({ run }) => run.output.title,
  summary: ({ run }) => run.output.summary,
  text: ({ run }) => run.output.text,
  startedAt: ({ run }) => timeText(run.startedAt),
  completedAt: ({ run }) => timeTextOrNull(run.completedAt),
  detailsUrl: ({ run }, _, { github }) => runBody(github.state, run).details_url,
  url: ({ run }, _, { github }) => runBody(github.state, run).html_url,
  permalink: ({ run }, _, { github }) => runBody(github.state, run).html_url,
  repository: ({ run }, _, call) => repositoryThing(call, run.repository),
  checkSuite: ({ run }, _, { github }) => ({ __typename: 'CheckSuite', suite: github.state.suites.get(run.suite) }),
  isRequired: ({ run }, args, call) => {
    const pull = pullMeant(call, run.repository, run.headSha, args)
    return isRequired(call.github, pull, run.name, run.app)
  },
}

export const statusContextFields: Fields<StatusThing> = {
  id: ({ of }) => nodeId('StatusContext', of.id),
  context: ({ of }) => of.context,
  state: ({ of }) => of.state.toUpperCase(),
  description: ({ of }) => of.description,
  targetUrl: ({ of }) => of.targetUrl,
  createdAt: ({ of }) => timeText(of.createdAt),
  creator: ({ of }, _, call) => accountThing(call, of.creator),
  commit: ({ of }, _, call) => commitThing(call, of.repository, of.sha),
  isRequired: ({ of }, args, call) =>
    isRequired(call.github, pullMeant(call, of.repository, of.sha, args), of.context, of.app ?? -1),
}

interface RollupThing {
  readonly __typename: 'StatusCheckRollup'
  readonly within: number
  readonly sha: string
}

export const rollupFields: Fields<RollupThing> = {
  id: ({ within, sha }) => nodeId('Commit', within, sha),
  commit: ({ within, sha }, _, call) => commitThing(call, within, sha),
  state: ({ within, sha }, _, call) => stateOf(contextsOf(call, within, sha)),
  contexts: ({ within, sha }, args, call) => connection('contexts', contextsOf(call, within, sha), args),
}

/** null for a commit on which nothing was reported. */
export function rollupOf(call: GraphqlCall, within: number, sha: string): RollupThing | null {
  const isNothing = contextsOf(call, within, sha).length === 0
  return isNothing ? null : { __typename: 'StatusCheckRollup', within, sha }
}

function contextsOf(call: GraphqlCall, within: number, sha: string): readonly (RunThing | StatusThing)[] {
  const { state } = call.github
  const runs = may(call, within, 'checks') ? latestRuns(state, within, sha).map(runThing) : []
  const statuses = may(call, within, 'statuses') ? latestStatuses(state, within, sha) : []
  return [...runs, ...statuses.map((of): StatusThing => ({ __typename: 'StatusContext', of }))]
}

const GOOD = ['SUCCESS', 'NEUTRAL', 'SKIPPED']

function stateOf(contexts: readonly (RunThing | StatusThing)[]): string {
  const states = contexts.map((one) =>
    one.__typename === 'StatusContext'
      ? one.of.state.toUpperCase()
      : (one.run.conclusion?.toUpperCase() ?? (one.run.status === 'completed' ? 'FAILURE' : 'PENDING')),
  )
  if (states.some((one) => one !== 'PENDING' && !GOOD.includes(one))) return 'FAILURE'
  return states.includes('PENDING') ? 'PENDING' : 'SUCCESS'
}

function runThing(run: CheckRun): RunThing {
  return { __typename: 'CheckRun', run }
}

/** By id or number, one of them. */
function pullMeant(call: GraphqlCall, repository: number, sha: string, args: Args) {
  if (typeof args.pullRequestNumber === 'number') return pullOf(call.github.state, repository, args.pullRequestNumber)
  for (const pull of call.github.state.pulls.values()) {
    if (nodeId('PullRequest', pull.id) === args.pullRequestId) return pull
  }
  throw notResolved(`a pull request for the commit ${sha}`)
}
