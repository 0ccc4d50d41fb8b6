import type { GateSubject } from './gate.ts'

/** Groups and slices of fewer rows than this stand in no sentence and beside no finding: a count of three is a secret. */
export function smallestTold({ configuration }: Pick<GateSubject, 'configuration'>): number {
  return configuration.privacy?.min_group ?? 10
}
