import type { EndConclusion } from '../../ledger/training-fact.ts'
import type { RunNow } from '../../ports/workflow-run.ts'
import { openScrub, type Scrub } from '../../report/scrub.ts'
import { decideEnd, newestRunOf } from '../../training/decide-dispatch.ts'
import type { RunEnd } from '../../training/run-verdict.ts'
import { momentOf } from '../github/job-context.ts'
import type { TrainingJob } from './training-job.ts'
import type { StopWish } from './training-memory.ts'

/** How a dispatch ended, whether or not there ever was a run. */
export interface EndSeen {
  readonly is: RunEnd['is'] | 'refused' | 'lost'
  readonly because: string
  readonly gpuSeconds: number
}

/** A script may say anything in its error, and the ledger keeps it for ever: nothing like a secret, and not too long. */
const scrub: Scrub = openScrub([])

/** Writes the end of the newest dispatch into the ledger, once: from then on nothing is reserved for it. */
export async function keepEnd(job: TrainingJob, end: EndSeen, run: RunNow | null): Promise<TrainingJob> {
  const { correlation, dispatched, memory } = job
  const stop = memory.stop()
  const fact = {
    kind: 'ended',
    correlation,
    attempt: dispatched.attempt,
    run: run?.id ?? null,
    conclusion: conclusionOf(end, stop),
    gpu_seconds: end.gpuSeconds,
    because: scrub(end.is === 'success' || stop === null ? end.because : stop.says),
  } as const
  const ledger = job.openLedger(job.host, job.repository)
  const { budget } = await ledger.appendBudget((newest) => decideEnd(newest, fact, momentOf(job)))
  return { ...job, budget, dispatched: newestRunOf(budget, correlation) ?? { ...dispatched, ended: null } }
}

function conclusionOf({ is }: EndSeen, stop: StopWish | null): EndConclusion {
  if (is === 'success' || is === 'preempted' || is === 'timed-out' || is === 'lost') return is
  if (stop !== null) return stop.why === 'cancelled' || stop.why === 'enough' ? 'cancelled' : 'timed-out'
  return is === 'failed' ? 'failure' : is
}
