import type {
  ProfileAsk,
  QualityAnswer,
  QualityAsk,
  TableQuery,
  TableRows,
  TableShape,
  TableSource,
} from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { BadTableCode } from './bad-table.ts'

/** What the reader process is held to; the first message it gets. */
export interface TableLimits {
  /** The only folder that it can see. */
  readonly folder: string
  /** A folder below it for what is unpacked or does not fit into memory; removed by the parent. */
  readonly scratch: string
  readonly memoryMb: number
}

export type TableQuestion =
  | { readonly ask: 'describe'; readonly source: TableSource }
  | { readonly ask: 'read'; readonly source: TableSource; readonly query: TableQuery }
  | { readonly ask: 'quality'; readonly source: TableSource; readonly about: QualityAsk }
  | { readonly ask: 'profile'; readonly source: TableSource; readonly about: ProfileAsk }

export interface TableRequest {
  readonly id: number
  readonly limits: TableLimits
  readonly question: TableQuestion
}

export type TableAnswer = TableShape | TableRows | QualityAnswer | Profile

/** An error as it crosses the process border; `unexpected` is a bug of ours. */
export type TableFailure =
  | {
      readonly kind: 'bad-table'
      readonly code: BadTableCode
      readonly message: string
      readonly mend: string
      readonly line: number | null
    }
  | {
      readonly kind: 'unavailable'
      readonly status: 'missing' | 'unreachable'
      readonly message: string
      readonly mend: string
    }
  | { readonly kind: 'unexpected'; readonly message: string }

export type TableReply =
  | { readonly id: number; readonly ok: true; readonly answer: TableAnswer }
  | { readonly id: number; readonly ok: false; readonly failure: TableFailure }
