import { z } from 'zod'
import { evaluationGate } from '../gates/evaluation.ts'
import type { Gate } from '../gates/gate.ts'
import { gates, NEVER_WAIVED } from '../gates/index.ts'
import { policyPath } from '../registry/configuration.ts'
import type { FileKind } from '../registry/file-kind.ts'
import type { Place } from '../registry/mistake.ts'
import { durationSchema } from '../registry/model.ts'
import { formatSchema, labelsSchema } from '../registry/names.ts'
import { examinePolicy } from './examine-policy.ts'
import type { Policy } from './policy.ts'

/** Gates that stand under `gates:`; `after` is the configuration's, `evaluation` has a key of its own. */
const DECLARED_GATES: readonly Gate[] = gates.filter(({ name }) => name !== 'after' && name !== 'evaluation')

const role = z.string().min(1).max(63)

/** Reviewing takes the evidence as it is; passing by itself exists only together with `advisory`. */
const onInconclusive = z
  .union([
    z.enum(['hold', 'pass']).refine((word) => word === 'hold', {
      message: 'pass would let through what nobody could decide; it exists only together with advisory',
      params: { mend: 'Mark the rules advisory: true, or write hold, or {review: role}.' },
    }),
    z.strictObject({ review: role.describe('May take exactly this evidence, where an interval straddles a limit.') }),
  ])
  .describe('What an inconclusive interval does: hold (default), or {review: role}.')

/** Keys that rules of lists and options of gates may carry beside what their gate judges. */
const RULE_KEYS = {
  id: z.string().min(1).max(200).optional().describe('Name of the rule; default: made of what it asks.'),
  advisory: z.boolean().optional().describe('Judged and shown, never holds.'),
  tasks: z
    .array(z.enum(['binary', 'multiclass', 'regression', 'other']))
    .min(1)
    .optional()
    .describe('Skip the rule for models of other tasks.'),
  on_inconclusive: onInconclusive.optional(),
}
const required = z.boolean().optional().describe('Nothing declared for the model is inconclusive, not skipped.')

/** A gate's own rule with the keys that it lacks. */
function withKeys(rule: z.ZodType, keys: Readonly<Record<string, z.ZodType>>): z.ZodType {
  if (!(rule instanceof z.ZodObject)) throw new TypeError('a rule of a gate must be a strict object')
  const lacking = Object.entries(keys).filter(([key]) => !Object.hasOwn(rule.shape, key))
  return rule.safeExtend(Object.fromEntries(lacking))
}

function declaration(gate: Gate): z.ZodType {
  const { advisory, on_inconclusive } = RULE_KEYS
  if (gate.shape === 'options') {
    return withKeys(gate.rule, gate.always ? {} : { advisory, on_inconclusive, required }).describe(gate.about)
  }
  const rules = z.array(withKeys(gate.rule, RULE_KEYS)).max(200)
  return z.union([rules, z.strictObject({ required, rules: rules.optional() })]).describe(gate.about)
}

/** An object with one optional key for each gate. */
function perGate(
  list: readonly Gate[],
  schema: (gate: Gate) => z.ZodType,
): z.ZodType<Readonly<Record<string, unknown>>> {
  return z.strictObject(Object.fromEntries(list.map((gate) => [gate.name, schema(gate).optional()])))
}

const waiver = z.strictObject({
  by: role.describe('Who may waive.'),
  max: durationSchema.optional().describe('For how long at most.'),
  count: z.int().min(1).optional().describe('How many people of that role.'),
})
const waivable = perGate(gates, ({ name }) =>
  (NEVER_WAIVED as readonly string[]).includes(name)
    ? z
        .unknown()
        .refine(() => false, { message: `${name} is never waived`, params: { mend: 'Remove it.', part: 'key' } })
    : waiver,
)

const schema = z.strictObject({
  format: formatSchema,
  labels: labelsSchema.optional(),
  extends: policyPath.optional().describe('A policy that these rules are added to: of two the stricter counts.'),
  evidence: z
    .strictObject({
      at_least: z.enum(['recomputed', 'attested']).optional().describe('The least provenance that passes.'),
      workflows: z.array(z.string().min(1)).optional().describe('Workflows that may attest; never the training one.'),
    })
    .optional(),
  evaluation: evaluationGate.rule.optional().describe(evaluationGate.about),
  gates: perGate(DECLARED_GATES, declaration).describe('The rules, by gate.'),
  on_inconclusive: perGate(DECLARED_GATES, () => onInconclusive).optional(),
  waivable: waivable.optional().describe('Which gates a role may waive; default none.'),
  merge: z
    .strictObject({ automatic: z.boolean().optional(), method: z.enum(['squash', 'merge', 'rebase']).optional() })
    .optional()
    .describe('How a passed promotion is merged.'),
  rollout: z
    .strictObject({
      strategy: z.enum(['canary', 'blue-green', 'shadow', 'all-at-once']).optional(),
      steps: z.array(z.number().min(0).max(100)).min(1).optional().describe('Percent of traffic, step by step.'),
      interval: durationSchema.optional(),
      analysis: z.array(z.unknown()).optional(),
    })
    .optional()
    .describe('How a merged promotion takes effect.'),
  rollback: z
    .strictObject({ on_alert: z.enum(['merge', 'propose', 'off']).optional(), quarantine: durationSchema.optional() })
    .optional()
    .describe('What an alert does.'),
  privacy: z
    .strictObject({ min_group: z.int().min(1).describe('Smallest group that is shown in a shared place.') })
    .optional(),
  loosen: z.array(z.string().min(1)).optional().describe('Ids of rules that may be looser than in what it extends.'),
  without: z.array(z.string().min(1)).optional().describe('Ids of rules of what it extends that do not apply here.'),
})

/** A policy that was read, and where each of its fields stands. */
export interface PolicyFile {
  /** Path in its repository, or the name of a shipped one. */
  readonly path: string
  readonly policy: Policy
  /** Place of a dotted field, `gates.metrics[1].max_drop`. */
  place(field: string): Place
}

/** `policies/<name>.yml` and `models/<model>/policy.yml`. */
export const policyKind: FileKind<Policy> = {
  name: 'policy',
  about: 'The rules of an environment: which gates judge a promotion, and by what limits.',
  schema: schema as unknown as z.ZodType<Policy>,
  examine: examinePolicy,
}
