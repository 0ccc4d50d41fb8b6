import { z } from 'zod'
import type { Change } from '../registry/change.ts'
import { answer, expressionSchema, type Scope } from './expression-finding.ts'
import { type Finding, finding, type Status } from './finding.ts'
import type { ComposedGate, ComposedRule, Gate, GateSubject } from './gate.ts'
import { type RequiredApproval, requiredApprovals, unitedApprovals } from './required-approvals.ts'

const NAME = 'approvals'

const rule = z.strictObject({
  role: z.string().min(1).max(63).describe('A role of the configuration.'),
  count: z.int().min(1).max(20).optional().describe('How many different people of it; default 1.'),
  when: expressionSchema
    .optional()
    .describe('Only then: over the gates’ statuses (fairness != "passed"), model.* and environment.*.'),
})
export type ApprovalRule = z.infer<typeof rule>

type Statuses = ReadonlyMap<string, Status>

/** What `when` may name: each gate's status, the model and the environment. Hyphens of gate names become underscores. */
function scopeOf(subject: GateSubject, statuses: Statuses): Scope {
  const gates = Object.fromEntries([...statuses].map(([gate, status]) => [gate.replaceAll('-', '_'), status]))
  return { ...gates, model: subject.model, environment: subject.environment }
}

/** A condition that can't be decided asks for the approval: closed when in doubt. */
function fromRule(subject: GateSubject, composed: ComposedRule<ApprovalRule>, statuses: Statuses): RequiredApproval[] {
  const { role, count, when } = composed.rule
  const need = { role, count: count ?? 1, notAuthor: true }
  if (when === undefined) return [{ ...need, because: 'the policy asks for it' }]
  const said = answer(when, scopeOf(subject, statuses))
  if (said.value === false) return []
  const because = said.value === null ? `${when} can't be decided (${said.because})` : when
  return [{ ...need, because }]
}

/**
 * Everybody who must agree to this promotion: the policy's rules, and what its changes need in any case.
 * In a rollback on-call alone is asked.
 *
 * @param statuses  of the other gates, for `when`
 */
export function approvalsNeeded(
  subject: GateSubject,
  gate: ComposedGate<ApprovalRule>,
  statuses: Statuses,
): readonly RequiredApproval[] {
  const first = subject.history.firstHere && !subject.rollback ? [subject.environment.name] : []
  const always = requiredApprovals(subject.registry.changes, first)
  if (subject.rollback) return always
  const rules = gate.rules
    .filter(({ advisory }) => !advisory)
    .flatMap((composed) => fromRule(subject, composed, statuses))
  return unitedApprovals([...rules, ...always])
}

function needFinding({ role, count, because, notAuthor }: RequiredApproval): Finding {
  const who = `${count} of role ${role}${notAuthor ? ', not the author' : ''}`
  return finding(NAME, role, 'inconclusive', `${who} must approve: ${because}`, { flips: `An approval by ${who}.` })
}

function rolledUp(needs: readonly RequiredApproval[], without: Finding): Finding {
  const children = needs.map(needFinding)
  if (children.length === 0) return without
  return finding(NAME, NAME, 'inconclusive', children.map((child) => child.because).join('; '), { children })
}

/** The finding without people: who must approve. Only GitHub can say who did. */
export function approvalsFinding(subject: GateSubject, gate: ComposedGate<ApprovalRule>, statuses: Statuses): Finding {
  const without = gate.required
    ? finding(NAME, NAME, 'inconclusive', 'required, and no rule declares who must approve')
    : finding(NAME, NAME, 'skipped', 'nobody must approve')
  return rolledUp(approvalsNeeded(subject, gate, statuses), without)
}

/** Who must approve changes that promote nothing. */
export function changesFinding(changes: readonly Change[]): Finding {
  return rolledUp(requiredApprovals(changes), finding(NAME, NAME, 'skipped', 'nobody must approve'))
}

/** People who must agree to exactly this evidence. */
export const approvalsGate: Gate<ApprovalRule> = {
  name: NAME,
  about:
    'Who must approve exactly the evidence shown: the roles of the policy, and those that a kind of change always needs. The author never counts.',
  shape: 'list',
  always: true,
  measuring: false,
  needsGitHub: true,
  rule,
  idParts: ({ role }) => [role],
  plan: () => [],
  judge: (subject, gate) => approvalsFinding(subject, gate, new Map()),
}
