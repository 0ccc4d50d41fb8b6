import type { Provenance } from './finding.ts'
import type { ComposedGate } from './gate.ts'
import { type Part, sentence } from './part.ts'

const STRENGTH: Readonly<Record<Provenance, number>> = { claimed: 0, attested: 1, recomputed: 2 }

/** The weakest of what a number rests on. */
export function weakest(...sources: readonly (Provenance | null | undefined)[]): Provenance {
  const known = sources.map((source) =>
    source !== null && source !== undefined && source in STRENGTH ? source : 'claimed',
  )
  return known.toSorted((a, b) => STRENGTH[a] - STRENGTH[b])[0] ?? 'claimed'
}

/** What a part becomes when its numbers were not made the way the policy asks for: inconclusive, whatever they say. */
export function heldToProvenance(
  part: Part,
  provenance: Provenance,
  { atLeast, provenanceAsked }: Pick<ComposedGate, 'atLeast' | 'provenanceAsked'>,
): Part {
  if (!provenanceAsked || part.status === 'skipped' || STRENGTH[provenance] >= STRENGTH[atLeast]) return part
  const claimed = provenance === 'claimed' ? 'Claimed evidence never passes. ' : ''
  return {
    status: 'inconclusive',
    title: `The numbers are ${provenance}, and the policy takes ${atLeast} at least`,
    because: `${claimed}They would have said: ${part.status}. ${sentence(part.title)} ${part.because}`,
    straddles: false,
    reason: 'provenance',
    flips: `evidence that is ${atLeast === 'recomputed' ? 'recomputed from the artifact' : 'recomputed, or attested by a workflow that the policy names'}`,
  }
}
