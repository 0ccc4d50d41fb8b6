import type { RunNow } from '../../ports/workflow-run.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { PROPOSAL_ARTIFACT, TRIAL_ARTIFACT } from '../../training/proposal.ts'
import { openCandidatePull } from './candidate-pull.ts'
import { takenLine } from './failed-progress.ts'
import { runLine } from './progress-words.ts'
import { readProposal } from './read-proposal.ts'
import { type Refusal, registerCandidate } from './register-candidate.ts'
import { registryNow } from './registry-now.ts'
import type { Progress, TrainingJob } from './training-job.ts'

/**
 * From a run that succeeded to the candidate's pull request: its proposal is read and checked, its bytes are looked at,
 * it gets its number, the ledger and the evidence say that it is registered, and then it is proposed.
 *
 * @param trial   of a search: the winner; null for one training
 * @param search  of a search: Markdown about all its trials
 */
export async function openCandidate(
  job: TrainingJob,
  trial: number | null,
  search: string | null = null,
): Promise<Progress> {
  const { dispatched, workflows } = job
  const id = dispatched.ended?.run ?? null
  const run = id === null ? null : await workflows.run(id)
  if (run === null) return refused([{ where: 'run', what: 'is not there any more', mend: 'Train again.' }], null)
  // it ended well as its first attempt: what a later one uploads is not what the ledger saw
  if (run.attempt !== 1 || run.status !== 'completed') return refused([startedAgain(run)], run.url)
  const name = trial === null ? PROPOSAL_ARTIFACT : `${TRIAL_ARTIFACT}${trial}`
  const read = await readProposal(job, await workflows.artifacts(run.id), name)
  const mend = 'Let the workflow call weighbridge register and upload what it writes.'
  if (read.is === 'absent') return refused([{ where: 'proposal', what: read.because, mend }], run.url)
  const registry = await registryNow(job)
  const gone = { where: 'model.yml', what: 'is gone from the default branch, or has mistakes', mend: 'Mend it.' }
  if (registry === null) return refused([gone], run.url)
  const registered = await registerCandidate(job, { proposal: read.proposal, run, trial, registry })
  if (registered.is === 'refused') return refused(registered.mistakes, run.url)
  const pull = await openCandidatePull(job, registered, { registry, run, search })
  const { model, version } = registered.record
  return {
    is: 'done',
    headline: `done: ${model} ${version}`,
    details: [pull, ...runLine(run.url), takenLine(job)],
  }
}

function startedAgain({ attempt }: RunNow): Refusal {
  return { where: 'run', what: `was started again: this is its attempt ${attempt}`, mend: 'Train again.' }
}

function refused(mistakes: readonly Refusal[], url: string | null): Progress {
  const lines = mistakes.map(
    ({ where, what, mend }) => `- ${escapeMarkdown(`${where} ${what}`)}. ${escapeMarkdown(mend)}`,
  )
  const headline = 'the run ended well, and what it proposes is refused'
  return { is: 'failed', headline, details: [lines.join('\n'), ...runLine(url)] }
}
