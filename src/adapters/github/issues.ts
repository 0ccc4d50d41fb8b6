import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { userSchema } from './account.ts'
import { createdOnce } from './created-once.ts'
import { inRepository, type Side } from './side.ts'

const MOST_PAGES = 10
const issueSchema = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  user: userSchema.nullable(),
})
const madeSchema = z.object({ number: z.int().positive() })

/** Keeps one open issue of ours that begins with a marker; a closed one stays closed and another is opened. */
export async function issue(
  side: Side,
  repository: HostedRepository,
  { marker, title, body, labels }: { marker: string; title: string; body: string; labels: readonly string[] },
): Promise<{ readonly number: number }> {
  const text = `${marker}\n${body}`
  const found = await ours(side, repository, marker)
  if (found === null) {
    const call = {
      operation: 'open an issue',
      route: 'POST /repos/{owner}/{repo}/issues',
      parameters: { ...inRepository(repository), title, body: text, labels: [...labels] },
      answer: madeSchema,
    }
    const find = () => ours(side, repository, marker)
    const { number } = await createdOnce<{ readonly number: number }>(side, {
      find,
      create: () => side.calls.send(call, false),
    })
    return { number }
  }
  if (found.title === title && found.body?.replaceAll('\r\n', '\n') === text) return { number: found.number }
  const call = {
    operation: 'edit our issue',
    route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { ...inRepository(repository), issue_number: found.number, title, body: text },
    answer: madeSchema,
  }
  return side.calls.send(call, true)
}

/** The oldest, so that what people wrote there goes on. */
async function ours({ calls, bot }: Side, repository: HostedRepository, marker: string) {
  const { id, login } = await bot()
  const open = await calls.pages(
    {
      operation: 'list our issues',
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...inRepository(repository), state: 'open', creator: login },
      answer: z.array(issueSchema),
    },
    MOST_PAGES,
  )
  return (
    open
      .filter(({ user, body }) => user?.id === id && body?.startsWith(marker))
      .sort((a, b) => a.number - b.number)[0] ?? null
  )
}
