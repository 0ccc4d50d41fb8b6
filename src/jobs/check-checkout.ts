import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { uncommittedYaml } from '../adapters/checkout/working-state.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { listText } from '../gates/number-text.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { Audience } from './audience.ts'
import { openCheckoutPorts } from './checkout-ports.ts'
import { documentOf } from './document-of.ts'
import type { ModelSource } from './model-source.ts'
import { weigh } from './weigh.ts'

export interface CheckInput {
  /** Any folder of the checkout. */
  readonly folder: string
  /** Any folder of a checkout of the repository that the configuration names under `registry:`. */
  readonly registryFolder?: string | null
  readonly base: string | null
  readonly head: string | null
  readonly now: string
  readonly skip: readonly string[]
  /** Who will read it; local unless said. */
  readonly audience?: Audience
  readonly progress: (text: string | null) => void
}

/** Weighs a pull request between two refs of a checkout, with a local evidence cache that no app ever reads. */
export async function checkCheckout(input: CheckInput): Promise<CheckDocument> {
  const checkout = await openCheckout(input.folder)
  const models = input.registryFolder ? await openCheckout(input.registryFolder) : null
  const base = input.base ?? (await defaultBranch(checkout))
  const head = input.head ?? 'HEAD'
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.progress)
  try {
    const weighed = await weigh({
      repository: checkout,
      base,
      head,
      now: input.now,
      skip: input.skip,
      audience: input.audience ?? 'local',
      shipped: shippedPolicies(),
      openModels: async (registry) => models && sourceOf(models, registry),
      openPorts: (configuration) => ports.openPorts(configuration, modelsRoot(configuration, models)),
    })
    const isUnused = input.registryFolder && weighed.models === null
    const warnings = [
      ...(isUnused
        ? [{ code: 'registry_unused', message: 'The configuration names no registry: models were read here.' }]
        : []),
      ...(input.head === null ? await leftOut(checkout) : []),
    ]
    return documentOf({ weighed, now: input.now, here: 'this checkout', warnings })
  } finally {
    await ports.close()
  }
}

/** Who edits a file and checks at once looks at a verdict on something else. */
async function leftOut({ root }: Checkout): Promise<CheckDocument['warnings']> {
  const paths = await uncommittedYaml(root)
  if (paths.length === 0) return []
  return [{ code: 'uncommitted', message: `Changes that are not committed are not weighed: ${listText(paths, 3)}.` }]
}

function modelsRoot({ registry }: Configuration, models: Checkout | null): string | undefined {
  return registry === undefined ? undefined : models?.root
}

/** Models as they are at the tip of the branch that the configuration names. */
async function sourceOf(
  models: Checkout,
  { repository, branch }: NonNullable<Configuration['registry']>,
): Promise<ModelSource> {
  const sha = await models.resolve(branch ?? (await defaultBranch(models)))
  return { name: repository, repository: models, snapshot: await models.snapshot(sha) }
}

/** The branch that a checkout most likely means. */
async function defaultBranch(checkout: Checkout): Promise<string> {
  for (const ref of ['origin/HEAD', 'main', 'master']) {
    const found = await checkout.resolve(ref).catch(() => null)
    if (found !== null) return ref
  }
  return 'HEAD'
}
