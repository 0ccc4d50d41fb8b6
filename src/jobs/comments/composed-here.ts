import type { Composed } from '../../policy/compose.ts'
import { composeFor } from '../compose-for.ts'
import { operatorPolicy } from '../github/operator-policy.ts'
import { openRegistry } from '../registry-reader.ts'
import type { CommentJob } from './comment-job.ts'
import type { RegistryHere } from './registry-here.ts'

/** The rules that a model is held to in an environment. */
export interface ComposedHere {
  readonly environment: string
  readonly composed: Composed
}

/** The rules of every environment for a model, as the default branch has them; none where the model cannot be read. */
export async function composedHere(
  job: CommentJob,
  { snapshot, models }: RegistryHere,
  model: string,
): Promise<readonly ComposedHere[]> {
  const { configuration, shipped } = job
  const registry = openRegistry(snapshot, models)
  const about = await registry.model(model)
  if (configuration === null || !about?.ok) return []
  const central = await operatorPolicy(job)
  const composing = configuration.environments.map(async (environment) => ({
    environment: environment.name,
    composed: await composeFor({ model: about.value, environment, configuration }, registry, shipped, central),
  }))
  return Promise.all(composing)
}

/** The smallest group that any of these rules lets others see; 0 where none says. */
export function minGroupOf(rules: readonly ComposedHere[]): number {
  return Math.max(0, ...rules.map(({ composed }) => composed.privacy.min_group ?? 0))
}
