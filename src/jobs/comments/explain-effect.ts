import { smallestFlip } from '../../policy/flip.ts'
import type { PullFacts } from '../../ports/pull-now.ts'
import { type Explanation, explanationPage, ofGate } from '../../report/explanation-page.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { modelRepository } from '../github/model-repository.ts'
import { recordLooks } from '../github/record-looks.ts'
import { rememberedWeighing } from '../github/remembered-weighing.ts'
import { type WeighedPull, weighedPull } from '../github/weighed-pull.ts'
import { withWeighingPorts } from '../github/with-weighing-ports.ts'
import { openRegistry } from '../registry-reader.ts'
import { whatIfs } from '../what-ifs.ts'
import type { Asking, CommentJob, Effect } from './comment-job.ts'
import { pageAnswer } from './page-answer.ts'
import { refusedAnswer } from './refused-text.ts'
import { tellRunning } from './tell-running.ts'

/** Promotions of one pull request that are supposed to be otherwise. */
const MOST_PROMOTIONS = 3

/** Why the verdict on a pull request is what it is, what would turn it, and what if something were otherwise. */
export const explainEffect: Effect<'explain'> = async (job, { gate }, asking) => {
  const { pull, number, isOpen } = job.thread
  if (pull === null) return refusedAnswer('this is an issue, which promotes nothing', 'Write it under a pull request.')
  if (!isOpen) return refusedAnswer('this pull request is closed', 'Its checks hold what was decided.')
  const [facts] = await job.host.pulls(job.repository, [number])
  if (facts === undefined) return refusedAnswer('this pull request cannot be read')
  const weighed = await weighedAgain(job, facts, asking)
  if (weighed.weighed.promotions.length === 0 && weighed.document.verdict.children.length === 0)
    return { is: 'done', text: `Nothing to explain: ${escapeMarkdown(weighed.document.verdict.because)}` }
  if (gate !== null && ofGate(weighed.document.verdict, gate).length === 0)
    return refusedAnswer(`the gate ${gate} has no part in this verdict`, gatesText(weighed))
  return pageAnswer(job, explanationPage(await explained(job, weighed, gate)), 'explanation')
}

/** By kept evidence where this head was weighed before; else it may take a while, and that is said. */
async function weighedAgain(job: CommentJob, facts: PullFacts, asking: Asking): Promise<WeighedPull> {
  const isKnown = rememberedWeighing(job, facts.number, facts.head.sha) !== null
  if (!isKnown) await tellRunning(job, asking, 'Weighing it first. This answer is edited when it is done.')
  const weighed = await weighedPull(job, facts)
  await recordLooks(job, [weighed])
  return weighed
}

function gatesText({ document }: WeighedPull): string {
  const promotions = document.verdict.children.filter(({ gate }) => gate === 'promotion')
  const gates = [document.verdict, ...promotions].flatMap(({ children }) => children.map(({ gate }) => gate))
  return `Gates here: ${[...new Set(gates)].filter((name) => name !== 'promotion').join(', ')}.`
}

async function explained(job: CommentJob, weighing: WeighedPull, gate: string | null): Promise<Explanation> {
  const { weighed, document } = weighing
  return {
    verdict: document.verdict,
    gate,
    flips: smallestFlip(document.verdict),
    waivable: weighed.promotions.flatMap(({ waivable }) => waivable),
    promotions: await supposed(job, weighing),
  }
}

async function supposed(job: CommentJob, { weighed, now }: WeighedPull): Promise<Explanation['promotions']> {
  const { pull, models, judged, central } = weighed
  const before = openRegistry(pull.before, models?.snapshot)
  const home = models === null ? job.repository : await modelRepository(job, models.name)
  return withWeighingPorts(
    job,
    () => home ?? job.repository,
    (open) => {
      // nothing is opened for a fork
      const openPorts = now.isFork || home === null ? null : open
      const ground = { before, shipped: job.shipped, central, openPorts }
      const told = judged.slice(0, MOST_PROMOTIONS).map(async (promotion) => ({
        title: `${promotion.change.model} in ${promotion.change.environment}`,
        whatIfs: await whatIfs(promotion, ground),
      }))
      return Promise.all(told)
    },
  )
}
