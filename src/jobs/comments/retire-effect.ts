import { Unavailable } from '../../ports.ts'
import { codeSpan } from '../../report/markdown-text.ts'
import { retirementBody, retirementTitle } from '../../report/retirement-body.ts'
import { unifiedDiff } from '../../report/unified-diff.ts'
import { planRetirement } from '../plan-retirement.ts'
import { personalText } from './answer-words.ts'
import type { Effect, EffectAnswer } from './comment-job.ts'
import { type KeptProposal, keepProposal } from './keep-proposal.ts'
import { proposalAnswer } from './proposal-answer.ts'
import { mistakesAnswer, refusedAnswer } from './refused-text.ts'
import { registryHere } from './registry-here.ts'

/** Opens the pull request that retires a version; refused while anything serves it in any environment. */
export const retireEffect: Effect<'retire'> = async (job, { model, version, reason }, { cause, at }) => {
  try {
    const { snapshot, models } = await registryHere(job)
    const plan = await planRetirement({ snapshot, models, model, entry: { version, on: at.slice(0, 10), reason } })
    if (plan.is === 'mistakes') return mistakesAnswer(plan.mistakes)
    if (plan.is === 'refused') return refusedAnswer(plan.what, plan.mend)
    const elsewhere = job.configuration?.registry
    if (elsewhere !== undefined) return toBeAskedIn(elsewhere.repository, `${model}@${version}`)
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
    return answerOf(kept, { what: `${model} ${version}`, reason, environments })
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return refusedAnswer(error.message, error.mend)
  }
}

/** The app may read that repository for this one, and writes nothing there for people who may do nothing there. */
function toBeAskedIn(repository: string, version: string): EffectAnswer {
  const here = `Not done here: nothing of this repository serves ${codeSpan(version)}, and models lie in ${codeSpan(repository)}, where nothing is proposed from here.`
  const there = `Write ${codeSpan(`/retire ${version} reason="..."`)} in an issue there, or in a checkout of this repository ${codeSpan(`weighbridge retire ${version} --reason "..." --registry DIR`)} with DIR a checkout of that one, and open the pull request there.`
  return { is: 'refused', text: `${here} ${there}` }
}

interface Retired {
  readonly what: string
  readonly reason: string
  readonly environments: readonly string[]
}

function answerOf(kept: KeptProposal, { what, reason, environments }: Retired): EffectAnswer {
  return proposalAnswer(kept, `which retires ${codeSpan(what)}. ${servedText(environments)}${personalText(reason)}`)
}

/** What other repositories serve of these models is theirs to look at. */
function servedText(environments: readonly string[]): string {
  return environments.length === 0
    ? 'This repository has no environment: whether another one serves it was not looked at.'
    : 'Nothing here serves it now.'
}
