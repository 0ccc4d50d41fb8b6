import { z } from 'zod'
import type { RemoteRepository } from '../../ports/git-host.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { BoundedMemory } from './bounded-memory.ts'
import { tip } from './branches.ts'
import { compare } from './compare.ts'
import type { Comparison } from './comparison.ts'
import { openLoader } from './content-loader.ts'
import { openContentMemory } from './content-memory.ts'
import { refused, unreachable } from './failures.ts'
import { openForesight } from './foresight.ts'
import { changedOnBase, changedPaths } from './remote-diff.ts'
import { remoteHistory } from './remote-history.ts'
import { remoteSnapshot } from './remote-snapshot.ts'
import { OID, ofRepository, oidSchema, type Side } from './side.ts'

/**
 * A repository read through GitHub's API by commit, as weighing needs it.
 *
 * Reads of one turn go out as one query, and what they make likely rides along: a promotion costs the comparison and at
 * most three queries, the same commits again cost nothing.
 *
 * @param shared  what the process remembers between jobs
 */
export function openRemoteRepository(
  side: Side,
  repository: HostedRepository,
  shared: BoundedMemory<unknown>,
): RemoteRepository {
  const memory = openContentMemory(shared, repository)
  const foresight = openForesight(memory)
  const loader = openLoader(side, repository, memory, foresight.companions)
  const ports = { side, repository, memory, loader }
  const compared: Comparison[] = []
  const comparison = async (base: string, head: string) => {
    const found = await compare(side, repository, memory, { base, head })
    compared.push(found)
    foresight.weighing(found)
    return found
  }
  const snapshot = (sha: string) => remoteSnapshot(ports, sha)
  return {
    notes: loader.notes,
    shownLines: (base, head) => new Map(memory.comparison(base, head)?.files.map(({ path, lines }) => [path, lines])),
    resolve: (ref) => resolve(side, repository, memory, ref),
    mergeBase: async (a, b) => (a === b ? a : (await comparison(a, b)).mergeBase),
    diff: async (from, to) => {
      if (from === to) return []
      const forward = compared.find(({ mergeBase, head }) => mergeBase === from && head === to)
      if (forward !== undefined) return changedPaths(ports, forward)
      const ofBase = compared.find(({ mergeBase, base }) => mergeBase === from && base === to)
      if (ofBase !== undefined) return changedOnBase(ports, ofBase)
      const fresh = await comparison(from, to)
      if (fresh.mergeBase === from) return changedPaths(ports, fresh)
      throw refused('read the changed paths', 422, `${from.slice(0, 12)} is no ancestor of ${to.slice(0, 12)}`)
    },
    snapshot: async (sha) => snapshot(sha),
    history: async (ref, folder, needle, since) =>
      remoteHistory(side, repository, {
        sha: await resolve(side, repository, memory, ref),
        folder,
        needle,
        since: since ?? null,
        snapshot,
      }),
    touched: async (sha, path) => {
      if (memory.touched(sha, path) === undefined) await loader.load([{ kind: 'touched', sha, path }])
      const known = memory.touched(sha, path)
      if (known === undefined) throw unreachable('read the history', `that of ${JSON.stringify(path)} was not read`)
      return known
    },
  }
}

const PARENTS = `
query Parents($owner: String!, $name: String!, $sha: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    object(oid: $sha) { ... on Commit { parents(first: 100) { nodes { oid } } } }
  }
}`
const parentsAnswer = z.object({
  repository: z.object({
    object: z.object({ parents: z.object({ nodes: z.array(z.object({ oid: oidSchema })) }) }).nullable(),
  }),
})

/** A whole commit id is itself, with `^` its first parent; anything else is a branch. */
async function resolve(
  side: Side,
  repository: HostedRepository,
  memory: ReturnType<typeof openContentMemory>,
  ref: string,
): Promise<string> {
  if (OID.test(ref)) return ref
  const child = ref.endsWith('^') ? ref.slice(0, -1) : ''
  if (!OID.test(child)) return (await tip(side, repository, ref)) ?? fail(404, `there is no branch ${ref}`)
  const known = memory.parents(child) ?? (await parentsOf(side, repository, child))
  memory.keepParents(child, known)
  return known[0] ?? fail(404, `${child.slice(0, 12)} has no parent`)
}

function fail(status: number, because: string): never {
  throw refused('resolve a ref', status, because)
}

async function parentsOf({ calls }: Side, repository: HostedRepository, sha: string): Promise<readonly string[]> {
  const variables = { ...ofRepository(repository), sha }
  const call = { operation: 'read a commit', document: PARENTS, variables, answer: parentsAnswer }
  const { object } = (await calls.query(call)).repository
  if (object === null) throw unreachable(call.operation, `GitHub does not show the commit ${sha.slice(0, 12)}`)
  return object.parents.nodes.map(({ oid }) => oid)
}
