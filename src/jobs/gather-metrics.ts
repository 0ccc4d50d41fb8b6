import type { FairnessFacts, FairnessRequest, MetricsFacts, MetricsRequest, Subject } from '../gates/evidence.ts'
import { measureFairness } from '../measuring/fairness.ts'
import type { MeasureInput } from '../measuring/measure-input.ts'
import { measureMetrics } from '../measuring/metrics.ts'
import { Unavailable } from '../ports.ts'
import { type Exam, type ExamAsk, readExam } from './exam.ts'
import type { Job } from './job.ts'
import { ofOneClass } from './one-class.ts'
import { scoreVersion } from './score-version.ts'
import { scoresFromPredictions } from './scores-from-predictions.ts'

export async function gatherMetrics(request: MetricsRequest, job: Job): Promise<MetricsFacts> {
  const where = request.measures.flatMap((measure) => (measure.where === undefined ? [] : [measure.where]))
  const { exam, ...answers } = await answersOf(request, job, { where, across: [] })
  return measureMetrics({ exam, ...answers, masks: exam.masks }, request.measures)
}

export async function gatherFairness(request: FairnessRequest, job: Job): Promise<FairnessFacts> {
  const across = [...new Set(request.measures.flatMap((measure) => measure.across))]
  const answers = await answersOf(request, job, { where: [], across })
  const { columns } = answers.exam.table
  return measureFairness({ ...ofOneClass(answers, request.exam.label), columns }, request.measures)
}

/** The exam and what candidate and incumbent answer on it; an incumbent that cannot run says why. */
async function answersOf(
  request: MetricsRequest | FairnessRequest,
  job: Job,
  ask: ExamAsk,
): Promise<Pick<MeasureInput, 'candidate' | 'incumbent'> & { readonly exam: Exam }> {
  const source = await job.files.table(request.exam.data)
  const exam = await readExam(job.tables, source, request.exam, ask)
  const [candidate, incumbent] = await Promise.all([
    scoreVersion(job, request.exam, exam, request.candidate),
    request.incumbent === null ? null : scoreIncumbent(request, job, exam, request.incumbent),
  ])
  return { exam, candidate, incumbent }
}

/** An incumbent that cannot run here may have left predictions on this exam; they are claimed, and say so. */
async function scoreIncumbent(
  request: MetricsRequest | FairnessRequest,
  job: Job,
  exam: Exam,
  subject: Subject,
): Promise<MeasureInput['incumbent']> {
  try {
    return await scoreVersion(job, request.exam, exam, subject)
  } catch (error) {
    if (!(error instanceof Unavailable) && typeof (error as { mend?: unknown }).mend !== 'string') throw error
    const missing = { missing: (error as Error).message }
    if (subject.predictions === undefined) return missing
    return scoresFromPredictions(job, request.exam, exam, subject).catch(() => missing)
  }
}
