import type { TableSource, Tables } from '../../ports.ts'

/** What is to be estimated, and from which tables. */
export interface EstimateAsk {
  readonly tables: Tables
  /** The version's evaluation set, with labels. */
  readonly calibration: TableSource
  /** Rows of production, without. */
  readonly window: TableSource
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly label: string
  /** Score of the positive class. */
  readonly score?: string
  /** Multiclass: columns of this name and a class. */
  readonly scorePrefix?: string
  readonly prediction?: string
  /** Binary: predicted positive over it; 0.5 without. */
  readonly threshold?: number
  /** Label of the positive class; 1 without. */
  readonly positive?: string | number | boolean
  /** The model's inputs; without, all columns of both tables that are nothing else. */
  readonly columns?: readonly string[]
  readonly except?: readonly string[]
  readonly critical?: readonly string[]
  readonly confidence?: number
  readonly seed?: number
  readonly progress?: (done: number, of: number, what: string) => void
}
