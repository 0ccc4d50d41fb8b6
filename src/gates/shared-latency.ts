import type { LatencyFacts } from './evidence.ts'
import type { SharedTerms } from './shared-estimates.ts'
import { told } from './shared-texts.ts'

/** Timings hold no value of a row; only the words of why an incumbent did not run may name one. */
export function sharedLatency(facts: LatencyFacts, { names }: SharedTerms): LatencyFacts {
  const { incumbent_missing } = facts
  return incumbent_missing === undefined ? facts : { ...facts, incumbent_missing: told(incumbent_missing, names) }
}
