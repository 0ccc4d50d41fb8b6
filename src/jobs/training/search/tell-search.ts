import { escapeMarkdown } from '../../../report/markdown-text.ts'
import { pageHtml } from '../../../report/page/page-html.ts'
import { searchMarkdown, searchPage } from '../../../report/search-page.ts'
import type { SearchStep } from '../../../training/search/advance-search.ts'
import { parameterImportance } from '../../../training/search/importance.ts'
import { bestSoFar, rankTrials } from '../../../training/search/rank-trials.ts'
import type { SearchPlan } from '../../../training/search/search-plan.ts'
import { storePage } from '../../github/store-report.ts'
import type { TrainingJob } from '../training-job.ts'
import type { EndedRung } from './gather-rungs.ts'

/** A search in words: the best trials for the answer, and a page that has them all. */
export interface ToldSearch {
  /** Lines of the answer. */
  readonly details: readonly string[]
  /** For the candidate's pull request. */
  readonly search: string
  /** Why it ended early, escaped. */
  readonly early: string
}

export async function tellSearch(
  job: TrainingJob,
  of: {
    readonly plan: SearchPlan
    readonly rungs: readonly EndedRung[]
    readonly end: Extract<SearchStep, { is: 'finished' | 'stopped' }>
  },
): Promise<ToldSearch> {
  const { plan, rungs, end } = of
  const outcomes = rungs.map((one) => one.outcomes)
  const last = outcomes.at(-1) ?? []
  const facts = {
    plan,
    outcomes,
    // later rungs had more epochs: they come first
    ranked: outcomes.toReversed().flatMap((rung) => rankTrials(rung, plan.better)),
    best: bestSoFar(outcomes.flat(), plan.better),
    importance: parameterImportance(plan.dimensions, outcomes[0] ?? last),
    winner: end.winner,
    correlation: job.correlation,
  }
  const page = await storePage(job, pageHtml(searchPage(facts)))
  const link = page === null ? [] : [`[All trials](${page})`]
  const table = searchMarkdown(facts)
  return {
    details: [table, ...link],
    search: [table, ...link].join('\n\n'),
    early: end.is === 'stopped' ? escapeMarkdown(`${end.because}.`) : '',
  }
}
