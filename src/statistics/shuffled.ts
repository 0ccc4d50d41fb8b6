import type { Pcg32 } from './pcg32.ts'

/**
 * The same numbers in an order of chance, every order equally likely.
 *
 * @see Fisher, Yates (1938); Durstenfeld (1964)
 */
export function shuffled(values: Int32Array, chance: Pcg32): Int32Array {
  const order = values.slice()
  for (let left = order.length - 1; left > 0; left--) {
    const place = chance.integer(left + 1)
    const taken = order[place]!
    order[place] = order[left]!
    order[left] = taken
  }
  return order
}
