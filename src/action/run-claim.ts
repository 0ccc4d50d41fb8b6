import { InvalidCommand } from '../cli/command.ts'
import { type DispatchName, dispatchInTitle, dispatchTag } from '../training/correlation.ts'
import { type TrainingRequest, trainingRequestSchema } from '../training/training-request.ts'
import { type AskedCommand, givenText } from './asked-command.ts'
import { type ListedRun, listDispatchedRuns } from './list-dispatched-runs.ts'
import type { StepAnswer } from './step-answer.ts'
import type { StepContext } from './step-context.ts'

/** A list that does not show us yet may hide an older run too. */
const LOOKS = 6
const BETWEEN_MS = 5_000

/**
 * Whether this run is the one that may train: of all dispatches of one request by the same account the oldest.
 *
 * A dispatch whose answer got lost is sent again, so that there may be two; the other ends here, green and cheap.
 *
 * @throws {InvalidCommand} when this is no first attempt of a dispatch at the commit that was asked for
 */
export async function run(asked: AskedCommand, step: StepContext): Promise<StepAnswer> {
  const request = requestIn(givenText(asked, 'request') ?? '')
  const name = { correlation: request.correlation, attempt: request.attempt }
  mustBeOurs(request, givenText(asked, 'correlation') ?? '', step.env)
  const mine = Number(step.env.GITHUB_RUN_ID)
  const rivals = await runsOf(name, { mine, token: asked.token, sha: request.sha, step })
  const oldest = rivals.reduce((first, one) => (isOlder(one, first) ? one : first))
  const isClaimed = oldest.id === mine
  const because = isClaimed
    ? `This run trains ${request.model} for ${dispatchTag(name)}.`
    : `Run ${oldest.id} is older and trains for ${dispatchTag(name)}; this one ends here.`
  return { status: 'answered', because, outputs: { claimed: String(isClaimed) }, summary: '', annotations: [] }
}

function requestIn(text: string): TrainingRequest {
  const read = trainingRequestSchema.safeParse(parsed(text))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new InvalidCommand(
    `input request is none of the app: ${issue?.path.join('.')}: ${issue?.message}`,
    'Only the app starts this workflow: comment /train or /tune.',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const ASK_AGAIN = 'Ask again: comment /train or /tune.'

function mustBeOurs(request: TrainingRequest, correlation: string, env: NodeJS.ProcessEnv): void {
  const tag = dispatchTag(request)
  if (correlation !== tag)
    throw new InvalidCommand(`inputs request and correlation disagree: ${tag} and "${correlation}"`, ASK_AGAIN)
  if (env.GITHUB_EVENT_NAME !== 'workflow_dispatch')
    throw new InvalidCommand(`this run was started by ${env.GITHUB_EVENT_NAME}, not by a dispatch`, ASK_AGAIN)
  if (env.GITHUB_SHA !== request.sha)
    throw new InvalidCommand(
      `this run is at ${env.GITHUB_SHA}, the request at ${request.sha}: the branch moved in between`,
      ASK_AGAIN,
    )
  if (env.GITHUB_RUN_ATTEMPT !== undefined && env.GITHUB_RUN_ATTEMPT !== '1')
    throw new InvalidCommand('a run that was started again is not believed', ASK_AGAIN)
}

interface Looking {
  readonly mine: number
  readonly token: string
  readonly sha: string
  readonly step: StepContext
}

/** Runs whose title names the dispatch, this one among them. */
async function runsOf(name: DispatchName, { mine, token, sha, step }: Looking): Promise<readonly ListedRun[]> {
  const tag = dispatchTag(name)
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await step.wait(BETWEEN_MS)
    const listed = (await listDispatchedRuns({ token, sha, step })).filter((one) => titleTag(one) === tag)
    const own = listed.find((one) => one.id === mine)
    // another account's dispatch of the same title can neither win nor lose
    if (own !== undefined) return listed.filter((one) => one.actor === own.actor)
  }
  throw new InvalidCommand(
    `GitHub does not list this run under ${tag}`,
    'run-name must end with the input correlation, as in the workflow that init --example writes.',
  )
}

function titleTag({ title }: ListedRun): string | null {
  const name = dispatchInTitle(title)
  return name === null ? null : dispatchTag(name)
}

function isOlder(a: ListedRun, b: ListedRun): boolean {
  return a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt
}
