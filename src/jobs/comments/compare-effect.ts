import type { VersionComparison } from '../../measuring/version-comparison.ts'
import { Unavailable } from '../../ports.ts'
import type { Configuration } from '../../registry/configuration.ts'
import { codeSpan } from '../../report/markdown-text.ts'
import { versionComparisonPage } from '../../report/measured/version-comparison-page.ts'
import { pageHtml } from '../../report/page/page-html.ts'
import { pageMarkdown } from '../../report/page/page-markdown.ts'
import { type Compared, compareVersions, type NamedVersion } from '../compare-versions.ts'
import type { GatherPorts } from '../evidence-ports.ts'
import type { WeighingPorts } from '../github/job-context.ts'
import { storePage } from '../github/store-report.ts'
import type { CommentJob, Effect, EffectAnswer } from './comment-job.ts'
import { recordComparedLooks } from './compared-looks.ts'
import { composedHere, minGroupOf } from './composed-here.ts'
import { mistakesAnswer, refusedAnswer } from './refused-text.ts'
import { type RegistryHere, registryHere } from './registry-here.ts'
import { tellRunning } from './tell-running.ts'

/** An answer has room for other commands' words beside it. */
const MOST_TEXT = 25_000

/** Two versions side by side on the exam, as a page and as tables in the answer, for whoever can read the repository. */
export const compareEffect: Effect<'compare'> = async (job, { a, b }, asking) => {
  try {
    const here = await registryHere(job)
    const names = [a, b].map(({ model, version }) => codeSpan(`${model} ${version}`)).join(' and ')
    await tellRunning(job, asking, `Measuring ${names} on the exam. This answer is edited when it is done.`)
    const rules = await composedHere(job, here, a.model)
    const compared = await measured(job, here, { a, b, minGroup: minGroupOf(rules) })
    if (compared.is === 'mistakes') return mistakesAnswer(compared.mistakes)
    if (compared.is === 'refused') return refusedAnswer(compared.what, compared.mend)
    await recordComparedLooks(job, rules, compared.document)
    return await shown(job, compared.document)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return refusedAnswer(error.message, error.mend)
  }
}

async function measured(
  { grounds, repository }: CommentJob,
  { snapshot, models, home }: RegistryHere,
  named: { readonly a: NamedVersion; readonly b: NamedVersion; readonly minGroup: number },
): Promise<Compared> {
  const opened: WeighingPorts[] = []
  const openPorts = (configuration: Configuration): Promise<GatherPorts> => {
    const ports = grounds.weighing(repository, home)
    opened.push(ports)
    return ports.openPorts(configuration)
  }
  try {
    return await compareVersions({ snapshot, models, ...named, latency: true, audience: 'shared', openPorts })
  } finally {
    for (const ports of opened) await ports.close()
  }
}

async function shown(job: CommentJob, document: VersionComparison): Promise<EffectAnswer> {
  const page = versionComparisonPage(document)
  const url = await storePage(job, pageHtml(page))
  const link = url === null ? '' : `\n\n[The whole comparison](${url})`
  return { is: 'done', text: `${pageMarkdown(page, MOST_TEXT)}${link}` }
}
