import { z } from 'zod'
import type { Lane, Work } from '../../ports/inbox.ts'

/** Lanes as they are stored, so that they sort. */
export const LANES: readonly Lane[] = ['rollback', 'interactive', 'sweep']

const account = z.object({ id: z.number(), login: z.string(), isBot: z.boolean() })
const work = z.object({
  key: z.string(),
  lane: z.enum(['rollback', 'interactive', 'sweep']),
  repository: z.object({ id: z.number(), owner: z.string(), name: z.string(), installation: z.number() }).nullable(),
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('pull'), number: z.number() }),
    z.object({ kind: z.literal('base'), ref: z.string(), before: z.string(), after: z.string() }),
    z.object({ kind: z.literal('group'), baseRef: z.string(), baseSha: z.string(), headSha: z.string() }),
    z.object({ kind: z.literal('head'), sha: z.string() }),
    z.object({ kind: z.literal('repository') }),
    z.object({ kind: z.literal('installation'), id: z.number(), is: z.enum(['here', 'gone']) }),
    z.object({
      kind: z.literal('comment'),
      issue: z.number(),
      comment: z.object({ id: z.number(), nodeId: z.string() }),
      body: z.string(),
      by: account,
      edited: z.boolean(),
    }),
    z.object({ kind: z.literal('training'), correlation: z.string() }),
    z.object({ kind: z.literal('thread-closed'), number: z.number() }),
    z.object({ kind: z.literal('deliveries') }),
  ]),
  force: z.boolean(),
  head: z.string().nullable(),
  asks: z
    .array(
      z.object({
        kind: z.enum(['weigh-again', 'how-to-waive']),
        by: account,
        check: z.object({ id: z.number(), name: z.string(), externalId: z.string().nullable() }).nullable(),
      }),
    )
    .exactOptional(),
})

/** Work as one column holds it. @throws {z.ZodError} here, at whoever wrote it, and not when its turn comes */
export function workText(of: Work): string {
  return JSON.stringify(work.parse(of))
}

/** Work out of a column that this program wrote; anything else is a fault of the file and throws. */
export function workOf(text: unknown): Work {
  return work.parse(JSON.parse(String(text)))
}

/** Installation through which work is done; 0 for the app's own. */
export function installationOf(of: Work): number {
  if (of.subject.kind === 'installation') return of.subject.id
  return of.repository?.installation ?? 0
}
