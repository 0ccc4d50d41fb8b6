import { scoresOf } from '../adapters/onnx/scores.ts'
import type { ExamTerms, Subject } from '../gates/evidence.ts'
import type { Scored } from '../measuring/scored.ts'
import { soundModel } from './artifact.ts'
import { type Exam, nullLabels } from './exam.ts'
import type { Job } from './job.ts'

/**
 * Scores of a version by running its artifact on the exam's features.
 *
 * @throws {Unavailable} when the artifact is not what its record says, or can't be run
 */
export async function scoresByRunning(job: Job, terms: ExamTerms, exam: Exam, subject: Subject): Promise<Scored> {
  const { model: name, version, features: order, feature_types, classes, threshold } = subject
  const model = await soundModel(subject, job)
  const isText = (feature: string) => feature_types[feature] === 'category' || feature_types[feature] === 'text'
  const features = await job.tables.read(exam.source, { columns: order, asCategory: order.filter(isText) })
  const outputs = await job.inTurn(() => {
    job.progress(`running ${name} ${version} on ${exam.rows.toLocaleString('en')} rows`)
    return job.runner.run(model, features.columns, order, job.limits)
  })
  const { score, prediction, problems } = scoresOf({
    task: exam.task,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    positive: terms.label.positive ?? 1,
    threshold,
    rows: exam.rows,
  })
  const dropped = { label_null: nullLabels(exam), score_null: 0 }
  return { score, prediction, facts: { version, rows: exam.rows, dropped, provenance: 'recomputed', problems } }
}
