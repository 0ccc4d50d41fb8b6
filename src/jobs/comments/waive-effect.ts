import { momentOf as untilOf } from '../../commands/moment.ts'
import { durationMs } from '../../gates/evaluation.ts'
import type { NewFact } from '../../ledger/fact.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { momentOf } from '../github/job-context.ts'
import { type RememberedWeighing, rememberedWeighing } from '../github/remembered-weighing.ts'
import { deniedText, overText, personalText, promotionsText } from './answer-words.ts'
import type { CommentJob, Effect } from './comment-job.ts'
import { enterFacts } from './enter-facts.ts'
import { mayAll } from './who-asks.ts'

type Terms = RememberedWeighing['promotions'][number]['waivable'][number]

/** One promotion whose gate is waived, and on which terms its policy allows that. */
interface Waivable {
  readonly environment: string
  readonly model: string
  readonly terms: Terms
}

const UNSHOWN =
  'Not done: this head has no verdict yet, so there is nothing to waive. Write it again once the check `weighbridge` stands.'

/** Takes one gate for exactly the evidence that the check shows now, where the policy lets this person. */
export const waiveEffect: Effect<'waive'> = async (job, command, asking) => {
  const { number, pull } = job.thread
  const shown = pull === null ? null : rememberedWeighing(job, number, pull.headSha)
  if (shown === null) return { is: 'refused', text: UNSHOWN }
  const waivable = shown.promotions.flatMap(({ environment, model, waivable: all }) =>
    all.filter(({ gate }) => gate === command.gate).map((terms) => ({ environment, model, terms })),
  )
  const until = untilOf(command.until, asking.at)
  const because = whyNot(command.gate, shown, waivable) ?? whenNot(job, command.until, until, waivable)
  if (because !== null || until === null) return { is: 'refused', text: because ?? overText(command.until) }
  const may = await mayAll(job, command, waivable, { named: [...new Set(waivable.map(({ terms }) => terms.by))] })
  if (may.is === 'denied') return { is: 'refused', text: deniedText(may) }
  if (await isBound(job, shown)) return { is: 'refused', text: boundText(job) }
  const { gate, reason } = command
  const facts = waivable.map(({ environment, model, terms }): NewFact => {
    const fact = { kind: 'waived', gate, evidence_key: shown.evidenceKey, until, role: terms.by, reason } as const
    return { scope: { environment, model }, fact, cause: asking.cause, actorId: job.by.id, at: momentOf(job) }
  })
  await enterFacts(job, { facts, touched: 'this pull request', because: `${gate} was waived` })
  return { is: 'done', text: `${doneText(gate, until, waivable, shown)}${personalText(reason)}` }
}

/** Why the policy, or what stands in the check, leaves nothing to waive. */
function whyNot(gate: string, shown: RememberedWeighing, waivable: readonly Waivable[]): string | null {
  const names = [...new Set(shown.promotions.flatMap((one) => one.waivable.map((terms) => terms.gate)))]
  if (waivable.length === 0) {
    const near = didYouMean(gate, names)
    const hint = near === null ? '' : ` Did you mean ${near}?`
    const which = names.length === 0 ? 'It names none.' : `It names ${names.join(', ')}.${hint}`
    return `Not done: the policy does not let anybody waive ${escapeMarkdown(gate)}. ${which} Registry, manifest, integrity, exam, approvals and quarantine are never waived.`
  }
  return shown.waivable.includes(gate) ? null : `Not done: ${escapeMarkdown(gate)} does not hold this pull request now.`
}

/** Why it cannot be until then. */
function whenNot(job: CommentJob, asked: string, until: string | null, waivable: readonly Waivable[]): string | null {
  const now = job.clock.now()
  if (until === null || Date.parse(until) <= now) return overText(asked)
  const short = waivable.find(({ terms }) => terms.max !== null && Date.parse(until) - now > durationMs(terms.max))
  return short === undefined
    ? null
    : `Not done: the policy of ${promotionsText([short])} lets ${short.terms.gate} be waived for at most ${short.terms.max}.`
}

/** Nobody waives what he made: author and committers as they were shown, and whoever pushed to the branch. */
async function isBound({ host, repository, thread, by }: CommentJob, { bound }: RememberedWeighing): Promise<boolean> {
  if (bound.includes(by.id)) return true
  const pushers = await host.pushers(repository, thread.pull?.headRef ?? '')
  return pushers.some(({ id }) => id === by.id)
}

function boundText({ by }: CommentJob): string {
  return `Not done: ${escapeMarkdown(by.login)} is bound to this change, so somebody else decides this.`
}

function doneText(gate: string, until: string, waivable: readonly Waivable[], shown: RememberedWeighing): string {
  const most = Math.max(...waivable.map(({ terms }) => terms.count))
  const people = most > 1 ? ` The policy asks for ${most} people, each in a comment of his own.` : ''
  const others = shown.waivable.filter((one) => one !== gate)
  const left = others.length === 0 ? '' : ` ${others.join(', ')} can be waived too, and holds until then.`
  return `Waived until ${until}: ${gate} of ${promotionsText(waivable)}, for the evidence that the check shows (key \`${shown.evidenceKey.slice(0, 12)}\`).${people}

It ends at that moment, and with any change of this evidence: a push to files of ours, another policy, exam or incumbent. It covers no other gate, and no overlap with training rows.${left}`
}
