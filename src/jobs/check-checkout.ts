import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { Audience } from './audience.ts'
import { openCheckoutPorts } from './checkout-ports.ts'
import type { ModelSource } from './model-source.ts'
import { type Weighed, weigh } from './weigh.ts'

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
    return documentOf(input, weighed)
  } finally {
    await ports.close()
  }
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

function documentOf({ now, registryFolder }: CheckInput, weighed: Weighed): CheckDocument {
  const { pull, verdict, models } = weighed
  const here = 'this checkout'
  const isUnused = registryFolder && models === null
  return {
    schema: 'weighbridge.check/v1',
    engine: engineName(),
    base: pull.base,
    head: pull.head,
    merge_base: pull.mergeBase,
    now,
    sources: [
      { of: 'environments', repository: here, sha: pull.head },
      { of: 'registry', repository: models?.name ?? here, sha: models?.snapshot.sha ?? pull.base },
      { of: 'policy', repository: here, sha: pull.base },
    ],
    not_asked: weighed.notAsked,
    changes: weighed.changes,
    rows: rowsOf(verdict),
    warnings: isUnused
      ? [{ code: 'registry_unused', message: 'The configuration names no registry: models were read here.' }]
      : [],
    verdict,
    repeat: repeatLine(pull, now),
  }
}

/** The line that repeats a weighing; WEIGHBRIDGE_COMMAND says what to call where npx must not fetch anything. */
function repeatLine({ base, head }: Weighed['pull'], now: string): string {
  const command = process.env.WEIGHBRIDGE_COMMAND ?? 'npx weighbridge'
  return `${command} check --base ${base.slice(0, 12)} --head ${head.slice(0, 12)} --now ${now}`
}

function rowsOf(verdict: CheckDocument['verdict']): number | null {
  const metrics = [verdict, ...verdict.children]
    .flatMap((child) => child.children)
    .find((child) => child.gate === 'metrics' && child.support !== null)
  return metrics?.support?.rows ?? null
}
