import { z } from 'zod'
import type { Inbox } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'

const schema = z.strictObject({
  branch: z.string(),
  content: z.string(),
  what: z.string(),
  /** Who asked for it, the latest last. */
  askers: z.array(z.strictObject({ id: z.int(), login: z.string(), url: z.string() })).min(1),
  /** Commands that have had their say; doing one again takes back nothing that came after. */
  causes: z.array(z.string()),
})

/** The open pull request of ours for a place, as people asked for it. */
export type AskedProposal = z.infer<typeof schema>
export type Asker = AskedProposal['askers'][number]

interface Memory {
  readonly inbox: Pick<Inbox, 'mark'>
  readonly repository: HostedRepository
}

/** Name under which the inbox remembers what stands at a place. */
export function proposalMark({ id }: HostedRepository, place: string): string {
  return `proposal:${id}:${place}`
}

/** What is remembered of a place such as `promote/production/churn`; null when nothing is, or it was lost. */
export function rememberedProposal({ inbox, repository }: Memory, place: string): AskedProposal | null {
  const mark = inbox.mark(proposalMark(repository, place))
  const read = schema.safeParse(mark === null ? null : JSON.parse(mark))
  return read.success ? read.data : null
}

/**
 * The place of a branch of ours that people asked for; null for any other branch.
 *
 * @example placeOfBranch('weighbridge/promote/production/churn-0a1b2c3d') // => 'promote/production/churn'
 */
export function placeOfBranch(ref: string): string | null {
  return /^weighbridge\/((?:promote|retire)\/.+)-[0-9a-f]{8}$/.exec(ref)?.[1] ?? null
}

/** Who asked for what is on a branch, whatever its commits say by now. */
export function askersOf(memory: Memory, ref: string): readonly Asker[] {
  const place = placeOfBranch(ref)
  const kept = place === null ? null : rememberedProposal(memory, place)
  return kept?.branch === ref ? kept.askers : []
}
