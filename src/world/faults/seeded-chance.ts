/** Chance that comes out the same for the same seed (mulberry32). */
export interface Chance {
  /** At least 0, under 1. */
  next(): number
  /** One of a list that is not empty. */
  pick<Value>(from: readonly Value[]): Value
  /** All of a list, in another order. */
  shuffle<Value>(list: readonly Value[]): readonly Value[]
}

export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    pick: (from) => {
      const chosen = from[Math.floor(next() * from.length)]
      if (chosen === undefined) throw new RangeError('nothing to pick from')
      return chosen
    },
    shuffle: (list) =>
      list
        .map((value) => ({ value, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value),
  }
}

/** Every order of a list, n! of them; the list's own comes first. */
export function* ordersOf<Value>(list: readonly Value[]): Generator<readonly Value[]> {
  if (list.length === 0) yield []
  for (const [index, first] of list.entries())
    for (const rest of ordersOf(list.filter((_, at) => at !== index))) yield [first, ...rest]
}
