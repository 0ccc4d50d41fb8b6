import { z } from 'zod'
import type { EvidenceReader } from './evidence.ts'
import { answer, expressionSchema, type Scope, unproven } from './expression-finding.ts'
import type { Finding } from './finding.ts'
import type { ComposedRule, Gate, GateSubject } from './gate.ts'
import type { Part } from './part.ts'
import { registrationRequest, whyNotRegistered } from './registration.ts'
import { gateFinding, nothingDeclared, ruleFinding } from './rule-finding.ts'

const NAME = 'custom'

const rule = z.strictObject({
  name: z.string().min(1).max(200).describe('What the rule is called.'),
  rule: expressionSchema.describe(
    'Must be true: over candidate.*, incumbent.* (version records), model.*, environment.*',
  ),
  advisory: z.boolean().optional().describe('Judged and shown, never holds.'),
})
export type CustomRule = z.infer<typeof rule>

function scopeOf({ candidate, incumbent, model, environment }: GateSubject): Scope {
  return { candidate: candidate.record, incumbent: incumbent?.record ?? null, model, environment }
}

/** Whether a rule speaks of how the candidate was trained, which only a registration proves. */
function asksTraining({ rule: text }: CustomRule): boolean {
  return text.includes('candidate.training')
}

/** What the app has registered itself is no mere word of the author's. */
function unprovenHere(subject: GateSubject, terms: CustomRule, reader: EvidenceReader): typeof unproven {
  if (!asksTraining(terms)) return unproven
  const evidence = reader.of<'registration'>(registrationRequest(subject.candidate.record))
  const isRegistered =
    evidence.status === 'present' && whyNotRegistered(subject.candidate.record, evidence.facts) === null
  return (path) =>
    isRegistered && path.root === 'candidate' && path.keys[0] === 'training' ? undefined : unproven(path)
}

function partOf(subject: GateSubject, terms: CustomRule, reader: EvidenceReader): Part {
  const said = answer(terms.rule, scopeOf(subject), unprovenHere(subject, terms, reader))
  const title = terms.name
  if (said.value === null) {
    return {
      status: 'inconclusive',
      title,
      because: `${terms.rule} can't be judged: ${said.because}`,
      straddles: false,
    }
  }
  if (said.value) return { status: 'passed', title, because: `${terms.rule} is true`, straddles: false }
  const flips = `Make it true: ${terms.rule}`
  return { status: 'failed', title, because: `${terms.rule} is false`, straddles: false, flips }
}

function judged(subject: GateSubject, composed: ComposedRule<CustomRule>, reader: EvidenceReader): Finding {
  return ruleFinding(NAME, composed, partOf(subject, composed.rule, reader))
}

/** Rules of one's own over what records, models and environments say. */
export const customGate: Gate<CustomRule> = {
  name: NAME,
  about:
    'Rules of your own over version records, model.yml and the environment. What only an author says (training, claims) is inconclusive.',
  shape: 'list',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule,
  idParts: ({ name }) => [name],
  plan: (subject, { rules }) =>
    rules.some(({ rule }) => asksTraining(rule)) ? [registrationRequest(subject.candidate.record)] : [],
  judge(subject, gate, evidence) {
    if (gate.rules.length === 0) {
      return nothingDeclared(subject, gate, 'The policy has no rule of its own.', 'Add a rule to gates.custom.')
    }
    return gateFinding(
      gate,
      gate.rules.map((composed) => judged(subject, composed, evidence)),
    )
  },
}
