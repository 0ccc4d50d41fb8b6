import { afterGate } from './after.ts'
import { approvalsGate } from './approvals.ts'
import { customGate } from './custom.ts'
import { dataQualityGate } from './data-quality.ts'
import { driftGate } from './drift.ts'
import { evaluationGate } from './evaluation.ts'
import { explainabilityGate } from './explainability.ts'
import { fairnessGate } from './fairness.ts'
import { freezeGate } from './freeze.ts'
import type { Gate } from './gate.ts'
import { integrityGate } from './integrity.ts'
import { latencyGate } from './latency.ts'
import { lineageGate } from './lineage.ts'
import { manifestGate } from './manifest.ts'
import { metricsGate } from './metrics.ts'
import { registryGate } from './registry.ts'
import { soakGate } from './unjudged.ts'

/** Every gate, in the order in which findings are listed. `approvals` is last: its rules read the others' statuses. */
export const gates: readonly Gate[] = [
  registryGate,
  manifestGate,
  integrityGate,
  lineageGate,
  evaluationGate,
  dataQualityGate,
  metricsGate,
  fairnessGate,
  driftGate,
  explainabilityGate,
  latencyGate,
  soakGate,
  customGate,
  afterGate,
  freezeGate,
  approvalsGate,
]

/** Gates that hold whatever a policy says, and that nobody can waive. */
export const NEVER_WAIVED = ['registry', 'manifest', 'integrity', 'evaluation', 'after', 'approvals'] as const

/** A gate by name; undefined for a name that no gate has. */
export function gateNamed(name: string): Gate | undefined {
  return gates.find((gate) => gate.name === name)
}
