import { stepBetween } from '../registry/semantic-version.ts'
import { coversStep, requiredStep } from '../registry/version-step.ts'
import { artifactRequest } from './artifact-request.ts'
import type { EvidenceReader } from './evidence.ts'
import { type Finding, finding } from './finding.ts'
import type { RecordFile } from './gate.ts'

type Operators = Readonly<Record<string, number>>

/** Whether the graphs can matter: another architecture asks for a minor step, and a larger one is taken anyway. */
export function graphsMatter(candidate: RecordFile, parent: RecordFile): boolean {
  return !coversStep(stepBetween(parent.record.version, candidate.record.version), 'minor')
}

/** The operators of an artifact's graph; `unknown` when it has a graph that could not be read. */
function operatorsOf(
  file: RecordFile,
  maxMb: number | undefined,
  evidence: EvidenceReader,
): Operators | null | 'unknown' {
  if (file.record.artifact.format === 'opaque') return null
  const found = evidence.of<'artifact'>(artifactRequest(file.record, maxMb))
  return found.status === 'present' && found.facts.onnx !== null ? found.facts.onnx.operators : 'unknown'
}

/**
 * Whether the version's number says as much as changed since its parent.
 *
 * A step that is large enough for what the records say, but would be too small for another architecture, is
 * inconclusive while one of the two graphs can't be read.
 */
export function versionStepFinding(
  candidate: RecordFile,
  parent: RecordFile,
  maxMb: number | undefined,
  evidence: EvidenceReader,
): Finding {
  const asked = graphsMatter(candidate, parent)
  const [operators, parentOperators] = [candidate, parent].map((file) =>
    asked ? operatorsOf(file, maxMb, evidence) : null,
  )
  const known = (value: typeof operators) => (value === 'unknown' || value === undefined ? null : value)
  const graphs = { operators: known(operators), parentOperators: known(parentOperators) }
  const needed = requiredStep(parent.record, candidate.record, graphs)
  const taken = stepBetween(parent.record.version, candidate.record.version)
  const title = `${parent.record.version} -> ${candidate.record.version}`
  const place = candidate.place('version')
  if (!coversStep(taken, needed.step)) {
    const whats = needed.reasons.filter(({ step }) => step === needed.step).map(({ what }) => what)
    const because = whats.length === 0 ? 'a version comes after its parent' : whats.join('; ')
    const mend = `Give it a ${needed.step} step or larger from ${parent.record.version}.`
    const step = taken === 'none' || taken === 'backwards' ? 'no step forward' : `a ${taken} step`
    return finding('registry', title, 'failed', `${step} where a ${needed.step} one is needed: ${because}. ${mend}`, {
      place,
      flips: mend,
    })
  }
  if (operators === 'unknown' || parentOperators === 'unknown') {
    const which = operators === 'unknown' ? candidate.record.version : parent.record.version
    const because = `whether the architecture changed is not known: the graph of ${which} can't be read`
    return finding('registry', title, 'inconclusive', because, { place, reason: because })
  }
  return finding('registry', title, 'passed', `a ${taken} step, ${needed.step} or larger is needed`, { place })
}
