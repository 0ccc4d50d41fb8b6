import type { TableReference } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import type { ExamTerms, Subject } from './evidence.ts'
import type { GateSubject } from './gate.ts'

/** What of a subject decides how a version answers the exam. */
export type ExamSubject = Pick<GateSubject, 'model' | 'exam'>

/** What of a version's record and of model.yml decides its scores on the exam. */
export function examSubject(subject: ExamSubject, record: VersionRecord): Subject {
  const features = subject.model.features ?? []
  const { artifact, files, signature, classes, evaluation } = record
  return {
    model: record.model,
    version: record.version,
    artifact,
    ...(files && { files }),
    features: record.features ?? features.map((feature) => feature.name),
    feature_types: Object.fromEntries(features.map((feature) => [feature.name, feature.type])),
    ...(signature && { signature }),
    ...(classes && { classes }),
    threshold: record.threshold ?? 0.5,
    ...(evaluation.predictions && answersExam(subject.exam?.data, record) && { predictions: evaluation.predictions }),
    ...(evaluation.units && { units: evaluation.units }),
  }
}

/** A table of predictions belongs to the set that its record names; on another exam it is no answer. */
function answersExam(exam: TableReference | undefined, record: VersionRecord): boolean {
  const own = record.evaluation.data
  return own === undefined || exam === undefined || own.digest === exam.digest
}

/** The exam as the governed branch sets it; null when it names no data or no label. */
export function examTerms({ exam, model }: ExamSubject): ExamTerms | null {
  if (exam === null || model.label === undefined) return null
  const { name, positive } = model.label
  const { id, time, unit, weight } = model.columns ?? {}
  return {
    data: exam.data,
    task: model.task,
    label: { name, ...(positive !== undefined && { positive }) },
    columns: { ...(id && { id }), ...(time && { time }), ...(unit && { unit }), ...(weight && { weight }) },
  }
}

/** Why there is no exam, for the finding that says so. */
export function examMissing({ exam, model }: ExamSubject): { readonly because: string; readonly mend: string } | null {
  if (exam === null) {
    return { because: 'no evaluation data is named', mend: 'Name evaluation.data in model.yml.' }
  }
  if (model.label === undefined) {
    return { because: 'model.yml names no label', mend: 'Name the label column in model.yml.' }
  }
  return null
}
