import type { ExplainabilityFacts, ImportanceFacts } from './evidence.ts'
import type { SharedTerms } from './shared-estimates.ts'
import { told } from './shared-texts.ts'

/** Importance without a name that the repository does not spell: numbers of all rows together, no value of a row. */
export function sharedExplainability(facts: ExplainabilityFacts, { names }: SharedTerms): ExplainabilityFacts {
  const { candidate, incumbent, incumbent_missing, shift } = facts
  const nameOf = (column: string, index: number): string => (names.has(column) ? column : `column ${index + 1}`)
  const named = <Entry extends { readonly column: string }>(columns: readonly Entry[]): readonly Entry[] =>
    columns.map((entry, index) => ({ ...entry, column: nameOf(entry.column, index) }))
  const version = (one: ImportanceFacts): ImportanceFacts => ({ ...one, columns: named(one.columns) })
  return {
    ...facts,
    candidate: version(candidate),
    incumbent: incumbent && version(incumbent),
    ...(incumbent_missing !== undefined && { incumbent_missing: told(incumbent_missing, names) }),
    shift: shift && {
      ...shift,
      ...(shift.because !== undefined && { because: told(shift.because, names) }),
      columns: named(shift.columns),
    },
  }
}
