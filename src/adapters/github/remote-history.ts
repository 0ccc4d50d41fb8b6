import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { type Snapshot, Unavailable } from '../../ports.ts'
import { pagesOf } from './graphql-pages.ts'
import { ofRepository, oidSchema, pageOf, type Side } from './side.ts'

const HISTORY = `
query History($owner: String!, $name: String!, $sha: GitObjectID!, $path: String!, $since: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    object(oid: $sha) {
      ... on Commit {
        history(first: 100, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes { oid parents(first: 1) { nodes { oid } } file(path: $path) { oid } since: file(path: $since) { oid } }
        }
      }
    }
  }
}`
const commitSchema = z
  .object({
    oid: oidSchema,
    parents: z.object({ nodes: z.array(z.object({ oid: oidSchema })) }),
    file: z.object({ oid: oidSchema }).nullable(),
    since: z.object({ oid: oidSchema }).nullable(),
  })
  .transform(({ oid, parents, file, since }) => ({
    oid,
    parent: parents.nodes[0]?.oid ?? null,
    at: file?.oid ?? null,
    isBefore: since === null,
  }))
type Commit = z.infer<typeof commitSchema>
const historyAnswer = z
  .object({ repository: z.object({ object: z.object({ history: pageOf(commitSchema) }) }) })
  .transform(({ repository }) => repository.object.history)

/** Hundreds of commits that are looked through; a longer history is told by the ledger, or not at all. */
const MOST_PAGES = 5

export interface HistoryAsk {
  readonly sha: string
  readonly folder: string
  readonly needle: string
  /** A path: commits from before it was there are not looked at. */
  readonly since: string | null
  readonly snapshot: (sha: string) => Snapshot
}

/**
 * First-parent commits, newest first, whose difference to their first parent adds or removes a line with `needle` below
 * a folder.
 *
 * The whole line of first parents is followed: a side branch may have held anything before it was merged.
 *
 * @throws {Unavailable} when the history is longer than is looked through
 */
export async function remoteHistory(
  side: Side,
  repository: HostedRepository,
  ask: HistoryAsk,
): Promise<readonly string[]> {
  const line = await firstParents(side, repository, ask)
  const found: string[] = []
  for (const [index, commit] of line.entries()) {
    if (commit.isBefore && ask.since !== null) break
    const parent = line[index + 1] ?? null
    if (commit.at === (parent?.at ?? null)) continue
    const [after, before] = await Promise.all([linesAt(ask, commit), linesAt(ask, parent)])
    if (after !== before) found.push(commit.oid)
  }
  return found
}

async function firstParents({ calls }: Side, repository: HostedRepository, { sha, folder, since }: HistoryAsk) {
  const variables = { ...ofRepository(repository), sha, path: folder, since: since ?? folder }
  const call = { operation: 'read the history', document: HISTORY, variables, answer: historyAnswer }
  const seen = new Map<string, Commit>()
  let pages = 0
  for await (const nodes of pagesOf(calls, call, MOST_PAGES + 1)) {
    for (const commit of nodes) seen.set(commit.oid, commit)
    const line = lineFrom(sha, seen)
    if (line.at(-1)?.parent === null || (since !== null && line.some(({ isBefore }) => isBefore))) return line
    if (++pages === MOST_PAGES) break
  }
  const what = `the history of ${folder} is longer than the ${100 * MOST_PAGES} commits that are looked through`
  throw new Unavailable('unreachable', what, 'Let the ledger answer: it begins with the first merge that the app saw.')
}

function lineFrom(sha: string, seen: ReadonlyMap<string, Commit>): readonly Commit[] {
  const line: Commit[] = []
  for (let commit = seen.get(sha); commit !== undefined; commit = seen.get(commit.parent ?? '')) line.push(commit)
  return line
}

/** Every line below the folder that holds the needle, file by file: equal before and after, nothing of it changed. */
async function linesAt({ folder, needle, snapshot }: HistoryAsk, commit: Commit | null): Promise<string> {
  if (commit === null || commit.at === null) return ''
  const tree = snapshot(commit.oid)
  const files = await tree.read((await tree.list(folder)).map(({ path }) => path))
  const lines = [...files].flatMap(([path, { bytes }]) =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((text) => text.includes(needle))
      .map((text) => `${path}\0${text}`),
  )
  return lines.join('\n')
}
