import type { LedgerFacts } from '../../gates/github-facts.ts'
import type { PullFacts } from '../../ports/pull-now.ts'
import { Unavailable } from '../../ports.ts'
import type { GitHubSide } from '../github-side.ts'
import type { RepositoryJob } from './job-context.ts'
import { readPeople } from './read-people.ts'

/** What only GitHub knows of a pull request, read when a weighing asks for it. */
export function githubSide(job: RepositoryJob, pull: PullFacts): GitHubSide {
  return {
    pull: pull.number,
    people: (ask) => readPeople(job, pull, ask),
    ledger: (environment, model) => readLedger(job, { environment, model }, pull.ledgerTip),
  }
}

/** A scope's state in the words of gates; what cannot be believed says why. */
export async function readLedger(
  job: RepositoryJob,
  scope: { readonly environment: string; readonly model: string },
  tip: string | null,
): Promise<LedgerFacts> {
  try {
    const reading = await job.openLedger(job.host, job.repository).read(scope, tip)
    return reading.is === 'sound' ? { is: 'sound', state: reading.state } : { is: reading.is, because: reading.because }
  } catch (error) {
    if (error instanceof Unavailable) return { is: 'unreadable', because: error.message }
    throw error
  }
}
