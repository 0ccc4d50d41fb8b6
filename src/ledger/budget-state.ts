import type { Dispatched, Ended } from './training-fact.ts'

/** One dispatch and what became of it. */
export interface BudgetRun extends Omit<Dispatched, 'kind' | 'request' | 'search'> {
  /** null when it had to be forgotten to keep the state small: of old ended runs first. */
  readonly request: Dispatched['request'] | null
  readonly search: Dispatched['search']
  /** Account id of who asked. */
  readonly account: number
  /** When it was dispatched. */
  readonly at: string
  /** null while it is open: its `gpu_seconds` are reserved. */
  readonly ended: (Omit<Ended, 'kind' | 'correlation' | 'attempt'> & { readonly at: string }) | null
  readonly registered: { readonly version: string; readonly digest: string; readonly pull: number | null } | null
}

/** Settled GPU seconds; null in place of a name sums up what was many small rows. */
export interface SpentRow {
  /** `2026-11`: when the run was dispatched, so that end and reservation meet in one month. */
  readonly month: string
  readonly team: string | null
  readonly model: string | null
  readonly account: number | null
  readonly gpu_seconds: number
  readonly runs: number
}

/** `budget.json`: the fold of the scope `budget`; `/train`, `/tune`, `/status` and `/cancel` read only this. */
export interface BudgetState {
  /** seq of the last line folded in; 0 when there is none. */
  readonly seq: number
  /** Open ones, and the newest that have ended; oldest first. */
  readonly runs: readonly BudgetRun[]
  readonly spent: readonly SpentRow[]
  /** First attempts by account and day (UTC), of the last 40 days. */
  readonly asked: readonly { readonly day: string; readonly account: number; readonly runs: number }[]
  /** Trainings that succeeded, newest last: what the next one will take. */
  readonly lasted: readonly {
    readonly model: string
    readonly seconds: number
    /** First 16 hexadecimal digits of the digest of its parameters. */
    readonly parameters: string
  }[]
  /** What was trained, newest last, by the first 32 hexadecimal digits of its identity. */
  readonly outcomes: readonly {
    readonly identity: string
    readonly correlation: string
    readonly run: number
    readonly version: string | null
  }[]
}

/** A ledger in which nothing was trained. */
export const EMPTY_BUDGET: BudgetState = { seq: 0, runs: [], spent: [], asked: [], lasted: [], outcomes: [] }

/**
 * Whether a run still holds its reservation.
 *
 * @example isOpen({ ended: null }) // => true
 */
export function isOpen({ ended }: Pick<BudgetRun, 'ended'>): boolean {
  return ended === null
}
