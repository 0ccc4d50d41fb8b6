import { everyModelOf } from '../../ledger/every-model.ts'
import type { Held, ModelScope, NewFact, Unheld } from '../../ledger/fact.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { momentOf } from '../github/job-context.ts'
import { deniedText, personalText, promotionsText } from './answer-words.ts'
import type { Asking, CommentJob, Effect } from './comment-job.ts'
import { enterFacts } from './enter-facts.ts'
import { promotionsHere } from './promotions-here.ts'
import { mayAll } from './who-asks.ts'

const NOTHING = 'Nothing was done: this pull request promotes nothing.'

/** Stops every promotion of the pull request, those that a later push brings among them. */
export const holdEffect: Effect<'hold'> = async (job, command, asking) => {
  const promotions = await promotionsHere(job)
  if (promotions.length === 0) return { is: 'refused', text: NOTHING }
  const may = await mayAll(job, command, promotions)
  if (may.is === 'denied') return { is: 'refused', text: deniedText(may) }
  const { reason } = command
  const fact = { kind: 'held', pull: job.thread.number, reason } as const
  const everywhere = job.configuration?.environments.map(({ name }) => name) ?? []
  const facts = factsFor(job, asking, { promotions, environments: everywhere, fact })
  await enterFacts(job, { facts, touched: 'this pull request', because: 'it was held' })
  const why = escapeMarkdown(reason, 'line', 500)
  return {
    is: 'done',
    text: `Held: ${promotionsText(promotions)}, and whatever else a later push promotes here. ${why}\n\nIt goes on after \`/unhold\`.${personalText(reason)}`,
  }
}

/**
 * Lifts what holds the promotions of the pull request that are there now, and in their environments. What was there when
 * it was held stays held by itself, and so does every other environment: who may for one model frees no other by a push.
 */
export const unholdEffect: Effect<'unhold'> = async (job, command, asking) => {
  const promotions = await promotionsHere(job)
  if (promotions.length === 0) return { is: 'refused', text: NOTHING }
  const may = await mayAll(job, command, promotions)
  if (may.is === 'denied') return { is: 'refused', text: deniedText(may) }
  const fact = { kind: 'unheld', pull: job.thread.number, reason: command.reason ?? '' } as const
  const environments = [...new Set(promotions.map(({ environment }) => environment))]
  const facts = factsFor(job, asking, { promotions, environments, fact })
  await enterFacts(job, { facts, touched: 'this pull request', because: 'its hold was lifted' })
  return { is: 'done', text: `No longer held: ${promotionsText(promotions)}. It is weighed again.` }
}

interface About {
  readonly promotions: readonly ModelScope[]
  /** Those in which whatever a later push promotes is meant as well. */
  readonly environments: readonly string[]
  readonly fact: Held | Unheld
}

function factsFor(job: CommentJob, { cause }: Asking, { promotions, environments, fact }: About): readonly NewFact[] {
  const at = momentOf(job)
  const scopes = [...promotions, ...environments.map(everyModelOf)]
  return scopes.map((scope) => ({ scope, fact, cause, actorId: job.by.id, at }))
}
