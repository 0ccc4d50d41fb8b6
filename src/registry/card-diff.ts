import { canonicalJson } from './canonical-json.ts'
import type { VersionRecord } from './record.ts'

/** One line of a model card that another version says differently. */
export interface CardLine {
  readonly field: string
  /** null: it says nothing. */
  readonly before: string | null
  readonly after: string | null
}

/**
 * What two records of a model say differently of how it was made: parameters, data, features, compute, claims.
 *
 * @param before  null for a first version: then all that it says
 * @returns in the order in which people read a record
 * @example cardDiff(null, { training: { seed: 7 } }) // => [{ field: 'training.seed', before: null, after: '7' }]
 */
export function cardDiff(before: CardRecord | null, after: CardRecord): readonly CardLine[] {
  const [old, now] = [before === null ? new Map<string, string>() : linesOf(before), linesOf(after)]
  const fields = [...new Set([...now.keys(), ...old.keys()])]
  return fields.flatMap((field) => {
    const line = { field, before: old.get(field) ?? null, after: now.get(field) ?? null }
    return line.before === line.after ? [] : [line]
  })
}

/** What of a record makes its card. */
export type CardRecord = Partial<
  Pick<VersionRecord, 'features' | 'threshold' | 'evaluation' | 'training' | 'signature'>
>

function linesOf({ training = {}, features, threshold, evaluation, signature }: CardRecord): Map<string, string> {
  const { parameters = {}, data = [], compute = {}, seed, commit, environment } = training
  const entries: readonly (readonly [string, unknown])[] = [
    ...named('training.parameters', parameters),
    ['training.seed', seed],
    ['training.commit', commit],
    ...data.map((one) => [`training.data.${one.name}`, one.digest] as const),
    ['training.environment', environment],
    ...named('training.compute', compute),
    ['evaluation.reference', evaluation?.reference.digest],
    ['evaluation.data', evaluation?.data?.digest],
    ...named('evaluation.claims', evaluation?.claims ?? {}),
    ['features', features],
    ['threshold', threshold],
    ['signature', signature],
  ]
  return new Map(entries.flatMap(([field, value]) => (value === undefined ? [] : [[field, shown(value)] as const])))
}

function named(field: string, values: object): readonly (readonly [string, unknown])[] {
  return Object.entries(values).map(([name, value]) => [`${field}.${name}`, value] as const)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
