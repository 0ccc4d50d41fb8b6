import { withLane } from '../../adapters/github/lane.ts'
import type { Leased, Work } from '../../ports/inbox.ts'
import { answerComment } from '../comments/answer-comment.ts'
import { tellHowToWaive } from '../comments/how-to-waive.ts'
import { tellDeadComment } from '../comments/tell-dead-comment.ts'
import { cancelClosed } from '../training/cancel-closed.ts'
import { followTraining } from '../training/follow-training.ts'
import { tellDeadTraining } from '../training/tell-dead-training.ts'
import { baseMoved } from './base-moved.ts'
import { DONE, type JobContext, type JobOutcome, type RepositoryJob } from './job-context.ts'
import { redeliverFailed } from './redeliver.ts'
import { resolveHead } from './resolve-head.ts'
import { sweepInstallation, sweepRepository } from './sweep.ts'
import { tellDead } from './tell-dead.ts'
import { weighGroup } from './weigh-group.ts'
import { weighPull } from './weigh-pull.ts'

/** Does a piece of work, whatever it is about. */
export function runWork(context: JobContext, leased: Leased): Promise<JobOutcome> {
  return withLane(leased.work.lane, () => run(context, leased))
}

/** Says on GitHub that a piece of work was given up. */
export async function onDeadWork(context: JobContext, work: Work): Promise<void> {
  const leased: Leased = { work, attempt: 0, queuedAt: '', isDirty: () => false, headsSince: () => [] }
  const job = jobOf(context, leased)
  if (job === null) return
  const { subject, lane } = work
  await withLane(lane, () => {
    if (subject.kind === 'comment') return tellDeadComment(job, subject)
    return subject.kind === 'training' ? tellDeadTraining(job, subject.correlation) : tellDead(job, work)
  })
}

async function run(context: JobContext, leased: Leased): Promise<JobOutcome> {
  const { subject } = leased.work
  if (subject.kind === 'installation') return sweepInstallation(context, subject)
  if (subject.kind === 'deliveries') return redeliverFailed(context)
  const job = jobOf(context, leased)
  if (job === null) return DONE
  switch (subject.kind) {
    case 'pull':
      return weighPull(job, subject.number)
    case 'base':
      return baseMoved(job, subject)
    case 'group':
      return weighGroup(job, subject)
    case 'head':
      await tellHowToWaive(job, subject.sha)
      return resolveHead(job, subject.sha)
    case 'repository':
      return sweepRepository(job)
    case 'comment':
      return answerComment(job, subject)
    case 'training':
      return followTraining(job, subject.correlation)
    case 'thread-closed':
      return cancelClosed(job, subject.number)
  }
}

function jobOf(context: JobContext, leased: Leased): RepositoryJob | null {
  const { repository } = leased.work
  if (repository === null) return null
  return { ...context, host: context.appHost.weigher(repository.installation), repository, leased }
}
