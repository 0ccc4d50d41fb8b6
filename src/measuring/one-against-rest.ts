import type { ExamRows, Scored } from './scored.ts'

/**
 * One class of several against all others: 1 where it is the truth or the answer, 0 where another one is.
 *
 * @param name  the class, as `classes` have it
 * @example [...classAgainstRest(Float64Array.of(0, 2, 1), ['a', 'b', 'c'], 'c')] // => [0, 1, 0]
 */
export function classAgainstRest(places: Float64Array, classes: readonly string[], name: string): Float64Array {
  const own = classes.indexOf(name)
  return places.map((place) => (Number.isNaN(place) ? place : place === own ? 1 : 0))
}

/** The exam as one of two classes. */
export function examAgainstRest<Exam extends ExamRows>(exam: Exam, name: string): Exam & { readonly task: 'binary' } {
  return { ...exam, task: 'binary', label: classAgainstRest(exam.label, exam.classes ?? [], name) }
}

/** Answers as one of two classes; without a score, as the class said is the most probable of all. */
export function answersAgainstRest(scored: Scored, name: string): Scored {
  const { facts, prediction, classes = [] } = scored
  return { facts, score: null, prediction: classAgainstRest(prediction, classes, name) }
}
