import { answer } from '../gates/expression-finding.ts'
import { CONFIGURATION_PATH, type Environment } from '../registry/configuration.ts'
import type { Mistake, Place } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'

export interface Selected {
  /** Paths or names of the policies that apply, each once, in the order of the configuration. */
  readonly use: readonly string[]
  readonly mistakes: readonly Mistake[]
}

/**
 * The policies of an environment that apply to a model.
 *
 * A condition that can't be decided is a mistake and its policy applies: nothing is ever switched off by a field that
 * is missing.
 *
 * @param model  with judging fields of the governed branch
 * @param place  of a dotted field below this environment of the configuration, `policy[1].when`
 */
export function selectPolicies(
  environment: Environment,
  model: Model,
  place: (field: string) => Place = () => ({ path: CONFIGURATION_PATH, line: 1, column: 1 }),
): Selected {
  const { policy } = environment
  if (typeof policy === 'string') return { use: [policy], mistakes: [] }
  const asked = policy.map(({ use, when }, index) => ({
    use,
    index,
    when,
    said: when === undefined ? null : answer(when, { model, environment }),
  }))
  const mistakes = asked.flatMap(({ index, when, said }): readonly Mistake[] => {
    if (said === null || said.value !== null) return []
    const where = `policy[${index}].when`
    const what = `${when} can't be decided for ${model.model}: ${said.because}`
    const mend = 'Give the model that field, or test it with has(...). Until then the policy applies.'
    return [{ ...place(where), where, what, mend, severity: 'error' }]
  })
  const applying = asked.filter(({ said }) => said === null || said.value !== false)
  return { use: [...new Set(applying.map(({ use }) => use))], mistakes }
}
