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
  close(): Promise<void>
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
/** Runs a model file in a process of its own, with no credentials and no labels. */
export interface ModelRunner {
  run(
    model: LocalFile,
    features: ReadonlyMap<string, Column>,
    order: readonly string[],
    limits: ModelLimits,
  ): Promise<ModelOutputs>
}

/** What a port throws when the world does not answer as hoped; the finding is then `missing` or `unreachable`. */
export class Unavailable extends Error {
  readonly status: 'missing' | 'unreachable'
  readonly mend: string
  constructor(status: 'missing' | 'unreachable', message: string, mend: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unavailable'
    this.status = status
    this.mend = mend
  }
}

/** What `fetch` throws for an object over the limit: it is there, and nobody is going to copy it. */
export class TooLarge extends Unavailable {
  readonly maxBytes: number
  constructor(called: string, maxBytes: number) {
    super('unreachable', `${called} is larger than the limit of ${maxBytes} bytes`, 'Raise the limit, or ship less.')
    this.name = 'TooLarge'
    this.maxBytes = maxBytes
  }
}
