import { classKey } from '../adapters/onnx/class-columns.ts'
import { type Scores, scoresOf } from '../adapters/onnx/scores.ts'
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
  const scores = scoresOf({
    task: exam.task,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    positive: terms.label.positive ?? 1,
    threshold,
    rows: exam.rows,
  })
  const dropped = { label_null: nullLabels(exam), score_null: 0 }
  const { score, prediction, problems } = scores
  return {
    score,
    prediction,
    ...(exam.task === 'multiclass' ? classesOf(scores, classes) : {}),
    facts: { version, rows: exam.rows, dropped, provenance: 'recomputed', problems },
  }
}

/** The classes that a model speaks of, by the record's names, else by their places. */
function classesOf(
  { prediction, probabilities }: Scores,
  named: Subject['classes'],
): Pick<Scored, 'classes' | 'probabilities'> {
  const highest = prediction.reduce((most, place) => Math.max(most, Number.isNaN(place) ? 0 : place), 0)
  const names = named ?? Array.from({ length: probabilities?.width ?? highest + 1 }, (_, place) => place)
  return { classes: names.map(classKey), probabilities: probabilities?.values ?? null }
}
