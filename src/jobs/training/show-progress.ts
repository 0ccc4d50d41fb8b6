import { trainingCheckName } from '../../checks/check-names.ts'
import { titleText, withExternalId } from '../../checks/desired-check.ts'
import { causeOf } from '../../ledger/cause.ts'
import { correlationOf } from '../../training/correlation.ts'
import { keepAnswer } from '../comments/keep-answer.ts'
import { momentOf } from '../github/job-context.ts'
import { publishChecks } from '../github/publish-checks.ts'
import { askedText, commandText } from './asked-text.ts'
import { progressText } from './progress-words.ts'
import { lookAgain, type Progress, type TrainingJob } from './training-job.ts'

/** While it goes on nothing is written more often. */
const QUIET_MS = 15_000
/** Lines of a comment that are looked through for the command that this is. */
const MOST_LINES = 2000

const SECTION = { running: 'running', done: 'done', failed: 'refused' } as const

/** Tells where a training is, in the answer to its command and in its check; what stands there is not written again. */
export async function showProgress(job: TrainingJob, progress: Progress): Promise<void> {
  const { memory, dispatched } = job
  const asked = memory.asked()
  const text = [asked?.told ?? askedText(dispatched, job.request), progressText(progress)].join('\n\n')
  const shown = memory.shown()
  if (shown?.text === text) return
  const quietUntil = shown === null ? 0 : Date.parse(shown.at) + QUIET_MS
  if (progress.is === 'running' && job.clock.now() < quietUntil)
    return lookAgain(job, new Date(quietUntil).toISOString())
  const line = asked?.line ?? lineOf(job)
  const section = { line, command: commandText(job.request), is: SECTION[progress.is], text }
  await keepAnswer(job, { issue: dispatched.issue, comment: dispatched.comment }, [section])
  await showCheck(job, progress, text)
  memory.setShown(text, momentOf(job))
}

async function showCheck(job: TrainingJob, progress: Progress, text: string): Promise<void> {
  const { host, repository, dispatched, correlation, memory, engine, now } = job
  const name = trainingCheckName(dispatched.model, correlation)
  const headSha = memory.asked()?.headSha ?? job.request.sha
  const check = {
    name,
    status: progress.is === 'running' ? ('in_progress' as const) : ('completed' as const),
    conclusion: ({ running: null, done: 'success', failed: 'failure' } as const)[progress.is],
    title: titleText(progress.headline),
    summary: text,
    text: null,
    annotations: [],
    buttons: [],
    detailsUrl: null,
  }
  const desired = [withExternalId(check, { engine, baseRef: now.defaultBranch, pulls: [] })]
  const found = (await host.checksOn(repository, headSha)).filter((one) => one.name === name)
  await publishChecks(job, { headSha, desired, found, force: false })
}

/** The line of the comment that the correlation was made of. */
function lineOf({ dispatched: { comment }, correlation }: TrainingJob): number {
  for (let line = 1; line <= MOST_LINES; line++)
    if (correlationOf(causeOf('comment', [comment, line])) === correlation) return line
  return 1
}
