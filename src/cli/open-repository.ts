import { openCheckout } from '../adapters/checkout/checkout.ts'
import type { Snapshot } from '../ports.ts'
import type { CommandInput } from './command.ts'

/** The registry at --ref of the checkout that a command is about. */
export async function openRepository(input: CommandInput): Promise<Snapshot> {
  const checkout = await openCheckout(input.folder)
  return checkout.snapshot(await checkout.resolve(input.text('ref') ?? 'HEAD'))
}
