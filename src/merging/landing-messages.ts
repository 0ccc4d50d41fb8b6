import type { NewFact } from '../ledger/fact.ts'
import type { Landing } from './landing.ts'

/** An issue about what landed without our verdict, in plain text: whoever posts it escapes what stands in it. */
export interface LandingIssue {
  /** The same for one model and environment, so that there is one issue. */
  readonly marker: string
  readonly title: string
  readonly lines: readonly string[]
}

function issueOf({ scope, fact }: NewFact, landing: Landing): readonly LandingIssue[] {
  if (fact.kind !== 'unweighed' || scope === 'budget') return []
  const { environment, model } = scope
  const what = fact.version === null ? 'A change of what serves' : `Version ${fact.version}`
  const way = fact.pull === null ? '' : ` from pull request ${fact.pull}`
  return [
    {
      marker: `weighbridge:unweighed:${environment}/${model}`,
      title: `${model} in ${environment} changed without a verdict`,
      lines: [
        `${what} of ${model} landed in ${environment} at ${fact.commit}${way}: ${landing.because}.`,
        `Weighed afterwards it is: ${fact.status}.`,
        'Nothing is undone. Until it has passed it counts neither as live for later environments nor as a version to roll back to.',
      ],
    },
  ]
}

/** Issues to be opened for a landing: one for each model and environment that changed unweighed. */
export function landingIssues(landing: Landing): readonly LandingIssue[] {
  return landing.facts.flatMap((fact) => issueOf(fact, landing))
}

/** What is said on the pull request about a landing; null when there is nothing to say. */
export function landingComment(landing: Landing): readonly string[] | null {
  if (landing.is === 'unweighed') return [`This landed without our verdict: ${landing.because}.`]
  if (landing.is !== 'by-hand') return null
  const left = landing.facts.flatMap(({ fact }) => (fact.kind === 'quarantined' ? [fact] : []))
  const versions = left.map(({ version, until }) => `${version ?? 'the version left'} is quarantined until ${until}`)
  return ['A rollback by hand: it is recorded, and nothing is undone.', ...versions.map((text) => `${text}.`)]
}
