import { existsSync } from 'node:fs'
import { openCheckout } from '../../adapters/checkout/checkout.ts'
import { openCheckoutPorts } from '../../jobs/checkout-ports.ts'
import { referenceProfileOf, type VersionProfile } from '../../jobs/version-profile.ts'
import { NAME, VERSION } from '../../registry/names.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'

/** Whether a text names a version, `churn@1.4.0`. */
function isVersion(text: string): boolean {
  const [model = '', version = '', ...more] = text.split('@')
  return NAME.test(model) && VERSION.test(version) && more.length === 0
}

/** The profile of a version's reference, from the evidence of this checkout, where it is made once. */
export async function profileOfVersion(input: CommandInput, subject: string): Promise<VersionProfile> {
  if (!isVersion(subject)) throw new InvalidCommand(`"${subject}" names no version`, 'Write churn@1.4.0, for example.')
  const [model = '', version = ''] = subject.split('@')
  const checkout = await openCheckout(input.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  try {
    const snapshot = await checkout.snapshot(await checkout.resolve('HEAD'))
    return await referenceProfileOf({ snapshot, model, version, openPorts: ports.openPorts })
  } finally {
    await ports.close()
  }
}

/** The same where an option names a version, and no file is called so; else null. */
export async function profileOfNamed(input: CommandInput, option: string): Promise<VersionProfile | null> {
  const name = input.text(option) ?? ''
  if (!isVersion(name) || existsSync(pathFrom(input.calledFrom, name))) return null
  return profileOfVersion(input, name)
}
