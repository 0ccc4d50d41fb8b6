import type { OperationId } from './operations.ts'
import type { Schema } from './published-types.ts'

/**
 * Answers that GitHub describes wrongly, with what its own example and its other operations show.
 *
 * The list of installations is written out by hand there, with an account that must be a user *and* an enterprise.
 */
export const CORRECTED_ANSWERS: Readonly<Partial<Record<OperationId, Readonly<Record<string, Schema>>>>> = {
  'apps/list-installations': { '200': { type: 'array', items: { $ref: '#/components/schemas/installation' } } },
}

/** Permissions come faster than their descriptions: `merge_queues` and others are real and not published. */
export function isLagging(problem: string): boolean {
  return /\/permissions\/[a-z_]+ is not published here$/.test(problem)
}

/** Written with the format of one moment, and explained in prose as a range: `>=2026-11-18T10:00:00Z`. */
export const CORRECTED_QUERIES: Readonly<Partial<Record<OperationId, Readonly<Record<string, Schema>>>>> = {
  'actions/list-workflow-runs': { created: { type: 'string' } },
  'actions/list-workflow-runs-for-repo': { created: { type: 'string' } },
}
