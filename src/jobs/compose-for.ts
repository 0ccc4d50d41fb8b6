import type { GateSubject } from '../gates/gate.ts'
import { type CentralRules, type Composed, composePolicy } from '../policy/compose.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { selectPolicies } from '../policy/select-policies.ts'
import { modelPolicyPath, type RegistryReader } from './registry-reader.ts'

/**
 * The rules of the governed branch for this environment and model: what its `policy:` selects, the model's own, and over
 * them the operator's.
 *
 * @param before  the governed branch
 * @param central  null where the operator lays nothing over them, and in a checkout
 */
export async function composeFor(
  subject: Pick<GateSubject, 'model' | 'environment' | 'configuration'>,
  before: RegistryReader,
  shipped: ReadonlyMap<string, PolicyFile>,
  central: CentralRules | null = null,
): Promise<Composed> {
  const { model } = subject.model
  const selected = selectPolicies(subject.environment, subject.model)
  const [readings, own] = await Promise.all([before.policies(), before.modelPolicy(model)])
  const files = new Map(
    [...readings].flatMap(([path, reading]) =>
      reading.ok ? [[path, { path, policy: reading.value, place: reading.place }] as const] : [],
    ),
  )
  const { roles } = subject.configuration
  const composed = composePolicy({
    files,
    shipped,
    use: selected.use,
    central,
    ...(own?.ok && { modelPolicy: { path: modelPolicyPath(model), policy: own.value, place: own.place } }),
    ...(roles !== undefined && { roles: Object.keys(roles) }),
  })
  const unread = [...readings].flatMap(([path, reading]) =>
    !reading.ok && selected.use.includes(path) ? reading.mistakes : [],
  )
  const ownMistakes = own === null || own.ok ? [] : own.mistakes
  return { ...composed, mistakes: [...selected.mistakes, ...unread, ...ownMistakes, ...composed.mistakes] }
}
