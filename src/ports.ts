import type { Profile } from './profiles/column-profile.ts'
import type { ChangedPath } from './registry/change.ts'

/** One repository at one commit, or base tip with a pull request's changes laid over it. Immutable. */
export interface Snapshot {
  readonly repository: string
  readonly sha: string
  /** Regular files, links and submodules below a folder, sorted by path; '' is the root. */
  list(folder: string): Promise<readonly TreeEntry[]>
  /** Files that exist, links as the text of their target; absent paths are absent from the map. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, SnapshotFile>>
}

export interface SnapshotFile {
  readonly bytes: Uint8Array
  /** Git mode: 100644, 100755, 120000 (link), 160000 (submodule, without bytes). */
  readonly mode: string
}

export interface TreeEntry {
  readonly path: string
  /** Git mode: 100644, 100755, 120000 (link), 160000 (submodule). */
  readonly mode: string
  readonly oid: string
  readonly size_bytes: number | null
}

/** A Git repository, as far as weighing needs it. */
export interface Repository {
  resolve(ref: string): Promise<string>
  mergeBase(a: string, b: string): Promise<string>
  /** Changed paths between two commits, renames as removal and addition. */
  diff(from: string, to: string): Promise<readonly ChangedPath[]>
  snapshot(sha: string): Promise<Snapshot>
  /**
   * First-parent commits of `ref`, newest first, that changed anything below `folder` whose text holds `needle`.
   *
   * @param since  a path: commits from before it was there need not be looked at
   */
  history(ref: string, folder: string, needle: string, since?: string): Promise<readonly string[]>
  /** Whether any commit up to this one ever changed a path, where that is cheap to tell. */
  readonly touched?: (sha: string, path: string) => Promise<boolean>
}

/** A local file whose bytes are those of a digest; it lives in a job's own folder and goes with it. */
export interface LocalFile {
  readonly path: string
  readonly digest: string
  readonly size_bytes: number
}

/** Bytes by URI: `file:` and `s3://`, only below the prefixes that it was opened with. */
export interface ObjectStore {
  /** Copies the object into `folder` while hashing it; refuses more than `maxBytes`. */
  fetch(uri: string, folder: string, options: { readonly maxBytes: number }): Promise<LocalFile>
  /** Objects directly or deeper below a prefix that ends in `/`, sorted by URI. */
  list(prefix: string): Promise<readonly { readonly uri: string; readonly size_bytes: number }[]>
  /** Small objects, evidence mainly; undefined when absent. */
  get(uri: string): Promise<Uint8Array | undefined>
  put(uri: string, bytes: Uint8Array): Promise<void>
  /** Writes an object that must not be there yet; of two writers exactly one hears `written`. */
  putNew(uri: string, bytes: Uint8Array): Promise<'written' | 'exists'>
}

export type ColumnType = 'number' | 'category' | 'boolean' | 'time' | 'nested'

export interface ColumnInfo {
  readonly name: string
  readonly type: ColumnType
  /** The reader's own type word, for messages. */
  readonly stored: string
}

/** A column in memory, in row order. */
export type Column =
  | {
      readonly type: 'number' | 'time'
      readonly values: Float64Array /* null is NaN with nulls[i] = 1; time is ms since 1970 UTC */
      readonly nulls: Uint8Array
    }
  | {
      readonly type: 'category' | 'boolean'
      readonly codes: Int32Array /* -1 is null */
      readonly values: readonly string[]
    }

export interface TableSource {
  readonly files: readonly LocalFile[]
  readonly format: 'parquet' | 'csv' | 'jsonl'
  /** What people call it in messages: the URI. */
  readonly called: string
}

export interface TableShape {
  readonly rows: number
  readonly columns: readonly ColumnInfo[]
  readonly warnings: readonly { readonly code: string; readonly column?: string; readonly message: string }[]
}

export interface TableQuery {
  readonly columns: readonly string[]
  /** Read these as categories whatever their type (group columns, ids as text). */
  readonly asCategory?: readonly string[]
  /** Read these as numbers: booleans as 0 and 1, text only when every value is a number. */
  readonly asNumber?: readonly string[]
  /** Slices: expressions of the policy's language; each gives one mask. */
  readonly where?: readonly string[]
}

export interface TableRows {
  readonly rows: number
  readonly columns: ReadonlyMap<string, Column>
  /** 1 in, 0 out, 2 null; same order as `where`. */
  readonly masks: readonly Uint8Array[]
}

/** Tables, read in a child process that sees only its own folder. */
export interface Tables {
  describe(source: TableSource): Promise<TableShape>
  read(source: TableSource, query: TableQuery): Promise<TableRows>
  quality(source: TableSource, ask: QualityAsk): Promise<QualityAnswer>
  profile(source: TableSource, ask: ProfileAsk): Promise<Profile>
  close(): Promise<void>
}

/** Which columns are profiled, and how. */
export interface ProfileAsk {
  /** null: all of them. */
  readonly columns: readonly string[] | null
  readonly asCategory: readonly string[]
  /** Columns of which only the rows are counted. */
  readonly withheld: readonly { readonly column: string; readonly because: 'personal' | 'undeclared' }[]
  /** Edges of a reference that numbers are counted on. */
  readonly edges: readonly { readonly column: string; readonly edges: readonly number[] }[]
}

export interface QualityAsk {
  readonly id: string | null
  readonly label: string | null
  readonly features: readonly string[]
  readonly reference: TableSource | null
  readonly ranges: readonly {
    readonly column: string
    readonly min?: number
    readonly max?: number
    readonly values?: readonly (string | number | boolean)[]
  }[]
  /** Look closer: at values, scores, times, and what gives the label away. */
  readonly closer?: CloserAsk
}
export interface CloserAsk {
  /** The label's positive class as text; null: the later of two. */
  readonly positive: string | null
  readonly time: string | null
  readonly scores: readonly string[]
  /** Columns of groups, counted. */
  readonly groups: readonly string[]
  /** Columns whose values may be named, where at least 10 rows have them. */
  readonly named: readonly string[]
  /** false: leaks alone are looked for. */
  readonly values: boolean
}
export interface QualityAnswer {
  readonly rows: number
  readonly columns: readonly {
    readonly column: string
    readonly type: ColumnType
    readonly missing: number
    readonly distinct: number
    readonly below_min: number
    readonly above_max: number
    readonly unseen: number
  }[]
  readonly duplicates: { readonly rows: number; readonly by: 'id' | 'row' }
  readonly label_null: number
  readonly conflicting_labels: number
  readonly overlap: { readonly share: number; readonly chance: number; readonly by: 'id' | 'row' } | null
  readonly closer?: CloserAnswer
}
export interface CloserAnswer {
  /** What by itself tells the classes of a binary label apart: a feature, the id, or the place of the row. */
  readonly leaks: readonly {
    readonly column: string | null
    readonly of: 'feature' | 'id' | 'place'
    readonly auc: number
    readonly positives: number
    readonly negatives: number
  }[]
  readonly columns: readonly ClosedColumn[]
  /** Surplus rows that equal another in every column. */
  readonly equal_rows: number
  /** Columns that hold the same in every row, constant ones aside. */
  readonly identical: readonly (readonly [string, string])[]
  readonly label: { readonly classes: number; readonly rarest_rows: number; readonly known: number } | null
  readonly scores: readonly {
    readonly column: string
    readonly missing: number
    readonly not_finite: number
    readonly outside: number
    /** Ids of rows without a finite score (without an id column: their places from 1), the first 20. */
    readonly ids: readonly string[]
  }[]
  /** Null unless both tables have the column as a time or a number. */
  readonly times: {
    readonly from: number
    readonly until: number
    readonly reference_from: number
    readonly reference_until: number
    /** Rows that are not younger than the youngest row of the reference. */
    readonly not_after: number
    /** Rows of the reference that are not older than the oldest row of the table. */
    readonly reference_not_before: number
    readonly is_time: boolean
  } | null
  readonly groups: readonly { readonly column: string; readonly small: number; readonly smallest: number }[]
}
/** What looking at the values of one column shows. */
export interface ClosedColumn {
  readonly column: string
  /** Values beyond 10 interquartile ranges from the quartiles; null where the quartiles are equal, or there are none. */
  readonly outliers: number | null
  readonly infinite: number
  /** An extreme that looks written in place of a number: -999, 9999. */
  readonly sentinels: readonly { readonly value: number; readonly rows: number }[]
  /** Rows of a text column that are numbers. */
  readonly numbers: number
  /** Rows whose text stands for nothing: `?`, `N/A`. */
  readonly blanks: number
  /** Values that differ only in case, spaces or Unicode form. */
  readonly variants: { readonly values: number; readonly rows: number; readonly examples: readonly string[] }
  /** Rows whose value is neither declared nor in the reference. */
  readonly unseen: { readonly rows: number; readonly values: number; readonly examples: readonly string[] } | null
}

/** What a model answers for a table of features, row by row. */
export interface ModelOutputs {
  readonly outputs: readonly ModelOutput[]
  readonly rows: number
}
export interface ModelOutput {
  readonly name: string
  /** [rows] or [rows, width], row-major. */
  readonly width: number
  readonly values: Float64Array | readonly string[]
}
export interface ModelLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
}
/** An input of a model; a free dimension is null. */
export interface ModelInput {
  readonly name: string
  /** float32, int64, string, ... */
  readonly type: string
  readonly shape: readonly (number | null)[]
}
/** A model that was opened once and answers as often as it is asked; its limits are those of its whole life. */
export interface ModelSession {
  readonly inputs: readonly ModelInput[]
  /** How long the runtime took to get it ready, ms. */
  readonly openedMs: number
  /** @param order  columns of a single tensor input, in the order of training */
  run(features: ReadonlyMap<string, Column>, order: readonly string[]): Promise<ModelOutputs>
  /** Calls the model so often with so many rows, from the first on and around, and says how long each call took. */
  time(
    features: ReadonlyMap<string, Column>,
    order: readonly string[],
    ask: { readonly batch: number; readonly calls: number },
  ): Promise<TimedCalls>
  close(): void
}
/** Calls timed inside the process that holds the model: what crosses between processes is no part of them. */
export interface TimedCalls {
  readonly ms: Float64Array
  /** Resident memory of that process at its peak so far, MB of 1,000,000 bytes; Node and the runtime included. */
  readonly peakMb: number
}
/** Runs a model file in a process of its own, with no credentials and no labels. */
export interface ModelRunner {
  /** Whoever opens a session closes it. */
  open(model: LocalFile, limits: ModelLimits, threads?: number): Promise<ModelSession>
  run(
    model: LocalFile,
    features: ReadonlyMap<string, Column>,
    order: readonly string[],
    limits: ModelLimits,
  ): Promise<ModelOutputs>
}

export { TooLarge, Unavailable } from './ports/unavailable.ts'
