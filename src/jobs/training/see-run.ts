import type { RunNow } from '../../ports/workflow-run.ts'
import { heavyJobs } from '../../training/run-seconds.ts'
import { meaningOfRun, type OurDispatch, type RunMeaning, type RunSeen } from '../../training/run-verdict.ts'
import type { TrainingJob } from './training-job.ts'

/** Jobs whose annotations are read: a search whose every trial failed needs no more to say why. */
const MOST_EXPLAINED = 12

/** A run, its jobs, and what those say that ended badly. */
export async function seeRun({ workflows }: TrainingJob, run: RunNow): Promise<RunSeen> {
  const jobs = await workflows.jobs(run.id)
  const ended = run.status === 'completed' ? heavyJobs(jobs) : []
  const undone = ended.filter(({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped')
  const explained = undone
    .slice(0, MOST_EXPLAINED)
    .map(async ({ id }) => [id, await workflows.annotations(id)] as const)
  return { run, jobs, annotations: new Map(await Promise.all(explained)) }
}

/** What a run means for the newest dispatch. `since`: when GitHub was asked for it, where it shows none yet. */
export async function meaningNow(job: TrainingJob, seen: RunSeen, since = job.dispatched.at): Promise<RunMeaning> {
  return meaningOfRun(await ourDispatch(job, since), seen, job.clock.now())
}

async function ourDispatch(job: TrainingJob, at: string): Promise<OurDispatch> {
  const { correlation, dispatched, request, now, memory } = job
  const [bot = 0] = await job.bots()
  const { attempt, command, workflow, sha } = dispatched
  return {
    ...{ correlation, attempt, command, workflow, sha, bot, at },
    branch: now.defaultBranch,
    limitMinutes: request.limit_minutes,
    isCancelled: ['cancelled', 'enough'].includes(memory.stop()?.why ?? ''),
  }
}
