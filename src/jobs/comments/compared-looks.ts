import { countsLooks } from '../../gates/evaluation.ts'
import type { NewFact } from '../../ledger/fact.ts'
import type { ComparedRecord, VersionComparison } from '../../measuring/version-comparison.ts'
import { lookOf } from '../../merging/look.ts'
import { readLedger } from '../github/github-side.ts'
import { momentOf } from '../github/job-context.ts'
import type { CommentJob } from './comment-job.ts'
import type { ComposedHere } from './composed-here.ts'

/**
 * Tells the ledger which versions a comparison showed the exam to, before anybody sees a number: who chooses a version
 * by it has looked as much as who has it weighed. Only where a policy counts looks, and once a version.
 *
 * @param rules  of every environment, for the model whose exam it is
 */
export async function recordComparedLooks(
  job: CommentJob,
  rules: readonly ComposedHere[],
  document: VersionComparison,
): Promise<void> {
  const isMeasured = document.exam !== null && Object.keys(document.metrics).length > 0
  if (!isMeasured || !job.grounds.isGranted(job.repository)) return
  const facts = await Promise.all(
    rules.filter(isCounting).map(({ environment }) => looksIn(job, environment, document)),
  )
  if (facts.flat().length === 0) return
  await job.openLedger(job.host, job.repository).append(facts.flat(), job.now.ledgerTip)
}

function isCounting({ composed }: ComposedHere): boolean {
  const rules = composed.gates.find(({ gate }) => gate === 'evaluation')?.rules ?? []
  return rules.some(({ rule }) => countsLooks(rule))
}

/** The exam is that of a; a version of another model is no candidate on it. */
async function looksIn(job: CommentJob, environment: string, document: VersionComparison): Promise<readonly NewFact[]> {
  const { model } = document.a
  const evaluationDigest = document.exam?.digest ?? null
  const ledger = await readLedger(job, { environment, model }, job.now.ledgerTip)
  if (ledger.is !== 'sound') return []
  const known = ledger.state.looked.find(({ evaluation }) => evaluation === evaluationDigest)?.versions ?? []
  const isNew = (one: ComparedRecord) => one.model === model && !known.includes(one.version)
  return [document.a, document.b].filter(isNew).flatMap(({ version, digest }) => {
    const looked = {
      ...{ environment, model, to: version },
      ...{ kind: 'promotion' as const, artifactDigest: digest, evaluationDigest },
    }
    return lookOf(looked, { actorId: job.by.id, at: momentOf(job) }) ?? []
  })
}
