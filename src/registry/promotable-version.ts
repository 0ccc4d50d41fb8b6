import type { Model } from './model.ts'
import { compareVersions, parseVersion } from './semantic-version.ts'

/**
 * The version that people mean when they name a model and no version: the newest release that is not retired.
 *
 * A pre-release is meant only by name. Text that is no version is left out.
 *
 * @param versions  any order
 * @returns null where nothing is left
 * @example newestPromotable(['1.4.0', '1.10.0', '2.0.0-rc.1'], []) // => '1.10.0'
 */
export function newestPromotable(versions: readonly string[], retired: NonNullable<Model['retired']>): string | null {
  const gone = new Set(retired.map(({ version }) => version))
  const left = versions.filter((version) => parseVersion(version)?.prerelease.length === 0 && !gone.has(version))
  return left.sort(compareVersions).at(-1) ?? null
}
