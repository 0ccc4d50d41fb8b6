import { VERSION } from './names.ts'

/** A version taken apart; numeric identifiers of the pre-release are numbers. */
export interface SemanticVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly prerelease: readonly (string | number)[]
}

export type Step = 'major' | 'minor' | 'patch'

/** A semantic version without build metadata, or null. */
export function parseVersion(text: string): SemanticVersion | null {
  if (text.length > 64 || !VERSION.test(text)) return null
  const dash = text.indexOf('-')
  const core = dash === -1 ? text : text.slice(0, dash)
  const [major = 0, minor = 0, patch = 0] = core.split('.').map(Number)
  const prerelease = dash === -1 ? [] : text.slice(dash + 1).split('.')
  return { major, minor, patch, prerelease: prerelease.map((part) => (/^\d+$/.test(part) ? Number(part) : part)) }
}

/**
 * Which of two versions comes first.
 *
 * @returns below 0 when `a` precedes `b`, 0 when they are equal, else above 0
 * @throws {RangeError} for text that is no version
 * @see Semantic Versioning 2.0.0, section 11
 * @example compareVersions('1.0.0-rc.2', '1.0.0-rc.10') // => -1
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [demandVersion(a), demandVersion(b)]
  const core = left.major - right.major || left.minor - right.minor || left.patch - right.patch
  return Math.sign(core || comparePrereleases(left.prerelease, right.prerelease))
}

function demandVersion(text: string): SemanticVersion {
  const version = parseVersion(text)
  if (version === null) throw new RangeError(`${JSON.stringify(text)} is no semantic version`)
  return version
}

function comparePrereleases(a: SemanticVersion['prerelease'], b: SemanticVersion['prerelease']): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareIdentifiers(a[at]!, b[at]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareIdentifiers(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The step that a version makes from its parent.
 *
 * From a pre-release to a later pre-release or to the release of the same core, it is the step that the core announces:
 * 2.0.0-rc.1 to 2.0.0 is major, 1.4.0-rc.1 to 1.4.0-rc.2 minor, 1.4.1-rc.1 to 1.4.1 patch.
 *
 * @throws {RangeError} for text that is no version
 * @example stepBetween('1.3.0', '1.4.0') // => 'minor'
 */
export function stepBetween(parent: string, version: string): Step | 'none' | 'backwards' {
  const order = compareVersions(parent, version)
  if (order === 0) return 'none'
  if (order > 0) return 'backwards'
  const [from, to] = [demandVersion(parent), demandVersion(version)]
  if (to.major !== from.major) return 'major'
  if (to.minor !== from.minor) return 'minor'
  if (to.patch !== from.patch) return 'patch'
  if (to.patch > 0) return 'patch'
  return to.minor > 0 ? 'minor' : 'major'
}
