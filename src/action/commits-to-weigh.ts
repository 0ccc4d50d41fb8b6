import { git } from '../adapters/checkout/git.ts'
import { InvalidCommand } from '../cli/command.ts'
import { type AskedCommand, givenText } from './asked-command.ts'
import { type FetchedCommits, fetchCommits } from './fetch-commits.ts'
import { commitsOfEvent } from './github-event.ts'
import type { StepContext } from './step-context.ts'

/**
 * The two commits that are weighed, present in the checkout with all their history.
 *
 * They come from the event, never from what happens to be checked out: that is a merge commit, of depth 1.
 *
 * @throws {InvalidCommand} when the event names none and the inputs neither, or they cannot be fetched
 */
export async function commitsToWeigh(
  asked: AskedCommand,
  folder: string,
  { env }: StepContext,
): Promise<FetchedCommits> {
  if (env.GITHUB_EVENT_NAME === 'pull_request_target') await mustBeBase(folder, env)
  const told = commitsOfEvent(env)
  const base = givenText(asked, 'base') ?? told?.base
  const head = givenText(asked, 'head') ?? told?.head ?? (told === null ? env.GITHUB_SHA : undefined)
  if (base === undefined || head === undefined)
    throw new InvalidCommand(
      `the event ${env.GITHUB_EVENT_NAME ?? 'of this run'} does not say what would be merged where`,
      'Give the input base, a branch or a commit, and head where it is not the commit of the run.',
    )
  return fetchCommits(folder, { base, head }, remoteOf(asked, env))
}

/**
 * `pull_request_target` runs with the secrets of the base: with the head checked out, whatever a later step runs is
 * somebody else's, so not even we go on beside it.
 */
async function mustBeBase(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const checkedOut = (await git(folder, ['rev-parse', 'HEAD'])).trim()
  if (checkedOut === env.GITHUB_SHA) return
  throw new InvalidCommand(
    'a pull_request_target run has something else than its base checked out',
    'Check out nothing but the base there, or run on pull_request: the Action fetches both sides by itself.',
  )
}

function remoteOf({ token }: AskedCommand, env: NodeJS.ProcessEnv) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env
  if (server === undefined || repository === undefined)
    throw new InvalidCommand('this is no step of GitHub Actions', 'Outside of it: weighbridge check.')
  return { server, repository, token }
}
