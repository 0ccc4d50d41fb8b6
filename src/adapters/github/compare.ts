import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { ComparedFile, Comparison } from './comparison.ts'
import type { ContentMemory } from './content-memory.ts'
import { refused, unreachable } from './failures.ts'
import { shownLines, versionsIn } from './patch.ts'
import { inRepository, oidSchema, type Side } from './side.ts'

const OPERATION = 'compare base and head'
/** GitHub's own ends of these lists. */
const MOST_COMPARED = 300
const MOST_OF_PULL = 3000

const fileSchema = z.object({
  filename: z.string().min(1),
  status: z.enum(['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged']),
  sha: oidSchema.nullable(),
  previous_filename: z.string().optional(),
  patch: z.string().optional(),
})
type ReadFile = z.infer<typeof fileSchema>

/**
 * Merge base and changed paths of two commits, in one request; once a pair, for ever.
 *
 * @throws {HostFailure} when they have no common commit, or more paths differ than GitHub lists
 */
export async function compare(
  side: Side,
  repository: HostedRepository,
  memory: ContentMemory,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<Comparison> {
  const known = memory.comparison(base, head)
  if (known !== undefined) return known
  const { merge_base_commit, files } = await side.calls.get({
    operation: OPERATION,
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    parameters: { ...inRepository(repository), basehead: `${base}...${head}`, per_page: 1, page: 1 },
    answer: z.object({ merge_base_commit: z.object({ sha: oidSchema }), files: z.array(fileSchema) }),
  })
  const all =
    files.length < MOST_COMPARED ? files : await filesOfPull(side, repository, memory.pull(base, head), { base, head })
  const found = { base, head, mergeBase: merge_base_commit.sha, files: comparedFiles(all) }
  memory.keepComparison(found)
  return found
}

/** The longer list of a pull request, believed only when it is of this very head and complete. */
async function filesOfPull(
  { calls }: Side,
  repository: HostedRepository,
  number: number | undefined,
  { head }: { readonly base: string; readonly head: string },
): Promise<readonly ReadFile[]> {
  if (number === undefined) throw refused(OPERATION, 200, `${MOST_COMPARED} or more paths differ: GitHub lists no more`)
  const parameters = { ...inRepository(repository), pull_number: number }
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
  const answer = z.array(fileSchema)
  const files = await calls.pages({ operation: OPERATION, route: `${route}/files`, parameters, answer }, 31)
  const pull = await calls.get({
    operation: OPERATION,
    route,
    parameters,
    answer: z.object({ changed_files: z.int(), head: z.object({ sha: oidSchema }) }),
  })
  if (pull.head.sha !== head) throw unreachable(OPERATION, 'the head moved while its paths were listed')
  if (pull.changed_files !== files.length || files.length >= MOST_OF_PULL)
    throw refused(OPERATION, 200, `${pull.changed_files} paths differ, and GitHub lists ${files.length}`)
  return files
}

function comparedFiles(files: readonly ReadFile[]): readonly ComparedFile[] {
  const byPath = new Map<string, ComparedFile>()
  for (const { filename: path, status, sha: oid, previous_filename: previous, patch = '' } of files) {
    if (status === 'renamed' && previous !== undefined && !byPath.has(previous))
      byPath.set(previous, { path: previous, status: 'removed', oid: null, lines: [], names: [] })
    const isNew = status === 'added' || status === 'copied' || status === 'renamed'
    const gone = status === 'removed' ? 'removed' : isNew ? 'added' : 'modified'
    byPath.set(path, {
      path,
      status: byPath.get(path)?.status === 'removed' ? 'modified' : gone,
      oid,
      lines: shownLines(patch),
      names: versionsIn(patch),
    })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
