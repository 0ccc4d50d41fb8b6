import { z } from 'zod'
import type { Change } from '../registry/change.ts'
import type { Configuration } from '../registry/configuration.ts'
import { countFinding, distinctFindings } from './approval-findings.ts'
import { type Count, countApprovals, type Electorate } from './counted-approvals.ts'
import { answer, expressionSchema, type Scope } from './expression-finding.ts'
import { allOf, type Finding, finding, type Status } from './finding.ts'
import type { ComposedGate, ComposedRule, Gate, GateSubject } from './gate.ts'
import type { GitHubFacts } from './github-facts.ts'
import { registrationRequest } from './registration.ts'
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
  const reach = { model: subject.model.model, environment: subject.environment.name }
  const need = { role, count: count ?? 1, notAuthor: true, ...reach }
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
  const here = { model: subject.model.model, environment: subject.environment.name }
  const first = subject.history.firstHere && !subject.rollback ? [here] : []
  const always = requiredApprovals(subject.registry.changes, first)
  if (subject.rollback) return always
  const rules = gate.rules
    .filter(({ advisory }) => !advisory)
    .flatMap((composed) => fromRule(subject, composed, statuses))
  return unitedApprovals([...rules, ...always])
}

/** In a checkout: who must approve. Only GitHub can say who did. */
function needFinding({ role, count, because, notAuthor }: RequiredApproval): Finding {
  const who = `${count} of role ${role}${notAuthor ? ', not the author' : ''}`
  return finding(NAME, role, 'inconclusive', `${who} must approve: ${because}`, { flips: `An approval by ${who}.` })
}

function rolledUp(children: readonly Finding[], without: Finding): Finding {
  if (children.length === 0) return without
  const status = allOf(children)
  const said = children.filter((child) => child.status === status).map((child) => child.because)
  return finding(NAME, NAME, status, said.join('; '), { children })
}

/** Who may decide what in a weighing, with what they have said. */
export function electorateOf(github: GitHubFacts, { roles }: Configuration): Electorate {
  return {
    roles,
    people: github.people,
    evidenceKey: github.evidenceKey,
    ownerOf: (model) => github.owners?.get(model) ?? null,
  }
}

/** The approvals of each need, counted. */
export function countsOf(
  needs: readonly RequiredApproval[],
  github: GitHubFacts,
  configuration: Configuration,
): readonly Count[] {
  return needs.map((need) => countApprovals(need, electorateOf(github, configuration)))
}

function needsFindings(
  needs: readonly RequiredApproval[],
  github: GitHubFacts | null,
  configuration: Configuration | null,
): readonly Finding[] {
  if (github === null || configuration === null) return needs.map(needFinding)
  const counts = countsOf(needs, github, configuration)
  return [...counts.map(countFinding), ...distinctFindings(configuration.distinct ?? [], counts, github.people)]
}

/** The finding of who must approve and, on GitHub, who did. */
export function approvalsFinding(subject: GateSubject, gate: ComposedGate<ApprovalRule>, statuses: Statuses): Finding {
  const without = gate.required
    ? finding(NAME, NAME, 'inconclusive', 'required, and no rule declares who must approve')
    : finding(NAME, NAME, 'skipped', 'nobody must approve')
  const needs = approvalsNeeded(subject, gate, statuses)
  return rolledUp(needsFindings(needs, subject.github, subject.configuration), without)
}

/**
 * Who must approve changes that promote nothing and, on GitHub, who did.
 *
 * @param configuration  of the governed branch; null in a checkout
 */
export function changesFinding(
  changes: readonly Change[],
  github: GitHubFacts | null = null,
  configuration: Configuration | null = null,
): Finding {
  const findings = needsFindings(requiredApprovals(changes), github, configuration)
  return rolledUp(findings, finding(NAME, NAME, 'skipped', 'nobody must approve'))
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
  plan: ({ candidate, github }) => (github === undefined ? [] : [registrationRequest(candidate.record)]),
  judge: (subject, gate) => approvalsFinding(subject, gate, new Map()),
}
