import type { ExamRows, Scored } from './scored.ts'

export interface MeasureInput {
  readonly exam: ExamRows
  readonly candidate: Scored
  /** null without incumbent; a text says why an incumbent could not answer on this exam. */
  readonly incumbent: Scored | null | { readonly missing: string }
  /** One mask per distinct `where` of the measures: 1 in, 0 out, 2 null. */
  readonly masks: ReadonlyMap<string, Uint8Array>
}

/** The incumbent's answers, or null when there are none. */
export function answered(incumbent: MeasureInput['incumbent']): Scored | null {
  return incumbent === null || 'missing' in incumbent ? null : incumbent
}
