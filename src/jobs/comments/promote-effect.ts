import type { LedgerFacts } from '../../gates/github-facts.ts'
import { isInForce, quarantineOf, untilText } from '../../gates/ledger-findings.ts'
import { recordedDifferences } from '../../measuring/version-comparison.ts'
import { Unavailable } from '../../ports.ts'
import { codeSpan } from '../../report/markdown-text.ts'
import { promotionBody, promotionTitle, type ToldPromotion } from '../../report/promotion-body.ts'
import { unifiedDiff } from '../../report/unified-diff.ts'
import { composeFor } from '../compose-for.ts'
import { readLedger } from '../github/github-side.ts'
import { momentOf } from '../github/job-context.ts'
import { operatorPolicy } from '../github/operator-policy.ts'
import { type PlannedPromotion, planPromotion } from '../plan-promotion.ts'
import { openRegistry } from '../registry-reader.ts'
import type { CommentJob, Effect, EffectAnswer } from './comment-job.ts'
import { type KeptProposal, keepProposal } from './keep-proposal.ts'
import { proposalAnswer } from './proposal-answer.ts'
import { readAhead } from './read-ahead.ts'
import { mistakesAnswer, refusedAnswer, withSnippet } from './refused-text.ts'
import { type RegistryHere, registryHere } from './registry-here.ts'

type Edit = Extract<PlannedPromotion, { is: 'edit' }>

/** Opens, or brings up to date, the one pull request that makes an environment serve a version. */
export const promoteEffect: Effect<'promote'> = async (job, { model, version, environment }, { cause }) => {
  try {
    const here = await registryHere(job)
    const [ledger] = await Promise.all([
      readLedger(job, { environment, model }, job.now.ledgerTip),
      readAhead(job, here, { model, version, environment }),
    ])
    const plan = await planPromotion({ ...here, model, version, environment })
    if (plan.is !== 'edit') return refusalOf(plan, { model, environment })
    const quarantined = whyQuarantined(job, plan, ledger)
    if (quarantined !== null) return quarantined
    const told = await toldOf(job, here, { plan, model, environment, ledger })
    const title = promotionTitle(told)
    const kept = await keepProposal(job, {
      place: `promote/${environment}/${model}`,
      what: plan.to,
      cause,
      pull: { headline: title, title, files: [{ path: plan.path, content: plan.text }] },
      body: (branch, request) => promotionBody({ ...told, branch, asked: request }),
    })
    return answerOf(kept, told)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return refusedAnswer(error.message, error.mend)
  }
}

function refusalOf(
  plan: Exclude<PlannedPromotion, { is: 'edit' }>,
  { model, environment }: { readonly model: string; readonly environment: string },
): EffectAnswer {
  if (plan.is === 'mistakes') return mistakesAnswer(plan.mistakes)
  if (plan.is === 'served') {
    const { version, because } = plan.chosen
    return refusedAnswer(`${environment} serves ${model} ${version} already (${plan.path}; ${because})`)
  }
  const place = plan.place === null ? '' : `${plan.place.path}:${plan.place.line}:${plan.place.column} `
  const answer = refusedAnswer(`${place}${plan.what}`, plan.mend)
  return plan.snippet === undefined ? answer : withSnippet(answer, plan.snippet)
}

function whyQuarantined(job: CommentJob, { record }: Edit, ledger: LedgerFacts): EffectAnswer | null {
  if (ledger.is !== 'sound') return null
  const found = quarantineOf(ledger.state, record.artifact.digest, momentOf(job))
  if (found === null) return null
  const until = found.until === null ? 'until it is released' : `until ${found.until}`
  const as = found.version === null || found.version === record.version ? '' : ` as ${found.version}`
  const what = `the artifact of ${record.model} ${record.version} is quarantined there${as} ${until}: ${found.reason}`
  return refusedAnswer(what, 'Promote another artifact, or have it released from quarantine.')
}

interface Planned {
  readonly plan: Edit
  readonly model: string
  readonly environment: string
  readonly ledger: LedgerFacts
}

async function toldOf(job: CommentJob, { snapshot, models, home }: RegistryHere, of: Planned): Promise<ToldPromotion> {
  const { plan, environment } = of
  const { configuration, now } = job
  const registry = openRegistry(snapshot, models)
  const [served, about] = await Promise.all([registry.record(of.model, plan.from), registry.model(of.model)])
  const here = configuration?.environments.find(({ name }) => name === environment)
  if (configuration === null || here === undefined || !about?.ok)
    throw new TypeError('a promotion was planned without what it is planned by')
  const subject = { model: about.value, environment: here, configuration }
  const before = served?.ok ? served.value : null
  const { from, to, record } = plan
  return {
    environment,
    from,
    to,
    because: plan.chosen.because,
    diff: unifiedDiff(plan.path, plan.before, plan.text),
    asked: { login: job.by.login, url: now.comment.url },
    record,
    task: about.value.task,
    before,
    differences: before === null ? [] : recordedDifferences(before, record),
    composed: await composeFor(subject, registry, job.shipped, await operatorPolicy(job)),
    notes: [...plan.notes, ...ledgerNotes(job, of.ledger)],
    branch: '',
    base: now.defaultBranch,
    modelsUrl: `${job.webUrl}/${home.owner}/${home.name}`,
  }
}

/** What will hold it whatever its gates say. */
function ledgerNotes(job: CommentJob, ledger: LedgerFacts): readonly string[] {
  if (ledger.is !== 'sound')
    return [`The ledger cannot be believed now (${ledger.because}), and nothing passes until it can.`]
  const { frozen } = ledger.state
  if (frozen === null || !isInForce(frozen.until, momentOf(job))) return []
  return [`The environment is frozen ${untilText(frozen.until)}: ${frozen.reason}`]
}

function answerOf(kept: KeptProposal, { record, environment, from }: ToldPromotion): EffectAnswer {
  const what = codeSpan(`${record.model} ${record.version}`)
  const where = `${what} in ${codeSpan(environment)}, from ${codeSpan(from)}`
  const unchanged = kept.is === 'unchanged' ? ` ${codeSpan(kept.by)} asked for it.` : ''
  const rest = 'It is weighed like any other; whoever asked for it does not approve it.'
  return proposalAnswer(kept, `${where}.${unchanged} ${rest}`)
}
