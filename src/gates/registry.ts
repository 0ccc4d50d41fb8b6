import { z } from 'zod'
import type { Change } from '../registry/change.ts'
import type { Mistake } from '../registry/mistake.ts'
import { artifactRequest } from './artifact-request.ts'
import { allOf, type Finding, finding } from './finding.ts'
import type { Gate, GateSubject } from './gate.ts'
import { mistakeFinding } from './mistake-finding.ts'
import { promotesNothing } from './promotes-nothing.ts'
import { graphsMatter, versionStepFinding } from './version-step-finding.ts'

const NAME = 'registry'

const rule = z.strictObject({
  max_mb: z
    .number()
    .positive()
    .optional()
    .describe('Largest artifact that is opened to compare graphs, in MB; default: that of integrity.'),
})
type RegistryRule = z.infer<typeof rule>

/** What a weighing read of the registry, also when nothing is promoted. */
export interface RegistryReading {
  readonly changes: readonly Change[]
  readonly mistakes: readonly Mistake[]
  /** Paths of ours changed on both sides since the merge base. */
  readonly conflicts: readonly string[]
}

function rewritten({ kind, path, place }: Change): readonly Finding[] {
  if (kind !== 'version-changed') return []
  const mend = 'Restore the record as it was, and add a new version.'
  const because = `a version is immutable once it is merged; this one was edited or removed. ${mend}`
  return [finding(NAME, path, 'failed', because, { place: place ?? { path, line: 1, column: 1 }, flips: mend })]
}

function conflict(path: string): Finding {
  const mend = 'Update the branch.'
  const because = `${path} has changed on both sides since the branch was cut. ${mend}`
  return finding(NAME, path, 'inconclusive', because, {
    place: { path, line: 1, column: 1 },
    flips: mend,
    reason: mend,
  })
}

/** What is wrong whatever is promoted: mistakes in files, rewritten versions, conflicts. */
export function readingFindings({ changes, mistakes, conflicts }: RegistryReading): readonly Finding[] {
  return [
    ...mistakes.map((mistake) => mistakeFinding(NAME, mistake)),
    ...changes.flatMap(rewritten),
    ...conflicts.map(conflict),
  ]
}

function rolledUp(children: readonly Finding[], passed: string): Finding {
  const wrong = children.filter(
    ({ status, advisory }) => status !== 'passed' && status !== 'skipped' && advisory !== true,
  )
  const because = wrong.length === 0 ? passed : wrong.map((child) => child.because).join(' ')
  return finding(NAME, NAME, allOf(children, 'passed'), because, { children })
}

/** The registry gate for a change that promotes nothing. */
export function registryFinding(reading: RegistryReading): Finding {
  return rolledUp(readingFindings(reading), 'no mistake in the files that this change touches')
}

function digestFinding({ candidate, registry }: GateSubject): Finding {
  const { model, version, artifact } = candidate.record
  const place = candidate.place('artifact.digest')
  if (registry.firstDigest === null || registry.firstDigest === artifact.digest) {
    const because =
      registry.firstDigest === null ? 'a new version' : `${model} ${version} has had one digest ever since it landed`
    return finding(NAME, 'immutability', 'passed', because, { place })
  }
  const mend = 'Give the new artifact a new version.'
  const because = `${model} ${version} landed as ${registry.firstDigest}, now it says ${artifact.digest}. ${mend}`
  return finding(NAME, 'immutability', 'failed', because, { place, flips: mend })
}

/** The step from the parent that the record names; it is the same whenever the version is promoted. */
function stepFinding(subject: GateSubject, maxMb: number | undefined, evidence: Parameters<Gate['judge']>[2]): Finding {
  const { candidate, registry } = subject
  const { parent, model } = candidate.record
  const place = candidate.place('parent')
  if (parent === undefined) {
    return finding(NAME, 'version', 'skipped', 'the record names no parent, so there is no step to judge', { place })
  }
  if (registry.parent === null) {
    const versions = registry.versions.length === 0 ? 'none' : registry.versions.join(', ')
    const mend = `Name one that exists, or leave parent out. Versions of ${model}: ${versions}.`
    return finding(NAME, 'parent', 'failed', `there is no ${model} ${parent}. ${mend}`, { place, flips: mend })
  }
  return versionStepFinding(candidate, registry.parent, maxMb, evidence)
}

function retiredFinding({ candidate, model }: GateSubject): readonly Finding[] {
  const { version } = candidate.record
  const retired = model.retired?.find((entry) => entry.version === version)
  if (retired === undefined) return []
  const mend = 'Promote a version that is not retired.'
  const because = `${model.model} ${version} was retired on ${retired.on}: ${retired.reason}. ${mend}`
  return [finding(NAME, 'retired', 'failed', because, { place: candidate.place(''), flips: mend })]
}

/** Shown, never holding: what readers should know and nobody need mend. */
function information({ candidate, incumbent, incumbentSource, registry, exam }: GateSubject): readonly Finding[] {
  const { model, version } = candidate.record
  const note = (title: string, because: string) => finding(NAME, title, 'passed', because, { advisory: true })
  const head = registry.headExam
  const same = incumbent?.record.version === version && incumbentSource === 'served'
  return [
    ...(head === null
      ? []
      : [
          note(
            'exam',
            `the candidate’s files name another exam, ${head.uri} (${head.digest}), which is not used; the exam is ${exam?.data.uri ?? 'none'}, as the governed branch sets it`,
          ),
        ]),
    ...(same ? [note('incumbent', `${model} ${version} is what the environment serves already`)] : []),
  ]
}

/** What the repository says is consistent, and nobody changes the rules together with what they judge. */
export const registryGate: Gate<RegistryRule> = {
  name: NAME,
  about:
    'Records are sound, immutable and numbered after what changed; a promotion stands alone, without changes of the rules that judge it. Always on, never waived.',
  shape: 'options',
  always: true,
  measuring: false,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan({ candidate, registry }, gate) {
    if (registry.parent === null || !graphsMatter(candidate, registry.parent)) return []
    const maxMb = gate.rules[0]?.rule.max_mb
    const files = [candidate, registry.parent].filter(({ record }) => record.artifact.format !== 'opaque')
    return files.map(({ record }) => artifactRequest(record, maxMb))
  },
  judge(subject, gate, evidence) {
    const { model, version } = subject.candidate.record
    const children = [
      ...readingFindings(subject.registry),
      digestFinding(subject),
      stepFinding(subject, gate.rules[0]?.rule.max_mb, evidence),
      ...retiredFinding(subject),
      ...promotesNothing(subject.registry.changes, model, version),
      ...information(subject),
    ]
    return rolledUp(children, `the record of ${model} ${version} is sound, and the promotion stands alone`)
  },
}
