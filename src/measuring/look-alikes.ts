import { skeleton } from '../registry/look-alike.ts'

/**
 * Pairs of column names that people read as one.
 *
 * @example lookAlikes(['sex', 's\u0435x', 'age']) // => [['sex', 's\u0435x']]
 */
export function lookAlikes(names: readonly string[]): readonly (readonly [string, string])[] {
  const first = new Map<string, string>()
  return names.flatMap((name) => {
    const other = first.get(skeleton(name))
    if (other !== undefined) return [[other, name] as const]
    first.set(skeleton(name), name)
    return []
  })
}
