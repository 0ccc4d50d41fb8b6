import type { EvidenceReader } from '../gates/evidence.ts'
import type { Finding } from '../gates/finding.ts'
import type { GateSubject } from '../gates/gate.ts'
import { sharedEvidence } from '../gates/shared-evidence.ts'
import { sharedFindings } from '../gates/shared-findings.ts'
import type { Composed } from '../policy/compose.ts'
import { judgeGates } from '../policy/judge.ts'

/**
 * Who will read a verdict. local: whoever ran the command, on files of his own. shared: checks, comments, pages, logs;
 * never a row, an id, an undeclared or personal value, nor a group under the privacy floor, also not by subtraction.
 */
export type Audience = 'local' | 'shared'

/** Smallest group that a shared place shows, unless configuration or policy ask for more. */
const MIN_GROUP = 10

/** What the gates find, as their readers may see it, before people and the ledger; what is withheld changes no status. */
export function judgeFor(
  audience: Audience,
  subject: GateSubject,
  composed: Composed,
  evidence: EvidenceReader,
): readonly Finding[] {
  const local = judgeGates(subject, composed, evidence)
  if (audience === 'local') return local
  const stated = [subject.configuration.privacy?.min_group, composed.privacy.min_group].filter(
    (floor) => typeof floor === 'number',
  )
  const minGroup = stated.length === 0 ? MIN_GROUP : Math.max(...stated)
  return sharedFindings(
    local,
    judgeGates(subject, composed, sharedEvidence(evidence, { model: subject.model, minGroup })),
  )
}
