import { z } from 'zod'
import { nameSchema } from '../registry/names.ts'
import type { LedgerState, ModelScope } from './fact.ts'

/** In a scope: whatever model there is or will be. No model can bear this name. */
export const EVERY_MODEL = '*'

/** A model, or all of them. */
export const scopedModelSchema = z.union([nameSchema, z.literal(EVERY_MODEL)])

/** The scope of what concerns a whole environment. */
export function everyModelOf(environment: string): ModelScope {
  return { environment, model: EVERY_MODEL }
}

/**
 * A scope as a folder: no file system minds it.
 *
 * @example scopeFolder({ environment: 'production', model: '*' }) // => 'production/_'
 */
export function scopeFolder({ environment, model }: ModelScope): string {
  return `${environment}/${model === EVERY_MODEL ? '_' : model}`
}

/**
 * A model's state with what concerns its whole environment: of two freezes the one that ends later, and what is held
 * whatever it promotes.
 *
 * @param whole  state of `everyModelOf` the same environment
 */
export function withEnvironment(state: LedgerState, whole: LedgerState): LedgerState {
  const others = whole.held.filter(({ pull }) => !state.held.some((one) => one.pull === pull))
  return { ...state, frozen: longer(state.frozen, whole.frozen), held: [...state.held, ...others] }
}

/** A moment that cannot be read is no end. */
function longer(a: LedgerState['frozen'], b: LedgerState['frozen']): LedgerState['frozen'] {
  if (a === null || b === null) return a ?? b
  const end = ({ until }: NonNullable<LedgerState['frozen']>) => {
    const at = until === null ? Number.NaN : Date.parse(until)
    return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at
  }
  return end(a) > end(b) ? a : b
}
