import type { EvidenceRequest } from '../gates/evidence.ts'
import type { GateSubject } from '../gates/gate.ts'
import { gateNamed } from '../gates/index.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import { applicableGate, isAskedOf } from './applicable-gate.ts'
import type { Composed } from './compose.ts'

/**
 * The evidence that a promotion needs, each request once, in the order of its gates.
 * A gate that can't say what it needs asks for nothing here; judging it then says why.
 */
export function planPromotion(subject: GateSubject, composed: Composed): readonly EvidenceRequest[] {
  const requests = composed.gates
    .filter((gate) => isAskedOf(subject, gate))
    .flatMap((gate) => {
      try {
        return gateNamed(gate.gate)?.plan(subject, applicableGate(subject, gate)) ?? []
      } catch {
        return []
      }
    })
  return [...new Map(requests.map((request) => [canonicalJson(request), request])).values()]
}
