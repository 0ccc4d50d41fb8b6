import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { EvidenceReader, EvidenceRequest, MetricsRequest } from '../gates/evidence.ts'
import { type ReusedEvidence, reusedEvidence } from '../policy/reused-evidence.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gather } from './gather.ts'
import { openJob } from './job.ts'
import { scoresKey } from './score-version.ts'

/** What a promotion was weighed by. */
export interface WeighedBy {
  readonly reader: EvidenceReader
  /** Everything that `reader` was gathered for. */
  readonly requests: readonly EvidenceRequest[]
}

/**
 * The evidence of a weighing and, beyond it, what earlier weighings left in the store: their evidence, and what follows
 * from scores that they kept. No artifact is fetched and no model runs; what would take that stays unknown.
 *
 * @param asked      what suppositions about the promotion ask for
 * @param openPorts  called only when something is asked that the weighing does not answer; null: the store is not asked
 */
export async function supposedEvidence(
  { reader, requests }: WeighedBy,
  asked: readonly EvidenceRequest[],
  openPorts: (() => Promise<GatherPorts>) | null,
): Promise<ReusedEvidence> {
  const weighed = reusedEvidence(reader, requests)
  const open = asked.filter((one) => one.kind !== 'artifact' && !weighed.knows(one))
  if (open.length === 0 || openPorts === null) return weighed
  const ports = await openPorts()
  const kept = await Promise.all(open.map(async (one) => ((await isInStore(one, ports)) ? [one] : [])))
  const more = await gather(kept.flat(), openJob(ports))
  const found = kept.flat().filter((one) => more.of(one as MetricsRequest).status === 'present')
  const names = new Set(found.map(canonicalJson))
  const of: EvidenceReader['of'] = (request) => (names.has(canonicalJson(request)) ? more : reader).of(request)
  return reusedEvidence({ of }, [...requests, ...found])
}

/** Whether the store holds the answer, or the scores of both versions, under our seal. */
async function isInStore(request: EvidenceRequest, { engine, evidence }: GatherPorts): Promise<boolean> {
  const keys = [[evidenceKey({ engine, request })], ...scoreKeys(request, engine)]
  const kept = keys.map(async (all) => {
    const found = await Promise.all(all.map((key) => evidence.get(key)))
    return found.every(({ status }) => status === 'sealed')
  })
  return (await Promise.all(kept)).includes(true)
}

/** Scores that a request can be answered from; none where it takes something else. */
function scoreKeys(request: EvidenceRequest, engine: string): readonly (readonly string[])[] {
  if (request.kind !== 'metrics' && request.kind !== 'fairness') return []
  const { exam, candidate, incumbent } = request
  return [[candidate, incumbent].flatMap((one) => (one === null ? [] : [scoresKey(engine, exam, one)]))]
}
