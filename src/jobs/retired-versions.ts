import type { Change } from '../registry/change.ts'
import type { RegistryReader } from './registry-reader.ts'

/** A version that nobody promotes from now on. */
export interface RetiredVersion {
  readonly model: string
  readonly version: string
  readonly reason: string
}

/** Versions that a change retires: those that model.yml lists as retired, and did not before. */
export async function retiredVersions(
  changes: readonly Change[],
  before: RegistryReader,
  after: RegistryReader,
): Promise<readonly RetiredVersion[]> {
  const changed = changes.flatMap(({ kind, model }) => (kind === 'model-changed' && model !== undefined ? [model] : []))
  const all = changed.map(async (model) => {
    const [known, retired] = await Promise.all([retiredIn(before, model), retiredIn(after, model)])
    const versions = known.map(({ version }) => version)
    const fresh = retired.filter(({ version }) => !versions.includes(version))
    return fresh.map(({ version, reason }) => ({ model, version, reason }))
  })
  return (await Promise.all(all)).flat()
}

async function retiredIn(registry: RegistryReader, name: string) {
  const reading = await registry.model(name)
  return reading?.ok ? (reading.value.retired ?? []) : []
}
