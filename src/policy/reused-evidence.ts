import type { Evidence, EvidenceReader, EvidenceRequest, FactsOf } from '../gates/evidence.ts'
import { canonicalJson } from '../registry/canonical-json.ts'

/** Evidence that was gathered for one policy, asked by another. */
export interface ReusedEvidence extends EvidenceReader {
  /** Whether a request is answered by what was gathered; where not, somebody would have to compute. */
  knows(request: EvidenceRequest): boolean
}

/** What a reader answers that computes nothing. */
const NOT_GATHERED = {
  status: 'missing',
  because: 'it was not gathered',
  mend: 'It takes a weighing of its own.',
} as const

/**
 * What was gathered, as far as it answers other questions than it was gathered for: the same request; some measures out
 * of many, for the same versions on the same exam; those of the candidate alone, whatever the incumbent; and an artifact
 * that is below both limits. Nothing is computed and nothing is guessed.
 *
 * @param requests  everything that `reader` was gathered for
 */
export function reusedEvidence(reader: EvidenceReader, requests: readonly EvidenceRequest[]): ReusedEvidence {
  const answerOf = (request: EvidenceRequest): Evidence | null => {
    for (const gathered of requests) {
      const answer = reused(gathered, request, () => reader.of(gathered as never) as Evidence)
      if (answer !== null) return answer
    }
    return null
  }
  return {
    knows: (request) => answerOf(request) !== null,
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) =>
      (answerOf(request) ?? { kind: request.kind, key: '', ...NOT_GATHERED }) as Evidence<Kind>,
  }
}

function reused(gathered: EvidenceRequest, asked: EvidenceRequest, answer: () => Evidence): Evidence | null {
  if (gathered.kind !== asked.kind) return null
  if (canonicalJson(gathered) === canonicalJson(asked)) return answer()
  if (gathered.kind === 'artifact' && asked.kind === 'artifact') {
    const found = answer() as Evidence<'artifact'>
    const isSame = canonicalJson(gathered.subject) === canonicalJson(asked.subject)
    return isSame && isBelow(found, Math.min(gathered.max_bytes, asked.max_bytes)) ? found : null
  }
  if ('measures' in gathered && 'measures' in asked) return someMeasures(gathered, asked, answer)
  return null
}

function isBelow(found: Evidence<'artifact'>, maxBytes: number): boolean {
  return found.status === 'present' && found.facts.size_bytes !== null && found.facts.size_bytes <= maxBytes
}

type Measuring = Extract<EvidenceRequest, { readonly measures: unknown }>

/** Measures that were asked beside others; each is measured for itself. */
function someMeasures(gathered: Measuring, asked: Measuring, answer: () => Evidence): Evidence | null {
  const places = asked.measures.map((wanted) =>
    gathered.measures.findIndex((one) => canonicalJson(one) === canonicalJson(wanted)),
  )
  // without an incumbent nothing is compared, whatever the rules ask
  const needsIncumbent = asked.incumbent !== null && asked.measures.some((one) => one.against_incumbent)
  const isAlike = sameBut(gathered, asked, needsIncumbent)
  if (!isAlike || places.includes(-1)) return null
  const found = answer()
  if (found.status !== 'present') return found
  const { measured } = found.facts as FactsOf['metrics']
  const picked = places.flatMap((at) => measured[at] ?? [])
  if (sameBut(gathered, asked, true)) return withFacts(found, { measured: picked })
  const alone = picked.map((one) => ({ ...one, incumbent: null, difference: null }))
  return withFacts(found, { measured: alone, incumbent: null, incumbent_missing: undefined })
}

function withFacts(
  found: Extract<Evidence, { status: 'present' }>,
  facts: Readonly<Record<string, unknown>>,
): Evidence {
  return { ...found, facts: { ...found.facts, ...facts } } as Evidence
}

function sameBut(a: Measuring, b: Measuring, incumbent: boolean): boolean {
  const rest = ({ measures: _, incumbent: other, ...one }: Measuring) =>
    canonicalJson(incumbent ? { ...one, other } : one)
  return rest(a) === rest(b)
}
