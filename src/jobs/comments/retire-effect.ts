import { Unavailable } from '../../ports.ts'
import { codeSpan, escapeMarkdown } from '../../report/markdown-text.ts'
import { retirementBody, retirementTitle } from '../../report/retirement-body.ts'
import { unifiedDiff } from '../../report/unified-diff.ts'
import { planRetirement } from '../plan-retirement.ts'
import { personalText } from './answer-words.ts'
import type { Effect, EffectAnswer } from './comment-job.ts'
import { type KeptProposal, keepProposal } from './keep-proposal.ts'
import { mistakesAnswer, refusedAnswer } from './refused-text.ts'
import { registryHere } from './registry-here.ts'

/** Opens the pull request that retires a version; refused while anything serves it in any environment. */
export const retireEffect: Effect<'retire'> = async (job, { model, version, reason }, { cause, at }) => {
  const elsewhere = job.configuration?.registry
  if (elsewhere !== undefined) return refusedElsewhere(elsewhere.repository, `${model}@${version}`)
  try {
    const { snapshot } = await registryHere(job)
    const plan = await planRetirement({ snapshot, model, entry: { version, on: at.slice(0, 10), reason } })
    if (plan.is === 'mistakes') return mistakesAnswer(plan.mistakes)
    if (plan.is === 'refused') return refusedAnswer(plan.what, plan.mend)
    const title = retirementTitle({ model, version })
    const environments = job.configuration?.environments.map(({ name }) => name) ?? []
    const told = { model, version, reason, environments, diff: unifiedDiff(plan.path, plan.before, plan.text) }
    const kept = await keepProposal(job, {
      place: `retire/${model}/${version}`,
      what: version,
      cause,
      pull: { headline: title, title, files: [{ path: plan.path, content: plan.text }] },
      body: (_branch, asked) => retirementBody({ ...told, asked }),
    })
    return answerOf(kept, `${model} ${version}`, reason)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return refusedAnswer(error.message, error.mend)
  }
}

/** The app may read that repository for this one, and writes nothing there on its behalf. */
function refusedElsewhere(repository: string, version: string): EffectAnswer {
  const mend = `In a checkout of both: weighbridge retire ${version} --registry DIR, then open the pull request there.`
  return refusedAnswer(`models lie in ${repository}, where nothing is proposed from here`, mend)
}

function answerOf(kept: KeptProposal, what: string, reason: string): EffectAnswer {
  if (kept.is !== 'left-alone') {
    const word = kept.is === 'unchanged' ? 'Open already' : kept.is === 'updated' ? 'Brought up to date' : 'Opened'
    const text = `${word}: #${kept.number}, which retires ${codeSpan(what)}. Nothing serves it now.${personalText(reason)}`
    return { is: 'done', text }
  }
  const number = kept.number === null ? '' : ` (#${kept.number})`
  return { is: 'refused', text: `Not done${number}: ${escapeMarkdown(kept.because)}.` }
}
