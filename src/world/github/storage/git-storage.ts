/** A commit as Git holds it. Times are seconds, as Git has them. */
export interface GitCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
  readonly message: string
  /** Text of the `gpgsig` header; null when unsigned. */
  readonly signature: string | null
  /** What a signature is about: the commit without that header. */
  readonly signedPayload: string
}

export interface GitPerson {
  readonly name: string
  readonly email: string
  /** Seconds since 1970. */
  readonly at: number
  /** `+0000` */
  readonly zone: string
}

export interface GitTreeEntry {
  readonly name: string
  /** 100644, 100755, 120000, 160000, 040000 */
  readonly mode: string
  readonly oid: string
}

export interface GitTreePath {
  /** From the root. */
  readonly path: string
  readonly mode: string
  readonly oid: string
}

/** One changed path between two commits, as GitHub's compare shows it. */
export interface GitDiffFile {
  readonly path: string
  readonly previousPath: string | null
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed' | 'copied'
  readonly oldOid: string | null
  readonly newOid: string | null
  readonly oldMode: string | null
  readonly newMode: string | null
  readonly additions: number
  readonly deletions: number
  readonly isBinary: boolean
}

export interface GitChangedPath {
  readonly path: string
  readonly status: 'added' | 'removed' | 'modified'
}

/** `from` null: the ref must not exist; `to` null: it is deleted. */
export interface RefChange {
  /** `refs/heads/main` */
  readonly ref: string
  readonly from: string | null
  readonly to: string | null
}

export interface NewCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
  readonly message: string
  /** Makes the signature over the commit's own text. */
  readonly sign?: (payload: string) => string
}

/** Real bare repositories by repository id. Objects never change, so answers by SHA are remembered and shared by copies. */
export interface GitStorage {
  /** Of one network, which shares its objects: a fork names the network it belongs to. */
  create(repository: number, network: number, defaultBranch: string): Promise<void>
  remove(repository: number): Promise<void>
  setHead(repository: number, branch: string): Promise<void>
  /** The bare repository's folder. */
  folder(repository: number): string
  /** A full ref's commit (or tag's object); null when there is none. */
  tip(repository: number, ref: string): Promise<string | null>
  /** Full ref -> SHA, sorted, of those below a prefix such as `refs/heads/`. */
  refs(repository: number, prefix: string): Promise<ReadonlyMap<string, string>>
  /** All or none; false when one is not where `from` says. */
  update(repository: number, changes: readonly RefChange[]): Promise<boolean>

  object(repository: number, oid: string): Promise<GitObject | null>
  commit(repository: number, sha: string): Promise<GitCommit | null>
  tree(repository: number, oid: string): Promise<readonly GitTreeEntry[] | null>
  blob(repository: number, oid: string): Promise<Buffer | null>
  /** Entry of a commit or tree at a path; null when there is nothing. '' is the root tree. */
  entry(repository: number, treeish: string, path: string): Promise<GitTreePath | null>
  /** Everything below a tree that is no tree, and the trees too when asked; sorted as Git sorts. */
  list(repository: number, tree: string, options?: { readonly trees?: boolean }): Promise<readonly GitTreePath[]>

  writeBlob(repository: number, bytes: Uint8Array): Promise<string>
  writeTree(repository: number, entries: readonly GitTreeEntry[]): Promise<string>
  writeCommit(repository: number, commit: NewCommit): Promise<string>
  /** A tree with files put in (oid, mode) or taken out (null) by path. */
  changeTree(
    repository: number,
    tree: string,
    changes: ReadonlyMap<string, { readonly oid: string; readonly mode: string } | null>,
  ): Promise<string>

  /** Two-dot, with renames; `from` null is the empty tree. */
  diff(repository: number, from: string | null, to: string): Promise<readonly GitDiffFile[]>
  /** Two-dot, without renames and lines: what `push` events list. */
  changedPaths(repository: number, from: string | null, to: string): Promise<readonly GitChangedPath[]>
  /** Hunks of each text file by new path, as `patch` of GitHub's file lists. */
  patches(repository: number, from: string | null, to: string): Promise<ReadonlyMap<string, string>>
  mergeBase(repository: number, a: string, b: string): Promise<string | null>
  isAncestor(repository: number, ancestor: string, descendant: string): Promise<boolean>
  /** Commits only in `head` (ahead) and only in `base` (behind). */
  aheadBehind(
    repository: number,
    base: string,
    head: string,
  ): Promise<{ readonly ahead: number; readonly behind: number }>
  /** In `head` and not in `base` (null: all of head), oldest first. */
  commitsBetween(repository: number, base: string | null, head: string): Promise<readonly string[]>
  /** Newest first, `firstParent` only if asked, those that touch `path` if given. */
  history(
    repository: number,
    from: string,
    options?: { readonly path?: string; readonly firstParent?: boolean; readonly limit?: number },
  ): Promise<readonly string[]>
  /** The merged tree of two commits (on a given merge base); null when they conflict. */
  mergeTree(repository: number, ours: string, theirs: string): Promise<string | null>

  /** The same repositories and refs in another folder; objects are shared. */
  copy(folder: string): Promise<GitStorage>
  close(): Promise<void>
}

export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag'
  readonly bytes: Buffer
}
