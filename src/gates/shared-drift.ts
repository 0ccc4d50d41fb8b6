import type { DriftColumn, DriftFacts, DriftRequest } from './evidence.ts'
import type { SharedTerms } from './shared-estimates.ts'
import { told, toldCode } from './shared-texts.ts'

/** Drift without the categories that production brought: how many rows hold one is told, what they hold is not. */
export function sharedDrift(facts: DriftFacts, { columns: asked }: DriftRequest, terms: SharedTerms): DriftFacts {
  const known = new Set(asked.map(({ name }) => name))
  return {
    ...facts,
    columns: facts.columns.map((column, index) => ({
      ...sharedColumn(column, terms),
      column: known.has(column.column) ? column.column : `column ${index + 1}`,
    })),
  }
}

function sharedColumn(column: DriftColumn, { names }: SharedTerms): DriftColumn {
  const { reason, notes } = column
  return {
    ...column,
    ...(reason !== undefined && { reason: toldCode(reason) }),
    unseen_values: [],
    notes: notes.map(({ code, message }) => ({
      code: toldCode(code),
      message: told(message, names, 'has a note whose text may quote the data'),
    })),
  }
}
