import { classKey } from '../adapters/onnx/class-columns.ts'
import type { ExamTerms } from '../gates/evidence.ts'
import type { MeasureInput } from '../measuring/measure-input.ts'
import { answersAgainstRest, examAgainstRest } from '../measuring/one-against-rest.ts'
import { Unavailable } from '../ports.ts'

type Answered = Pick<MeasureInput, 'exam' | 'candidate' | 'incumbent'>

/**
 * Of several classes the favourable one against the rest; of two nothing changes.
 *
 * @throws {Unavailable} when no row is of that class
 */
export function ofOneClass(answers: Answered, { name, positive = 1 }: ExamTerms['label']): Answered {
  const { exam, candidate, incumbent } = answers
  if (exam.task !== 'multiclass') return answers
  const favourable = classKey(positive)
  if (exam.classes?.includes(favourable) !== true)
    throw new Unavailable(
      'missing',
      `no row of the exam has ${name} ${JSON.stringify(positive)}, the favourable class`,
      `Name one of its classes as label.positive: ${exam.classes?.slice(0, 8).join(', ')}.`,
    )
  return {
    exam: examAgainstRest(exam, favourable),
    candidate: answersAgainstRest(candidate, favourable),
    incumbent: incumbent === null || 'missing' in incumbent ? incumbent : answersAgainstRest(incumbent, favourable),
  }
}
