import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { userSchema } from './account.ts'
import { createdOnce } from './created-once.ts'
import { inRepository, type Side } from './side.ts'

export const commentSchema = z.object({
  id: z.int().positive(),
  node_id: z.string().min(1),
  body: z.string(),
  user: userSchema.nullable(),
})
export type Comment = z.infer<typeof commentSchema>

/** Of a hundred comments each. */
const MOST_PAGES = 30
const madeSchema = z.object({ id: z.int().positive() })

/**
 * Keeps one comment of ours that begins with a marker. Ours is what our own account wrote: a marker that somebody else
 * copied is his.
 */
export async function comment(
  side: Side,
  repository: HostedRepository,
  number: number,
  { marker, body }: { readonly marker: string; readonly body: string },
): Promise<void> {
  const text = body.startsWith(marker) ? body : `${marker}\n${body}`
  const found = await ourComments(side, repository, number, marker)
  const last = found.at(-1)
  for (const older of found.slice(0, -1)) await fold(side, repository, older, marker)
  if (last === undefined) await create(side, repository, number, { marker, text })
  else if (!isSameText(last.body, text)) await edit(side, repository, last, text)
}

export async function create(
  side: Side,
  repository: HostedRepository,
  number: number,
  { marker, text }: { readonly marker: string; readonly text: string },
): Promise<{ readonly id: number }> {
  const call = {
    operation: 'comment',
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { ...inRepository(repository), issue_number: number, body: text },
    answer: madeSchema,
  }
  const { id } = await createdOnce<{ readonly id: number }>(side, {
    find: async () => (await ourComments(side, repository, number, marker)).at(-1) ?? null,
    create: () => side.calls.send(call, false),
  })
  return { id }
}

export async function edit(
  { calls }: Side,
  repository: HostedRepository,
  { id }: Pick<Comment, 'id'>,
  body: string,
): Promise<void> {
  await calls.send(
    {
      operation: 'edit our comment',
      route: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
      parameters: { ...inRepository(repository), comment_id: id, body },
      answer: madeSchema,
    },
    true,
  )
}

const MINIMISE = `
mutation Minimise($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
}`

/** Folds a comment away as outdated. It asks nobody whose it is. */
export async function minimise({ calls }: Side, nodeId: string): Promise<void> {
  const answer = z.object({ minimizeComment: z.object({}) })
  const variables = { id: nodeId }
  await calls.mutate({ operation: 'minimise a comment', document: MINIMISE, variables, answer }, true)
}

/** A doubled comment, made when a list lagged longer than we wait, is hidden and gives its marker up; the newest goes on. */
async function fold(side: Side, repository: HostedRepository, older: Comment, marker: string): Promise<void> {
  await minimise(side, older.node_id)
  await edit(side, repository, older, older.body.slice(marker.length).trimStart() || 'Replaced by a newer comment.')
}

/** Comments of ours that begin with a marker, oldest first. */
export async function ourComments(
  { calls, bot }: Side,
  repository: HostedRepository,
  number: number,
  marker: string,
): Promise<readonly Comment[]> {
  const { id: own } = await bot()
  const all = await calls.pages(
    {
      operation: 'read the comments',
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { ...inRepository(repository), issue_number: number },
      answer: z.array(commentSchema),
    },
    MOST_PAGES,
  )
  return all.filter(({ user, body }) => user?.id === own && body.startsWith(marker)).sort((a, b) => a.id - b.id)
}

/** GitHub keeps line ends and the last blank line as it likes. */
export function isSameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return plain(a) === plain(b)
}
