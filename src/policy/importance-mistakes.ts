import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { PolicyFile } from './policy-file.ts'

/**
 * Limits on the importance of columns that no model takes: a feature misspelt would never be limited.
 *
 * A policy of an environment may name the features of any model, a model's own policy only those of its model.
 *
 * @param features  names of features that the policy may limit; empty: nothing is known, so nothing is said
 */
export function importanceMistakes(file: PolicyFile, features: readonly string[]): readonly Mistake[] {
  const rule = file.policy.gates?.explainability as { readonly max_importance?: object } | undefined
  if (features.length === 0) return []
  return Object.keys(rule?.max_importance ?? {})
    .filter((column) => !features.includes(column))
    .map((column) => ({
      ...file.place('gates.explainability.max_importance'),
      where: 'gates.explainability.max_importance',
      what: `${column} is a feature of no model here, so nothing would limit it`,
      mend: suggest(column, [...new Set(features)], 'Features'),
      severity: 'error',
    }))
}
