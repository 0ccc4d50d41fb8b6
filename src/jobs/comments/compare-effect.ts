import { Unavailable } from '../../ports.ts'
import { codeSpan } from '../../report/markdown-text.ts'
import { versionComparisonPage } from '../../report/measured/version-comparison-page.ts'
import { type Compared, compareVersions, type NamedVersion } from '../compare-versions.ts'
import { withWeighingPorts } from '../github/with-weighing-ports.ts'
import type { CommentJob, Effect } from './comment-job.ts'
import { recordComparedLooks } from './compared-looks.ts'
import { composedHere, minGroupOf } from './composed-here.ts'
import { pageAnswer } from './page-answer.ts'
import { mistakesAnswer, refusedAnswer } from './refused-text.ts'
import { type RegistryHere, registryHere } from './registry-here.ts'
import { tellRunning } from './tell-running.ts'

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
    return await pageAnswer(job, versionComparisonPage(compared.document), 'comparison')
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return refusedAnswer(error.message, error.mend)
  }
}

function measured(
  job: CommentJob,
  { snapshot, models, home }: RegistryHere,
  named: { readonly a: NamedVersion; readonly b: NamedVersion; readonly minGroup: number },
): Promise<Compared> {
  return withWeighingPorts(
    job,
    () => home,
    (openPorts) => compareVersions({ snapshot, models, ...named, latency: true, audience: 'shared', openPorts }),
  )
}
