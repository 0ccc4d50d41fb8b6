import type { VersionRecord } from './record.ts'
import { compareVersions } from './semantic-version.ts'

/** A version in a line of parents; `record` is null where a parent is named that nobody recorded. */
export interface Ancestor {
  readonly version: string
  readonly record: VersionRecord | null
}

/**
 * The parents of a version, nearest first.
 *
 * Ends at a version without a parent, at one that is not recorded, and where the line would come back to itself.
 *
 * @param records  of the same model, any order
 */
export function ancestorsOf(record: VersionRecord, records: readonly VersionRecord[]): readonly Ancestor[] {
  const known = byVersion(record.model, records)
  const line: Ancestor[] = []
  const seen = new Set([record.version])
  for (let next = record.parent; next !== undefined && !seen.has(next); ) {
    const parent: VersionRecord | null = known.get(next) ?? null
    line.push({ version: next, record: parent })
    seen.add(next)
    next = parent?.parent
  }
  return line
}

/**
 * Versions that were trained from this one, and those that were trained from them, oldest version first.
 *
 * @param records  of the same model, any order
 * @returns `depth` is 1 for a child, 2 for its child
 */
export function descendantsOf(
  record: VersionRecord,
  records: readonly VersionRecord[],
): readonly { readonly version: string; readonly parent: string; readonly depth: number }[] {
  const children = Map.groupBy(byVersion(record.model, records).values(), ({ parent }) => parent)
  const found: { version: string; parent: string; depth: number }[] = []
  const seen = new Set([record.version])
  const visit = (parent: string, depth: number): void => {
    const own = (children.get(parent) ?? []).map(({ version }) => version).sort(compareVersions)
    for (const version of own.filter((one) => !seen.has(one))) {
      seen.add(version)
      found.push({ version, parent, depth })
      visit(version, depth + 1)
    }
  }
  visit(record.version, 1)
  return found
}

function byVersion(model: string, records: readonly VersionRecord[]): ReadonlyMap<string, VersionRecord> {
  return new Map(records.filter((one) => one.model === model).map((one) => [one.version, one]))
}

/**
 * What a version used a data set for.
 *
 * @param data  a digest, a URI, a folder's URI that ends in a slash, or the path of a DVC pointer
 * @returns `training data customers`, `reference`, `evaluation data`; empty when it did not
 */
export function usesOf({ training, evaluation }: VersionRecord, data: string): readonly string[] {
  const isIt = ({
    uri,
    digest,
    dvc,
  }: {
    readonly uri: string
    readonly digest: string
    readonly dvc?: string | undefined
  }) => digest === data || uri === data || dvc === data || (data.endsWith('/') && uri.startsWith(data))
  return [
    ...(training?.data ?? []).filter(isIt).map(({ name }) => `training data${name === undefined ? '' : ` ${name}`}`),
    ...(isIt(evaluation.reference) ? ['reference'] : []),
    ...(evaluation.data !== undefined && isIt(evaluation.data) ? ['evaluation data'] : []),
  ]
}

/** Parameters that two versions were trained with differently; null stands for none. */
export function changedParameters(
  from: VersionRecord | null,
  to: VersionRecord,
): readonly { readonly name: string; readonly from: Parameter; readonly to: Parameter }[] {
  const [before, after] = [from?.training?.parameters ?? {}, to.training?.parameters ?? {}]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((name) => ({ name, from: before[name] ?? null, to: after[name] ?? null }))
    .filter((one) => one.from !== one.to)
}

type Parameter = string | number | boolean | null
