import type { VersionName } from './version-name.ts'

/** What somebody asked for in a comment, read and typed. Nothing in it was looked up yet. */
export type Command =
  | { readonly name: 'help'; readonly command: string | null }
  | { readonly name: 'status'; readonly model: string | null }
  | TrainCommand
  | TuneCommand
  /** What the thread started last, or one run by its correlation id. */
  | { readonly name: 'cancel'; readonly correlation: string | null }
  /** Without a version: what the environment before serves or, for a first one, the newest release that is not retired. */
  | {
      readonly name: 'promote'
      readonly model: string
      readonly version: string | null
      readonly environment: string
    }
  | { readonly name: 'compare'; readonly a: VersionName; readonly b: VersionName }
  /** Without gates: all of them. */
  | { readonly name: 'weigh'; readonly gates: readonly string[] }
  | { readonly name: 'explain'; readonly gate: string | null }
  | { readonly name: 'waive'; readonly gate: string; readonly until: string; readonly reason: string }
  | { readonly name: 'hold'; readonly reason: string }
  | { readonly name: 'unhold'; readonly reason: string | null }
  | { readonly name: 'freeze'; readonly environment: string; readonly until: string; readonly reason: string }
  | { readonly name: 'unfreeze'; readonly environment: string; readonly reason: string | null }
  | { readonly name: 'retire'; readonly model: string; readonly version: string; readonly reason: string }

export interface TrainCommand {
  readonly name: 'train'
  readonly model: string
  /** As written, `learning_rate` -> `0.02`; model.yml says what they may be. */
  readonly parameters: ReadonlyMap<string, string>
  /** null: model.yml's. */
  readonly runner: string | null
  readonly seed: number | null
  /** Train even though the same code, data, parameters and seed were trained before. */
  readonly again: boolean
}

export interface TuneCommand {
  readonly name: 'tune'
  readonly model: string
  readonly trials: number
  readonly parallel: number
  /** null: the first metric of the environment's policy, else the task's own. */
  readonly metric: string | null
  readonly search: 'random' | 'sobol' | 'halving'
  /** As good as this is good enough: no further trial begins; null: all of them run. */
  readonly target: number | null
  /** No better within so many trials: no further one begins; null: all of them run. */
  readonly patience: number | null
  /** Parameters that are held fixed, as written. */
  readonly parameters: ReadonlyMap<string, string>
  readonly runner: string | null
  readonly seed: number | null
}

export type CommandName = Command['name']
