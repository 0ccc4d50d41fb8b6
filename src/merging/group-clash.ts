/** A promotion in a merge group, and the pull request that it came from. */
export interface GroupPromotion {
  readonly pull: number
  readonly environment: string
  readonly model: string
  readonly to: string
}

/**
 * Why a merge group may not land: two of its pull requests promote one model in one environment, so that the later
 * would undo the earlier without having been weighed against it.
 *
 * @returns null when no two do
 */
export function groupClash(promotions: readonly GroupPromotion[]): string | null {
  const byPlace = Map.groupBy(promotions, ({ environment, model }) => `${model} in ${environment}`)
  const texts = [...byPlace].flatMap(([place, all]) => {
    if (new Set(all.map(({ pull }) => pull)).size < 2) return []
    return [`${place} is promoted twice: ${all.map(({ pull, to }) => `#${pull} to ${to}`).join(', ')}`]
  })
  return texts.length === 0 ? null : texts.join('; ')
}
