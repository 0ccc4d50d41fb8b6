import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { ArtifactRequest, Evidence, EvidenceReader, EvidenceRequest, FactsOf } from '../gates/evidence.ts'
import { type RegistrationRequest, registrationKey, registrationSchema } from '../gates/registration.ts'
import { Unavailable } from '../ports.ts'
import { artifactFacts } from './artifact.ts'
import { gatherDrift } from './gather-drift.ts'
import { gatherExplainability } from './gather-explainability.ts'
import { gatherLatency } from './gather-latency.ts'
import { gatherFairness, gatherMetrics } from './gather-metrics.ts'
import { gatherQuality } from './gather-quality.ts'
import { gatherUnits } from './gather-units.ts'
import type { Job } from './job.ts'
import { foreignScores } from './score-version.ts'

type Measured = Exclude<EvidenceRequest, ArtifactRequest | RegistrationRequest>

/**
 * Answers every request, each once, in parallel; what can't be had says why instead of failing the rest.
 * Artifacts are hashed again at every weighing; what was measured comes from the sealed cache when it is there.
 */
export async function gather(requests: readonly EvidenceRequest[], job: Job): Promise<EvidenceReader> {
  const keyOf = (request: EvidenceRequest) => evidenceKey({ engine: job.engine, request })
  const byKey = new Map<string, EvidenceRequest>(requests.map((request) => [keyOf(request), request]))
  const answers = await Promise.all(
    [...byKey].map(async ([key, request]) => [key, await job.once(key, () => answer(key, request, job))] as const),
  )
  const found = new Map(answers)
  return {
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) => {
      const key = keyOf(request)
      return (found.get(key) ?? neverAsked(request.kind, key)) as Evidence<Kind>
    },
  }
}

/** What a reader answers to a request that nobody gathered. */
export function neverAsked(kind: EvidenceRequest['kind'], key: string): Evidence {
  return {
    kind,
    status: 'missing',
    key,
    because: 'this evidence was not asked for',
    mend: 'Weigh without --skip; if it was not given, this is a bug: report it.',
  }
}

async function answer(key: string, request: EvidenceRequest, job: Job): Promise<Evidence> {
  try {
    if (request.kind === 'registration') return await registered(key, request, job)
    if (request.kind !== 'artifact') return await measuredOrKept(key, request, job)
    return { kind: 'artifact', status: 'present', key, facts: await artifactFacts(request, job), cache: 'computed' }
  } catch (error) {
    return { kind: request.kind, key, ...whyAbsent(error) }
  }
}

/** Written by the app when it has looked a run up, and by nothing else: what is not sealed by it was never registered. */
async function registered(key: string, { digest }: RegistrationRequest, job: Job): Promise<Evidence> {
  const kept = await (job.registrations ?? job.evidence).get(registrationKey(digest))
  const read = registrationSchema.safeParse(kept.status === 'sealed' ? kept.document : null)
  const present = { kind: 'registration', status: 'present', key, cache: 'sealed' } as const
  if (read.success) return { ...present, facts: read.data }
  const because = 'nobody has looked up a run that trained these bytes, so that the record counts as declared'
  return { kind: 'registration', status: 'missing', key, because, mend: 'Train it with /train.' }
}

async function measuredOrKept(key: string, request: Measured, job: Job): Promise<Evidence> {
  const kept = await job.evidence.get(key)
  const present = { kind: request.kind, status: 'present', key } as const
  if (kept.status === 'sealed') return { ...present, facts: kept.document, cache: 'sealed' } as Evidence
  const facts = await measure(request, job)
  await job.evidence.put(key, facts)
  const isForeign = kept.status === 'not-ours' || foreignScores(request, job)
  return { ...present, facts, cache: isForeign ? 'not-ours' : 'computed' } as Evidence
}

/** Bad input says how to mend it; what says nothing of the kind is a bug of ours, and decides nothing. */
function whyAbsent(error: unknown): { status: 'missing' | 'unreachable'; because: string; mend: string } {
  if (error instanceof Unavailable) return { status: error.status, because: error.message, mend: error.mend }
  const because = error instanceof Error ? error.message : String(error)
  const mend = (error as { readonly mend?: unknown } | null)?.mend
  if (typeof mend === 'string') return { status: 'missing', because, mend }
  return { status: 'unreachable', because: `measuring crashed: ${because}`, mend: 'This is a bug: please report it.' }
}

function measure(request: Measured, job: Job): Promise<FactsOf[keyof FactsOf]> {
  switch (request.kind) {
    case 'metrics':
      return gatherMetrics(request, job)
    case 'fairness':
      return gatherFairness(request, job)
    case 'units':
      return gatherUnits(request, job)
    case 'quality':
      return gatherQuality(request, job)
    case 'drift':
      return gatherDrift(request, job)
    case 'explainability':
      return gatherExplainability(request, job)
    case 'latency':
      return gatherLatency(request, job)
  }
}
