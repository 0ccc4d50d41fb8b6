import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { openRegistry } from '../jobs/registry-reader.ts'
import type { Snapshot } from '../ports.ts'
import { type CommandInput, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'

/** A registry at a commit: environments in one checkout, models in the same or in another. */
export interface RegistryAt {
  readonly checkout: Checkout
  readonly snapshot: Snapshot
  readonly models: { readonly checkout: Checkout; readonly snapshot: Snapshot }
}

/** The registry at --ref; models at the tip of --registry where the configuration names another repository. */
export async function openRegistryAt(input: CommandInput): Promise<RegistryAt> {
  const checkout = await openCheckout(input.folder)
  const snapshot = await checkout.snapshot(await checkout.resolve(input.text('ref') ?? 'HEAD'))
  const configuration = await openRegistry(snapshot).configuration()
  const elsewhere = configuration?.ok ? configuration.value.registry : undefined
  if (elsewhere === undefined) return { checkout, snapshot, models: { checkout, snapshot } }
  const models = await checkoutOfModels(input, elsewhere.repository)
  return {
    checkout,
    snapshot,
    models: { checkout: models, snapshot: await models.snapshot(await models.resolve('HEAD')) },
  }
}

/**
 * The checkout that --registry names, for models that lie in another repository.
 *
 * @throws {InvalidCommand} when none is named
 */
export async function checkoutOfModels(input: CommandInput, repository: string): Promise<Checkout> {
  const given = input.text('registry')
  if (given !== undefined) return openCheckout(pathFrom(input.calledFrom, given))
  throw new InvalidCommand(`models lie in another repository, ${repository}`, 'Name a checkout of it: --registry DIR.')
}
