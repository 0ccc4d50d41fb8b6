import type { FairnessFacts, FairnessRequest, MetricsFacts, MetricsRequest, Subject } from '../gates/evidence.ts'
import { measureFairness } from '../measuring/fairness.ts'
import { type MeasureInput, measureMetrics } from '../measuring/metrics.ts'
import { Unavailable } from '../ports.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { type Exam, type ExamAsk, readExam } from './exam.ts'
import { scoreVersion } from './score-version.ts'
import type { JobFiles } from './table-files.ts'

export async function gatherMetrics(
  request: MetricsRequest,
  ports: GatherPorts,
  files: JobFiles,
): Promise<MetricsFacts> {
  const where = request.measures.flatMap((measure) => (measure.where === undefined ? [] : [measure.where]))
  const { exam, ...answers } = await answersOf(request, ports, files, { where, across: [] })
  return measureMetrics({ exam, ...answers, masks: exam.masks }, request.measures)
}

export async function gatherFairness(
  request: FairnessRequest,
  ports: GatherPorts,
  files: JobFiles,
): Promise<FairnessFacts> {
  const across = [...new Set(request.measures.flatMap((measure) => measure.across))]
  const { exam, ...answers } = await answersOf(request, ports, files, { where: [], across })
  return measureFairness({ exam, ...answers, columns: exam.table.columns }, request.measures)
}

/** The exam and what candidate and incumbent answer on it; an incumbent that cannot run says why. */
async function answersOf(
  request: MetricsRequest | FairnessRequest,
  ports: GatherPorts,
  files: JobFiles,
  ask: ExamAsk,
): Promise<Pick<MeasureInput, 'candidate' | 'incumbent'> & { readonly exam: Exam }> {
  const source = await files.table(request.exam.data)
  const exam = await readExam(ports.tables, source, request.exam, ask)
  const [candidate, incumbent] = await Promise.all([
    scoreVersion(ports, files, request.exam, exam, request.candidate),
    request.incumbent === null ? null : scoreIncumbent(request, ports, files, exam, request.incumbent),
  ])
  return { exam, candidate, incumbent }
}

async function scoreIncumbent(
  request: MetricsRequest | FairnessRequest,
  ports: GatherPorts,
  files: JobFiles,
  exam: Exam,
  subject: Subject,
): Promise<MeasureInput['incumbent']> {
  try {
    return await scoreVersion(ports, files, request.exam, exam, subject)
  } catch (error) {
    if (error instanceof Unavailable || typeof (error as { mend?: unknown }).mend === 'string')
      return { missing: (error as Error).message }
    throw error
  }
}
