/** One set of values of a matrix. */
export type Combination = Readonly<Record<string, unknown>>

/** Most jobs that one matrix may make. */
export const MOST_COMBINATIONS = 256

/** A matrix that cannot be run, in GitHub's words. */
export class BadMatrix extends Error {}

/**
 * Every combination of a matrix's lists, less those excluded; what is included joins those that it fits and adds to
 * nothing of theirs, and else stands for itself.
 *
 * @throws {BadMatrix} for a list that is none or empty, and for more than 256
 */
export function expandMatrix(matrix: unknown): readonly Combination[] {
  if (typeof matrix !== 'object' || matrix === null || Array.isArray(matrix))
    throw new BadMatrix('Unexpected value for the matrix: a mapping was expected')
  const { include = [], exclude = [], ...vectors } = matrix as Record<string, unknown>
  const lists = Object.entries(vectors).map(([name, list]) => [name, listOf(name, list)] as const)
  const crossed = lists.length === 0 ? [] : product(lists)
  const kept = crossed.filter((one) => !combinations('exclude', exclude).some((out) => fits(out, one)))
  const all = withIncluded(kept, combinations('include', include), new Set(Object.keys(vectors)))
  if (all.length === 0) throw new BadMatrix('Matrix must define at least one vector')
  if (all.length > MOST_COMBINATIONS)
    throw new BadMatrix(`Strategy produces ${all.length} jobs, at most ${MOST_COMBINATIONS} are allowed`)
  return all
}

function listOf(name: string, list: unknown): readonly unknown[] {
  if (!Array.isArray(list)) throw new BadMatrix(`Matrix vector '${name}' is no list`)
  if (list.length === 0) throw new BadMatrix(`Matrix vector '${name}' does not contain any values`)
  return list
}

function combinations(name: string, value: unknown): readonly Combination[] {
  const list = Array.isArray(value) ? value : value === '' || value === null ? [] : null
  if (list === null || list.some((one) => typeof one !== 'object' || one === null))
    throw new BadMatrix(`Matrix ${name} is no list of mappings`)
  return list as readonly Combination[]
}

function product(lists: readonly (readonly [string, readonly unknown[]])[]): readonly Combination[] {
  return lists.reduce<readonly Combination[]>(
    (before, [name, values]) => before.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  )
}

function fits(part: Combination, whole: Combination): boolean {
  return Object.entries(part).every(([name, value]) => JSON.stringify(whole[name]) === JSON.stringify(value))
}

function withIncluded(
  kept: readonly Combination[],
  included: readonly Combination[],
  original: ReadonlySet<string>,
): readonly Combination[] {
  const joined = kept.map((one) => ({ ...one }))
  const alone: Combination[] = []
  for (const extra of included) {
    const mine = Object.fromEntries(Object.entries(extra).filter(([name]) => original.has(name)))
    const fitting = joined.filter((_, index) => fits(mine, kept[index] ?? {}))
    // it may write over what was included before, never over an original value
    for (const one of fitting) Object.assign(one, extra)
    if (fitting.length === 0) alone.push(extra)
  }
  return [...joined, ...alone]
}
