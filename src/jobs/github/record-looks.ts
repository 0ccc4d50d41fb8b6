import type { NewFact } from '../../ledger/fact.ts'
import { lookOf } from '../../merging/look.ts'
import type { PromotionFacts } from '../weighed-facts.ts'
import { readLedger } from './github-side.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'
import type { WeighedPull } from './weighed-pull.ts'

/**
 * Tells the ledger which versions were judged on which exam, before anybody sees the numbers: a pull request that is
 * closed again has looked all the same. Written once a version, and only where a policy counts looks.
 */
export async function recordLooks(job: RepositoryJob, weighings: readonly WeighedPull[]): Promise<void> {
  const counted = weighings.filter(({ now }) => !now.isFork)
  const facts = await Promise.all(counted.map((one) => newLooks(job, one)))
  if (facts.flat().length === 0) return
  await job.openLedger(job.host, job.repository).append(facts.flat())
}

/** Nothing is judged where the operator grants nothing, and where the ledger cannot be believed nothing passes. */
async function newLooks(job: RepositoryJob, { now, weighed }: WeighedPull): Promise<readonly NewFact[]> {
  const counted = weighed.promotions.filter((promotion) => promotion.countsLooks)
  if (counted.length === 0 || !job.grounds.isGranted(job.repository)) return []
  const looks = await Promise.all(
    counted.map(async (promotion) => ((await isKnown(job, promotion, now.ledgerTip)) ? null : lookAt(job, promotion))),
  )
  return looks.filter((look) => look !== null)
}

function lookAt(job: RepositoryJob, promotion: PromotionFacts): NewFact | null {
  return lookOf(promotion, { actorId: 0, at: momentOf(job) })
}

async function isKnown(
  job: RepositoryJob,
  { environment, model, to, evaluationDigest }: PromotionFacts,
  tip: string | null,
): Promise<boolean> {
  const ledger = await readLedger(job, { environment, model }, tip)
  if (ledger.is !== 'sound') return true
  return ledger.state.looked.some(
    ({ evaluation, versions }) => evaluation === evaluationDigest && versions.includes(to),
  )
}
