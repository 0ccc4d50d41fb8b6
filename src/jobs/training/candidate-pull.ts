import type { RunNow } from '../../ports/workflow-run.ts'
import { recordPath } from '../../registry/record.ts'
import { candidateBody } from '../../report/candidate-body.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { candidateBranch } from '../../training/correlation.ts'
import type { NextVersion } from '../../training/next-version.ts'
import { recordText } from '../../training/record-text.ts'
import { gpuHours } from '../../training/spoken-time.ts'
import { compareCandidate } from './candidate-comparison.ts'
import { secondsTaken } from './failed-progress.ts'
import type { RegisteredCandidate } from './register-candidate.ts'
import type { RegistryNow } from './registry-now.ts'
import type { TrainingJob } from './training-job.ts'

/** Opens the pull request of a registered candidate, or leaves the one that is there; says in Markdown which. */
export async function openCandidatePull(
  job: TrainingJob,
  { record, next, proposal }: RegisteredCandidate,
  {
    registry,
    run,
    search = null,
  }: { readonly registry: RegistryNow; readonly run: RunNow; readonly search?: string | null },
): Promise<string> {
  const { host, repository, now, correlation } = job
  const text = recordText(record)
  const path = recordPath(record.model, record.version)
  const comparison = await compareCandidate(job, { registry, record, text })
  const cost = proposal.record.training?.compute?.cost_usd
  const body = candidateBody({
    record,
    recordText: text,
    parent: registry.parent,
    numbered: numberedText(next),
    comparison,
    run: { url: run.url, correlation },
    took: `${gpuHours(secondsTaken(job))} GPU hours${cost === undefined ? '' : `, ${cost} dollars by its own word`}`,
    askedAt: commentUrl(job),
    environments: registry.configuration.environments.map(({ name }) => name),
    search,
  })
  const answer = await host.propose(repository, {
    branch: candidateBranch(record.model, record.version),
    base: { ref: now.defaultBranch, sha: registry.snapshot.sha },
    headline: `models: add ${record.model} ${record.version}`,
    files: [{ path, content: text }],
    title: `Candidate: ${record.model} ${record.version}`,
    body,
  })
  if (answer.is !== 'left-alone') return `Candidate pull request: #${answer.number}`
  const where = answer.number === null ? 'Its pull request' : `Its pull request #${answer.number}`
  return `${where} was left as it is: ${escapeMarkdown(answer.because)}.`
}

function numberedText({ version, parent, needed }: NextVersion): string {
  if (parent === null || needed === null) return 'nothing came before it'
  const why = needed.reasons.map(({ what }) => what)
  return `a ${needed.step} step to ${version}${why.length === 0 ? '' : `, since ${why.join(', ')}`}`
}

function commentUrl({ webUrl, repository, dispatched }: TrainingJob): string {
  const { owner, name } = repository
  return `${webUrl}/${owner}/${name}/issues/${dispatched.issue}#issuecomment-${dispatched.comment}`
}
