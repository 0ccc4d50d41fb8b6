import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { ExamTerms, FairnessRequest, MetricsRequest, Subject } from '../gates/evidence.ts'
import type { Scored } from '../measuring/scored.ts'
import type { Exam } from './exam.ts'
import type { Job } from './job.ts'
import { scoresByRunning } from './scores-by-running.ts'
import { scoresFromPredictions } from './scores-from-predictions.ts'

/**
 * Scores of one version on the exam: from the sealed cache, by running the artifact, or from its prediction table.
 *
 * Whoever asks for the same scores at the same time waits for one run.
 *
 * @throws {Unavailable} when the artifact can't be had or run, or predictions can't be joined
 */
export function scoreVersion(job: Job, terms: ExamTerms, exam: Exam, subject: Subject): Promise<Scored> {
  const key = scoresKey(job.engine, terms, subject)
  return job.once(`scores ${key}`, () => keptOrScored(key, job, terms, exam, subject))
}

async function keptOrScored(key: string, job: Job, terms: ExamTerms, exam: Exam, subject: Subject): Promise<Scored> {
  const kept = await job.evidence.get(key)
  if (kept.status === 'sealed') return kept.document as Scored
  if (kept.status === 'not-ours') job.foreign.add(key)
  const isOpaque = (subject.artifact.format ?? 'onnx') === 'opaque'
  const scored = await (isOpaque ? scoresFromPredictions : scoresByRunning)(job, terms, exam, subject)
  await job.evidence.put(key, scored)
  return scored
}

/** Whether scores that a request rests on lay in the cache without our seal, and were computed again. */
export function foreignScores(
  request: { readonly kind: string } | MetricsRequest | FairnessRequest,
  { foreign, engine }: Job,
): boolean {
  if (!('exam' in request) || !('candidate' in request)) return false
  return [request.candidate, request.incumbent].some(
    (subject) => subject !== null && foreign.has(scoresKey(engine, request.exam, subject)),
  )
}

/** Key of a version's scores: everything that they are computed from. */
export function scoresKey(engine: string, exam: ExamTerms, subject: Subject): string {
  const { artifact, files, features, feature_types, classes, signature, threshold, predictions, version } = subject
  const { digest, format = 'onnx' } = artifact
  const answers = {
    digest,
    format,
    files,
    features,
    feature_types,
    classes,
    signature,
    threshold,
    predictions,
    version,
  }
  return evidenceKey({ engine, request: { kind: 'scores', exam, ...answers } })
}
