import { z } from 'zod'
import type { VersionRecord } from '../registry/record.ts'
import type { Evidence, EvidenceReader } from './evidence.ts'
import { allOf, type Finding, finding } from './finding.ts'
import type { Gate, RecordFile } from './gate.ts'
import { registrationRequest, whyNotRegistered } from './registration.ts'
import { nothingDeclared } from './rule-finding.ts'

const NAME = 'lineage'

export const LINEAGE_FIELDS = [
  'commit',
  'run',
  'parameters',
  'data',
  'seed',
  'environment',
  'features',
  'parent',
] as const
type Field = (typeof LINEAGE_FIELDS)[number]

const rule = z.strictObject({
  require: z.array(z.enum(LINEAGE_FIELDS)).optional().describe('What a record must say about where it comes from.'),
  record: z
    .enum(['declared', 'registered'])
    .optional()
    .describe('declared: a person may have written it; registered: the app looked the training run up.'),
})
type LineageRule = z.infer<typeof rule>

function isSaid(record: VersionRecord, field: Field): boolean {
  const value = field === 'parent' ? record.parent : record.training?.[field]
  if (value === undefined) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function fieldFinding(candidate: RecordFile, field: Field): Finding {
  const path = field === 'parent' ? 'parent' : `training.${field}`
  const place = candidate.place(path)
  if (isSaid(candidate.record, field)) return finding(NAME, path, 'passed', `${path} is recorded`, { place })
  const mend = `Add ${path} to ${candidate.path}, or register the version from its training run.`
  return finding(NAME, path, 'failed', `${path} is not recorded. ${mend}`, { place, flips: mend })
}

/** The app has looked the training run up, and the record says what it saw. A checkout cannot know. */
function registeredFinding(candidate: RecordFile, evidence: Evidence<'registration'>): Finding {
  const place = candidate.place('training.run')
  if (evidence.status !== 'present') {
    const because = `the policy asks for a record that the app has registered: ${evidence.because}. ${evidence.mend}`
    return finding(NAME, 'record', 'inconclusive', because, { place, reason: because })
  }
  const { run, workflow } = evidence.facts
  const wrong = whyNotRegistered(candidate.record, evidence.facts)
  if (wrong === null)
    return finding(NAME, 'record', 'passed', `registered: the app has looked up run ${run} of ${workflow}`, { place })
  const mend = 'Train it with /train, and leave the record as the app wrote it.'
  return finding(NAME, 'record', 'failed', `${wrong}. ${mend}`, { place, flips: mend })
}

function judged(candidate: RecordFile, { require, record }: LineageRule, reader: EvidenceReader): Finding {
  const fields = (require ?? []).map((field) => fieldFinding(candidate, field))
  const children =
    record === 'registered'
      ? [...fields, registeredFinding(candidate, reader.of<'registration'>(registrationRequest(candidate.record)))]
      : fields
  const wrong = children.filter(({ status }) => status !== 'passed')
  const because =
    wrong.length > 0
      ? wrong.map((child) => child.because).join(' ')
      : children.length > 0
        ? `recorded: ${(require ?? []).join(', ')}`
        : 'a declared record is enough'
  return finding(NAME, 'lineage', allOf(children, 'passed'), because, { children })
}

/** Where a version comes from. */
export const lineageGate: Gate<LineageRule> = {
  name: NAME,
  about: 'Whether the record says which commit, run, parameters and data made the version, and who vouches for it.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan: ({ candidate }, gate) =>
    gate.rules[0]?.rule.record === 'registered' ? [registrationRequest(candidate.record)] : [],
  judge(subject, gate, evidence) {
    const terms = gate.rules[0]?.rule ?? {}
    if (terms.require === undefined && terms.record === undefined) {
      return nothingDeclared(subject, gate, 'The policy requires nothing of lineage.', 'Add require to gates.lineage.')
    }
    return judged(subject.candidate, terms, evidence)
  },
}
