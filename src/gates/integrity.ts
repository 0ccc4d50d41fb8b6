import { z } from 'zod'
import { artifactRequest, DEFAULT_MAX_MB } from './artifact-request.ts'
import type { ArtifactFacts, Evidence } from './evidence.ts'
import { allOf, type Finding, finding } from './finding.ts'
import type { Gate, RecordFile } from './gate.ts'

const NAME = 'integrity'

const rule = z.strictObject({
  max_mb: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe(`Largest artifact that is taken, in MB of 1,000,000 bytes; default ${DEFAULT_MAX_MB}.`),
})

/** The field of a record that a problem's code is about. */
const FIELD_OF: Readonly<Record<string, string>> = {
  digest: 'artifact.digest',
  size: 'artifact.size_bytes',
  signature: 'signature',
  'sequence-output': 'signature',
  folder: 'files',
}

function problemFinding(candidate: RecordFile, problem: ArtifactFacts['problems'][number]): Finding {
  const place = candidate.place(FIELD_OF[problem.code] ?? 'artifact.uri')
  return finding(NAME, problem.code, 'failed', `${problem.what}. ${problem.mend}`, { place, flips: problem.mend })
}

/** The digest that was measured beside the record's: shown always, also when the reader named no problem. */
function digestFinding(candidate: RecordFile, facts: ArtifactFacts): Finding {
  const { uri, digest } = candidate.record.artifact
  const place = candidate.place('artifact.digest')
  if (facts.digest === null) {
    return finding(NAME, 'digest', 'inconclusive', `${uri} could not be hashed; the record says ${digest}`, { place })
  }
  if (facts.digest === digest) return finding(NAME, 'digest', 'passed', `${uri} is ${digest}`, { place })
  const mend = 'Train again, or record the digest that you meant to ship.'
  const because = `${uri} is ${facts.digest}, the record says ${digest}. ${mend}`
  return finding(NAME, 'digest', 'failed', because, { place, flips: mend })
}

/** An ONNX file that was neither parsed nor found wrong is not known to be one. */
function formatFinding(candidate: RecordFile, facts: ArtifactFacts): Finding {
  const place = candidate.place('artifact.format')
  if (facts.format === 'opaque') {
    return finding(NAME, 'format', 'passed', 'opaque: hashed and size-checked, never opened', { place })
  }
  if (facts.onnx === null) {
    return finding(NAME, 'format', 'inconclusive', 'the ONNX file could not be parsed, and no reason was given', {
      place,
    })
  }
  const operators = Object.keys(facts.onnx.operators).length
  return finding(NAME, 'format', 'passed', `ONNX of ${facts.onnx.producer}, ${operators} kinds of operator`, { place })
}

function presentChildren(candidate: RecordFile, facts: ArtifactFacts): readonly Finding[] {
  const problems = facts.problems.map((problem) => problemFinding(candidate, problem))
  const named = facts.problems.some(({ code }) => code === 'digest')
  const digest = named || (facts.digest === null && problems.length > 0) ? [] : [digestFinding(candidate, facts)]
  const format = problems.length > 0 ? [] : [formatFinding(candidate, facts)]
  return [...digest, ...problems, ...format]
}

/** Says that kept evidence was not sealed by us and has been computed again; it holds nothing. */
export function foreignCacheFinding(kind: string): Finding {
  const because = `the kept ${kind} evidence was not ours (no seal, or a wrong one); it was computed again`
  return finding(NAME, 'evidence', 'passed', because, { advisory: true, reason: because })
}

function judged(candidate: RecordFile, evidence: Evidence<'artifact'>): Finding {
  const { uri } = candidate.record.artifact
  if (evidence.status !== 'present') {
    const because = `the artifact is ${evidence.status}: ${evidence.because}. ${evidence.mend}`
    const place = candidate.place('artifact.uri')
    return finding(NAME, uri, 'inconclusive', because, { place, flips: evidence.mend, reason: evidence.because })
  }
  const children = presentChildren(candidate, evidence.facts)
  const wrong = children.filter(({ status }) => status !== 'passed')
  const because = wrong.length === 0 ? `${uri} is what its record says` : wrong.map((child) => child.because).join(' ')
  return finding(NAME, uri, allOf(children), because, { children })
}

/** The bytes are those that the record names, and nothing in them can surprise whoever loads them. */
export const integrityGate: Gate<z.infer<typeof rule>> = {
  name: NAME,
  about:
    "Hashes the candidate's artifact again, parses its format in a process of its own, and refuses external data and surprises. Always on, never waived.",
  shape: 'options',
  always: true,
  measuring: false,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan: ({ candidate }, gate) => [artifactRequest(candidate.record, gate.rules[0]?.rule.max_mb)],
  judge({ candidate }, gate, evidence) {
    return judged(candidate, evidence.of<'artifact'>(artifactRequest(candidate.record, gate.rules[0]?.rule.max_mb)))
  },
}
