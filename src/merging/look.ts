import type { NewFact } from '../ledger/fact.ts'
import type { ChangeKind } from '../registry/change.ts'
import { causeOf } from './cause-of.ts'

/** A promotion, as far as a look at its exam is told by it. */
export interface LookedAt {
  readonly environment: string
  readonly model: string
  readonly to: string
  readonly kind: ChangeKind
  readonly artifactDigest: string | null
  readonly evaluationDigest: string | null
}

/**
 * The fact that a version was judged on an exam: told once for each artifact of a version, however often it is weighed,
 * and whether or not it lands.
 *
 * @param by  who caused it (0: the app's own weighing) and when, ISO 8601
 * @returns null for a rollback, and where there is no exam or no record: nobody looked
 */
export function lookOf(
  { environment, model, to, kind, artifactDigest, evaluationDigest }: LookedAt,
  by: Pick<NewFact, 'actorId' | 'at'>,
): NewFact | null {
  if (evaluationDigest === null || artifactDigest === null || kind === 'rollback') return null
  const cause = causeOf('looked', environment, model, to, evaluationDigest, artifactDigest)
  const fact = { kind: 'looked', version: to, evaluation: evaluationDigest, artifact: artifactDigest } as const
  return { scope: { environment, model }, fact, cause, ...by }
}
