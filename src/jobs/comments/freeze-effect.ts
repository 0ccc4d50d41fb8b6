import { momentOf as untilOf } from '../../commands/moment.ts'
import { everyModelOf } from '../../ledger/every-model.ts'
import type { Fact } from '../../ledger/fact.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { momentOf } from '../github/job-context.ts'
import { overText, personalText } from './answer-words.ts'
import type { Asking, CommentJob, Effect } from './comment-job.ts'
import { enterFacts } from './enter-facts.ts'

/** Stops every promotion into an environment, also of models that come later. */
export const freezeEffect: Effect<'freeze'> = async (job, command, asking) => {
  const { environment, reason } = command
  const unknown = unknownEnvironment(job, environment)
  if (unknown !== null) return { is: 'refused', text: unknown }
  const until = untilOf(command.until, asking.at)
  if (until === null || Date.parse(until) <= job.clock.now()) return { is: 'refused', text: overText(command.until) }
  await enter(job, asking, {
    environment,
    fact: { kind: 'frozen', until, reason },
    because: `${environment} was frozen`,
  })
  const why = escapeMarkdown(reason, 'line', 500)
  const text = `Frozen: ${environment}, until ${until}. ${why}\n\nNothing is promoted there before; a rollback is never held by a freeze. \`/unfreeze ${environment}\` ends it earlier.`
  return { is: 'done', text: `${text}${personalText(reason)}` }
}

/** Lets promotions into an environment again. */
export const unfreezeEffect: Effect<'unfreeze'> = async (job, { environment, reason }, asking) => {
  const unknown = unknownEnvironment(job, environment)
  if (unknown !== null) return { is: 'refused', text: unknown }
  const fact = { kind: 'unfrozen', reason: reason ?? '' } as const
  await enter(job, asking, { environment, fact, because: `${environment} was unfrozen` })
  const text = `No longer frozen by command: ${environment}. Windows of its policy freeze it all the same. Its pull requests are weighed again.`
  return { is: 'done', text: `${text}${personalText(reason ?? '')}` }
}

async function enter(
  job: CommentJob,
  { cause }: Asking,
  of: { readonly environment: string; readonly fact: Fact; readonly because: string },
): Promise<void> {
  const { environment, fact, because } = of
  const entered = { scope: everyModelOf(environment), fact, cause, actorId: job.by.id, at: momentOf(job) }
  await enterFacts(job, { facts: [entered], touched: { environment }, because })
}

function unknownEnvironment({ configuration }: CommentJob, environment: string): string | null {
  const names = configuration?.environments.map(({ name }) => name) ?? []
  if (names.includes(environment)) return null
  const near = didYouMean(environment, names)
  const hint = near === null ? `Environments: ${names.join(', ') || 'none'}.` : `Did you mean ${near}?`
  return `Not done: there is no environment ${escapeMarkdown(environment)}. ${escapeMarkdown(hint)}`
}
