import type { LatencyFacts, LatencyPercentiles, LatencyRequest, Subject } from '../gates/evidence.ts'
import { Unavailable } from '../ports.ts'
import { percentileOfCalls, ratioOfCalls, timingNoise } from '../statistics/timed-rounds.ts'
import { soundModel } from './artifact.ts'
import type { Job } from './job.ts'
import { pickedColumns, readFeatures, sampleRows } from './measure/explained-tables.ts'
import { type TimedModel, timeInTurns } from './measure/timed-models.ts'

const CONFIDENCE = 0.9
/** Rows of the exam that calls go round on. */
const ROWS = 2000

/**
 * How long candidate and incumbent take to answer, timed in turns on this machine.
 *
 * @throws {Unavailable} when the candidate can't be run, or this is not the machine that the policy asks for
 */
export async function gatherLatency(request: LatencyRequest, job: Job): Promise<LatencyFacts> {
  requireMachine(request, job)
  const candidate = await timedVersion(request, job, request.candidate)
  const incumbent = request.incumbent && (await orReason(timedVersion(request, job, request.incumbent)))
  const theirs = incumbent !== null && !('missing' in incumbent) ? incumbent : null
  const { batch, calls, runner } = request
  const ask = { limits: job.limits, batch, calls, progress: job.progress }
  const models = theirs === null ? [candidate] : [candidate, theirs]
  const [own, other] = await job.inTurn(() => timeInTurns(job.runner, models, ask))
  const versions = [request.candidate.version, request.incumbent?.version ?? '']
  const timed = [own, other].map(
    (one, index) =>
      one && {
        version: versions[index]!,
        ...percentiles((share) => percentileOfCalls(one.rounds, share, CONFIDENCE)),
      },
  )
  const both = other && { candidate: own!.rounds, incumbent: other.rounds }
  return {
    batch,
    calls: own!.rounds.reduce((sum, round) => sum + round.length, 0),
    confidence: CONFIDENCE,
    runner,
    candidate: timed[0]!,
    incumbent: timed[1] ?? null,
    ...(incumbent !== null && 'missing' in incumbent ? { incumbent_missing: incumbent.missing } : {}),
    ratio: both === undefined ? null : percentiles((share) => ratioOfCalls(both, share, CONFIDENCE)),
    noise: timingNoise(own!.rounds),
  }
}

function percentiles(of: (share: number) => LatencyPercentiles['p50']): LatencyPercentiles {
  return { p50: of(0.5), p95: of(0.95), p99: of(0.99) }
}

/** Milliseconds of another machine would be of no use. */
function requireMachine({ runner }: LatencyRequest, { runnerClass }: Job): void {
  if (runner === null || runner === runnerClass) return
  const here = runnerClass == null ? 'nobody has named the class of this one' : `this one is ${runnerClass}`
  throw new Unavailable(
    'unreachable',
    `the policy wants calls timed on a machine of class ${runner}, and ${here}`,
    `Set WEIGHBRIDGE_RUNNER=${runner} where such a machine weighs, or limit p99_max_ratio instead.`,
  )
}

async function timedVersion({ exam }: LatencyRequest, job: Job, subject: Subject): Promise<TimedModel> {
  const { model, version, features, feature_types } = subject
  const called = `${model} ${version}`
  if ((subject.artifact.format ?? 'onnx') === 'opaque')
    throw new Unavailable('missing', `${called} is opaque, so it cannot be run`, 'Export the model to ONNX.')
  const file = await soundModel(subject, job)
  const source = await job.files.table(exam.data)
  const isText = (name: string): boolean => feature_types[name] === 'category' || feature_types[name] === 'text'
  const { columns } = await readFeatures(job.tables, source, { names: features, texts: features.filter(isText) }, null)
  const session = await job.runner.open(file, job.limits)
  const rows = pickedColumns(columns, sampleRows(columns, ROWS, 0))
  try {
    // a model that cannot answer is told apart from one that is slow, before anything is timed
    await session.time(rows, features, { batch: 1, calls: 1 })
  } finally {
    session.close()
  }
  return { called, file, columns: rows, order: features }
}

/** An incumbent that cannot run says why; the candidate's own latency is known all the same. */
async function orReason(timed: Promise<TimedModel>): Promise<TimedModel | { readonly missing: string }> {
  try {
    return await timed
  } catch (error) {
    if (error instanceof Unavailable || typeof (error as { readonly mend?: unknown }).mend === 'string')
      return { missing: (error as Error).message }
    throw error
  }
}
