import { createHash } from 'node:crypto'
import { setImmediate as tick } from 'node:timers/promises'
import type { CommitFile, GitHost, RemoteRepository } from '../../../src/ports/git-host.ts'
import { HostFailure } from '../../../src/ports/host-failure.ts'
import type { SnapshotFile } from '../../../src/ports.ts'

/** The ledger's branch on a host that compares before it sets, and that several writers reach at once. */
export interface BranchDouble {
  readonly host: Pick<GitHost, 'open' | 'tip' | 'commit'>
  /** Calls that reached it, in order. */
  readonly calls: string[]
  readonly faults: {
    /** The next commits happen, and their answers are lost. */
    lostAnswers: number
    /** `tip` answers what was so so many commits ago, so often. */
    lagging: number
  }
  tip(): string | null
  files(): ReadonlyMap<string, string>
  /** Tips that the branch has had, oldest first. */
  readonly past: string[]
  headlines(): readonly string[]
  /** Somebody else pushes on top. */
  push(files: Readonly<Record<string, string | null>>): void
  /** An administrator puts the branch elsewhere. */
  forcePush(sha: string | null): void
}

interface Commit {
  readonly parent: string | null
  readonly headline: string
  readonly files: ReadonlyMap<string, string>
}

export function branchDouble(): BranchDouble {
  const commits = new Map<string, Commit>()
  const past: string[] = []
  const calls: string[] = []
  const faults = { lostAnswers: 0, lagging: 0 }
  let tip: string | null = null
  const add = (parent: string | null, headline: string, files: readonly CommitFile[]): string => {
    const all = new Map(parent === null ? [] : commits.get(parent)!.files)
    for (const { path, content } of files) {
      if (content === null) all.delete(path)
      else all.set(path, content)
    }
    const sha = createHash('sha1')
      .update(JSON.stringify([parent, headline, [...all], commits.size]))
      .digest('hex')
    commits.set(sha, { parent, headline, files: all })
    past.push(sha)
    return sha
  }
  const ancestors = (sha: string): readonly string[] => {
    const found: string[] = []
    for (let at: string | null = sha; at !== null; at = commits.get(at)?.parent ?? null) found.push(at)
    return found
  }
  const host: BranchDouble['host'] = {
    tip: async () => {
      calls.push('tip')
      await tick()
      if (faults.lagging > 0) {
        faults.lagging--
        return past.at(-2) ?? null
      }
      return tip
    },
    commit: async (_, { expected, files, headline }) => {
      calls.push('commit')
      await tick()
      if (expected !== tip) return { is: 'moved', because: 'expected another head' }
      for (const { content } of files)
        if ((content ?? '').length > 512_000) throw new Error('GitHub would cut this file')
      tip = add(tip, headline, files)
      if (faults.lostAnswers > 0) {
        faults.lostAnswers--
        throw new HostFailure('no answer', { operation: 'commit', status: 0, retryable: true, isAmbiguous: true })
      }
      return { is: 'committed', sha: tip }
    },
    open: () => repositoryOf(),
  }
  const repositoryOf = (): RemoteRepository =>
    ({
      mergeBase: async (a: string, b: string) => {
        calls.push('compare')
        if (!commits.has(a) || !commits.has(b)) throw notFound()
        const base = ancestors(a).find((sha) => ancestors(b).includes(sha))
        if (base === undefined) throw notFound()
        return base
      },
      snapshot: async (sha: string) => ({
        repository: 'acme/models',
        sha,
        list: async () => [],
        read: async (paths: readonly string[]) => {
          calls.push(`read ${paths.length}`)
          await tick()
          const found = new Map<string, SnapshotFile>()
          for (const path of paths) {
            const text = commits.get(sha)?.files.get(path)
            if (text !== undefined) found.set(path, { mode: '100644', bytes: new TextEncoder().encode(text) })
          }
          return found
        },
      }),
    }) as unknown as RemoteRepository
  return {
    host,
    calls,
    faults,
    past,
    tip: () => tip,
    files: () => (tip === null ? new Map() : commits.get(tip)!.files),
    headlines: () => (tip === null ? [] : ancestors(tip).map((sha) => commits.get(sha)!.headline)),
    push: (files) => {
      tip = add(
        tip,
        'a push',
        Object.entries(files).map(([path, content]) => ({ path, content })),
      )
    },
    forcePush: (sha) => {
      tip = sha
    },
  }
}

function notFound(): HostFailure {
  return new HostFailure('Not Found', { operation: 'compare', status: 404, retryable: false })
}
