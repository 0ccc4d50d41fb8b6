import type { RunArtifact } from '../../ports/workflow-run.ts'
import { Unavailable } from '../../ports.ts'
import { PROPOSAL_FILE } from '../../training/proposal.ts'
import type { TrainingJob } from './training-job.ts'

/** A proposal is a record and some numbers. */
const MAX_BYTES = 1_000_000

export type ProposalReading =
  | { readonly is: 'read'; readonly proposal: unknown }
  | { readonly is: 'absent'; readonly because: string }

/** The proposal in an artifact of a run: parsed, and nothing of it believed. */
export async function readProposal(
  { workflows }: Pick<TrainingJob, 'workflows'>,
  artifacts: readonly RunArtifact[],
  name: string,
): Promise<ProposalReading> {
  const named = artifacts.filter((one) => one.name === name && !one.isExpired)
  const [artifact] = named
  if (artifact === undefined) return { is: 'absent', because: `the run has no artifact ${name}` }
  if (named.length > 1) return { is: 'absent', because: `the run has ${named.length} artifacts ${name}` }
  try {
    const bytes = (await workflows.files(artifact, { maxBytes: MAX_BYTES })).get(PROPOSAL_FILE)
    if (bytes === undefined) return { is: 'absent', because: `artifact ${name} holds no ${PROPOSAL_FILE}` }
    return { is: 'read', proposal: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch (error) {
    if (error instanceof Unavailable) return { is: 'absent', because: error.message }
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { is: 'absent', because: `${PROPOSAL_FILE} of artifact ${name} is no JSON` }
    throw error
  }
}
