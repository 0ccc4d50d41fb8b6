import type { VersionRecord } from '../registry/record.ts'
import { compareVersions, parseVersion, type Step } from '../registry/semantic-version.ts'
import { type GraphOperators, type RequiredStep, requiredStep } from '../registry/version-step.ts'

const FIRST = '1.0.0'

/** The number that a new version gets, and why. */
export interface NextVersion {
  readonly version: string
  /** null for the first version of a model. */
  readonly parent: string | null
  readonly needed: RequiredStep | null
}

/** What a number must come after. */
export interface KnownVersions {
  /** Record of the incumbent, or of the newest version where nothing serves yet; null before the first. */
  readonly parent: VersionRecord | null
  /** Every version that is taken: records, retired ones, and candidates in open pull requests. Any order. */
  readonly taken: readonly string[]
}

/**
 * The next semantic version: the step that its changes take from its parent, after every version that is taken.
 *
 * Where a later version than the parent is taken, the step goes on from that one: a larger step than needed is allowed.
 *
 * @param record  the new record, whatever version it names
 * @param graphs  operators of both graphs, where the artifacts were opened
 * @example nextVersion({}, { parent: null, taken: [] }).version // => '1.0.0'
 */
export function nextVersion(
  record: VersionRecord,
  { parent, taken }: KnownVersions,
  graphs: GraphOperators = {},
): NextVersion {
  const known = taken.filter((version) => parseVersion(version) !== null)
  if (parent === null) {
    const [newest] = [...known].sort(compareVersions).reverse()
    return { version: newest === undefined ? FIRST : bumped(newest, 'patch'), parent: null, needed: null }
  }
  const needed = requiredStep(parent, record, graphs)
  const newest = [parent.version, ...known].sort(compareVersions).at(-1) ?? parent.version
  return { version: bumped(newest, needed.step), parent: parent.version, needed }
}

/**
 * A version one step further.
 *
 * @throws {RangeError} for text that is no version
 * @example bumped('1.4.2', 'minor') // => '1.5.0'
 * @example bumped('2.0.0-rc.1', 'patch') // => '2.0.1'
 */
export function bumped(version: string, step: Step): string {
  const parsed = parseVersion(version)
  if (parsed === null) throw new RangeError(`${JSON.stringify(version)} is no semantic version`)
  const { major, minor, patch } = parsed
  if (step === 'major') return `${major + 1}.0.0`
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}
