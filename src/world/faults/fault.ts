import type { CallAddress } from './call-address.ts'
import { printAddress } from './call-address.ts'

/** Before: nothing happened. After: it happened, and the answer is lost. */
export type When = 'before' | 'after'

/** What goes wrong with one call. */
export type Effect =
  | { readonly kind: 'status'; readonly status: 500 | 502 | 503 | 504; readonly when: When }
  /** The connection breaks. */
  | { readonly kind: 'no-answer'; readonly when: When }
  /** GitHub's secondary limit: nothing happened, come back later. */
  | { readonly kind: 'limited'; readonly status: 403 | 429; readonly retryAfterS: number }
  /** The hour's budget is spent until a moment. */
  | { readonly kind: 'exhausted'; readonly resetInS: number }
  /** The program that called is dead from here on. */
  | { readonly kind: 'kill'; readonly when: When }
  /** HTTP 200 with `data: null`, as GraphQL answers what is too much work. */
  | { readonly kind: 'resource-limits' }
  /** Texts of files end early, and say so. */
  | { readonly kind: 'truncated' }
  /** Whether it can be merged is not known yet. */
  | { readonly kind: 'null-mergeability' }

/** One call, and what goes wrong with it. */
export interface Fault {
  readonly at: CallAddress
  readonly effect: Effect
}

/** A call of a run, with what can go wrong with it. */
export interface RecordedCall {
  readonly address: CallAddress
  readonly isWrite: boolean
  readonly status: number
  /** The answer told of mergeability, or held texts of files: those can go missing from it. */
  readonly tellsMergeability: boolean
  readonly holdsTexts: boolean
}

/** Everything that can go wrong with a call; after a read nothing has happened, so only its answer can be lost. */
export function effectsOn({ address, isWrite, tellsMergeability, holdsTexts }: RecordedCall): readonly Effect[] {
  const both: readonly When[] = isWrite ? ['before', 'after'] : ['before']
  return [
    ...both.map((when): Effect => ({ kind: 'status', status: 502, when })),
    ...both.map((when): Effect => ({ kind: 'no-answer', when })),
    { kind: 'status', status: 500, when: 'before' },
    { kind: 'limited', status: 403, retryAfterS: 60 },
    { kind: 'limited', status: 429, retryAfterS: 5 },
    { kind: 'exhausted', resetInS: 120 },
    { kind: 'kill', when: 'before' },
    { kind: 'kill', when: 'after' },
    ...(address.operation.startsWith('graphql') && !isWrite ? [{ kind: 'resource-limits' } as const] : []),
    ...(tellsMergeability ? [{ kind: 'null-mergeability' } as const] : []),
    ...(holdsTexts ? [{ kind: 'truncated' } as const] : []),
  ]
}

export function printFault({ at, effect }: Fault): string {
  return `${printEffect(effect)} at ${printAddress(at)}`
}

function printEffect(effect: Effect): string {
  const when = 'when' in effect ? ` ${effect.when}` : ''
  const status = 'status' in effect ? ` ${effect.status}` : ''
  return `${effect.kind}${status}${when}`
}
