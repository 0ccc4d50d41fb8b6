import { type Checkout, openCheckout } from '../../adapters/checkout/checkout.ts'
import { workingState } from '../../adapters/checkout/working-state.ts'
import { CONFIGURATION_PATH, type Configuration } from '../../registry/configuration.ts'
import { printMistake } from '../../registry/mistake.ts'
import type { Model } from '../../registry/model.ts'
import { NAME } from '../../registry/names.ts'
import { modelPath } from '../../registry/record.ts'
import { openRegistry, type Read } from '../registry-reader.ts'
import type { Complaints } from './complaints.ts'
import type { RegisterAsk } from './registration.ts'

/** The registry at the commit that was trained on. */
export interface RegistryHere {
  readonly checkout: Checkout
  readonly configuration: Configuration
  readonly model: Model
  readonly versions: readonly string[]
  readonly commit: string
  /** Tracked files that differ from the commit. */
  readonly changed: readonly string[]
}

/** Reads configuration and model at HEAD, and says what of them is wrong; null when one cannot be read. */
export async function registryHere(
  folder: string,
  { model, allowDirty }: Pick<RegisterAsk, 'model' | 'allowDirty'>,
  complaints: Complaints,
): Promise<RegistryHere | null> {
  const checkout = await openCheckout(folder)
  const { commit, changed } = await workingState(checkout.root)
  if (changed.length > 0 && !allowDirty)
    complaints.say(
      'the working tree',
      `differs from the commit: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ' and others' : ''}`,
      'Commit first, so that the record names what was trained; --allow-dirty registers it all the same.',
    )
  if (!NAME.test(model)) {
    complaints.say(`--model ${model}`, 'is no model name', 'Lower-case letters, digits and inner hyphens, 63 at most.')
    return null
  }
  const reader = openRegistry(await checkout.snapshot(commit))
  const configuration = sound(await reader.configuration(), CONFIGURATION_PATH, complaints)
  const found = sound(await reader.model(model), modelPath(model), complaints)
  if (configuration === null || found === null) return null
  return { checkout, configuration, model: found, versions: await reader.versions(model), commit, changed }
}

function sound<T>(reading: Read<T>, path: string, complaints: Complaints): T | null {
  if (reading === null) complaints.say(path, 'is not committed here', 'Call register in a checkout of the registry.')
  else if (!reading.ok)
    for (const mistake of reading.mistakes) complaints.say(printMistake(mistake), 'so it cannot be read', mistake.mend)
  return reading?.ok === true ? reading.value : null
}
