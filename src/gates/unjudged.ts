import { z } from 'zod'
import { durationSchema } from '../registry/model.ts'
import { finding } from './finding.ts'
import type { Gate } from './gate.ts'

/**
 * Gates whose rules this version reads and can't judge. A policy that declares one holds its promotions with one
 * inconclusive finding, so that nobody believes a soak or a latency limit to be enforced; they judge what a version
 * is before it serves. Keys that describe what happens after the merge (merge, rollout, rollback), who may do what
 * about a finding (waivable, on_inconclusive) hold nothing: see the policy's `shown`.
 */

interface Unjudged<Rule> {
  readonly name: string
  readonly about: string
  readonly rule: z.ZodType<Rule>
  /** Measuring gates are advisory in a rollback; the others are not asked in one. */
  readonly measuring: boolean
}

/** What every such finding says, so that a verdict names it once. */
export function notJudged(what: string): string {
  return `${what} is not judged by this version`
}

function unjudged<Rule>({ name, about, rule, measuring }: Unjudged<Rule>): Gate<Rule> {
  return {
    name,
    about,
    shape: 'options',
    always: false,
    measuring,
    needsGitHub: false,
    rule,
    idParts: () => [],
    plan: () => [],
    judge(subject, gate) {
      if (!gate.declared && !gate.required) return finding(name, name, 'skipped', 'nothing is declared')
      if (subject.rollback && !measuring) return finding(name, name, 'skipped', `a rollback is never held by ${name}`)
      const mend = `Mark ${name} advisory: true, or leave it out, until a version judges it.`
      return finding(name, name, 'inconclusive', `${notJudged(name)}. ${mend}`, { flips: mend })
    },
  }
}

export const soakGate = unjudged({
  name: 'soak',
  about:
    'How long and under how many requests the version has served in an earlier environment. Not judged by this version: declared, it is inconclusive.',
  measuring: false,
  rule: z.strictObject({
    in: z.string().min(1).describe('The environment in which it must have served.'),
    for: durationSchema.optional().describe('How long, such as 24h.'),
    min_requests: z.int().positive().optional().describe('How many requests it must have answered there.'),
  }),
})
