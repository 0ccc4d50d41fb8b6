import type { Courier, Delivery } from '../../../src/world/github/github-state.ts'

/** The webhooks of a story's own acts go out in a given order, each as soon as it is there and those before it are out. */
export interface OrderedRoad {
  road(inner: Courier): Courier
  /** Sends what may go out by now. */
  flow(): Promise<void>
  /** Whether all of them have gone. */
  isThrough(): boolean
}

/**
 * @param kinds  `pull_request.opened`, in the order in which they happen; a kind that comes twice counts each time
 * @param order  indexes of kinds; everything else goes out at once
 */
export function orderedRoad(kinds: readonly string[], order: readonly number[]): OrderedRoad {
  const held = new Map<number, Delivery>()
  let courier: Courier | null = null
  let next = 0
  const placeOf = ({ event, action }: Delivery) =>
    kinds.findIndex((kind, index) => kind === `${event}.${action}` && !held.has(index))
  return {
    road(inner) {
      courier = inner
      return {
        deliver: async (delivery) => {
          const place = placeOf(delivery)
          if (place < 0) return inner.deliver(delivery)
          held.set(place, delivery)
          return 202
        },
      }
    },
    async flow() {
      for (let due = held.get(order[next] ?? -1); due !== undefined; due = held.get(order[next] ?? -1)) {
        next++
        await courier?.deliver(due)
      }
    },
    isThrough: () => next === order.length,
  }
}
