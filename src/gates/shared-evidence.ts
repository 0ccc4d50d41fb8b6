import type { Model } from '../registry/model.ts'
import type { Evidence, EvidenceReader, EvidenceRequest, FactsOf } from './evidence.ts'
import { sharedArtifact } from './shared-artifact.ts'
import { sharedDrift } from './shared-drift.ts'
import type { SharedTerms } from './shared-estimates.ts'
import { sharedExplainability } from './shared-explainability.ts'
import { sharedFairness } from './shared-fairness.ts'
import { sharedLatency } from './shared-latency.ts'
import { sharedMetrics, sharedUnits } from './shared-metrics.ts'
import { namesIn, told, UNTOLD_MEND } from './shared-texts.ts'

export interface SharedPlace {
  readonly model: Model
  /** Smallest group of which a number may be shown; `privacy.min_group`, 10 unless said. */
  readonly minGroup: number
}

/**
 * The same evidence as it may be judged for a shared place: checks, comments, issues, pages, Git, logs.
 *
 * Judging is pure, so whatever is not in here cannot be in a finding, an exhibit, a report: no text that may quote the
 * data, no value of a column without `values:` in model.yml or marked `personal: true`, no count or rate of a group
 * under the floor, also not by subtraction. What decides stays as it is, but for numbers that rest on a small group:
 * `sharedFindings` gives those the status that was judged locally. Judge with it as with any other evidence:
 * `judgePromotion(subject, composed, sharedEvidence(evidence, { model: subject.model, minGroup: 10 }))`.
 *
 * @param evidence  local; asked at most once for each answer that is read
 */
export function sharedEvidence(evidence: EvidenceReader, place: SharedPlace): EvidenceReader {
  return {
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) =>
      sharedAnswer(evidence.of<Kind>(request), request, place) as Evidence<Kind>,
  }
}

function sharedAnswer(answer: Evidence, request: EvidenceRequest, { model, minGroup }: SharedPlace): Evidence {
  const terms: SharedTerms = { names: new Set([...namesIn(request), ...namesIn(model)]), floor: minGroup }
  // it is about a run of ours, and nobody read any data for it
  if (request.kind === 'registration') return answer
  if (answer.status !== 'present') {
    return {
      ...answer,
      because: told(answer.because, terms.names),
      mend: told(answer.mend, terms.names, UNTOLD_MEND),
    }
  }
  return { ...answer, facts: sharedFacts(answer.facts, request, model, terms) }
}

/** One branch a kind, and none by default: evidence of a new kind is not shown before somebody has thought of it. */
function sharedFacts(facts: Facts, request: EvidenceRequest, model: Model, terms: SharedTerms): Facts {
  switch (request.kind) {
    case 'artifact':
      return sharedArtifact(facts as FactsOf['artifact'], terms)
    case 'metrics':
      return sharedMetrics(facts as FactsOf['metrics'], request, terms)
    case 'units':
      return sharedUnits(facts as FactsOf['units'], terms)
    case 'fairness':
      return sharedFairness(facts as FactsOf['fairness'], request, model, terms)
    case 'quality':
      // names of columns, types and counts: nothing in it is a value
      return facts
    case 'drift':
      return sharedDrift(facts as FactsOf['drift'], request, terms)
    case 'explainability':
      return sharedExplainability(facts as FactsOf['explainability'], terms)
    case 'registration':
      // ids and digests of a run of ours; nothing of the data
      return facts
    case 'latency':
      return sharedLatency(facts as FactsOf['latency'], terms)
  }
}

type Facts = FactsOf[keyof FactsOf]
