import type { VirtualClock } from '../clock.ts'
import type { Courier, Delivery } from '../github/github-state.ts'
import type { Chance } from './seeded-chance.ts'

/** What becomes of a delivery on its way. */
export type Fate =
  | { readonly is: 'delivered' }
  /** Never arrives; GitHub's own list shows it as failed. */
  | { readonly is: 'lost' }
  | { readonly is: 'doubled' }
  /** Arrives later, behind others; GitHub's list shows it as delivered from the start. */
  | { readonly is: 'late'; readonly byMs: number }

/** The n-th delivery of a run, from 1, and what becomes of it. */
export type Fates = (delivery: Delivery, ordinal: number) => Fate

/** Every delivery by chance: each fate with its share. */
export function fatesByChance(
  chance: Chance,
  shares: { readonly lost: number; readonly doubled: number; readonly late: number; readonly byMs: number },
): Fates {
  return () => {
    const drawn = chance.next()
    if (drawn < shares.lost) return { is: 'lost' }
    if (drawn < shares.lost + shares.doubled) return { is: 'doubled' }
    if (drawn < shares.lost + shares.doubled + shares.late) return { is: 'late', byMs: chance.next() * shares.byMs }
    return { is: 'delivered' }
  }
}

/** A courier that loses, doubles and delays, by chance or by script. */
export function faultyCourier(
  inner: Courier,
  { clock, fates }: { readonly clock: Pick<VirtualClock, 'now' | 'at' | 'during'>; readonly fates: Fates },
): Courier {
  let ordinal = 0
  return {
    async deliver(delivery) {
      ordinal++
      const fate = fates(delivery, ordinal)
      if (fate.is === 'lost') throw new Error('failed to connect')
      if (fate.is === 'late') {
        clock.at(clock.now() + fate.byMs, () => void clock.during(() => inner.deliver(delivery).catch(() => 0)))
        return 200
      }
      if (fate.is === 'doubled') await inner.deliver(delivery)
      return inner.deliver(delivery)
    },
  }
}

/** A courier that keeps everything until it is told in which order it goes out. */
export interface HoldingCourier extends Courier {
  readonly held: readonly Delivery[]
  /** Sends what is held, one after the other: all of it in its own order, or by index, a repeated one twice. */
  release(order?: readonly number[]): Promise<void>
  /** From now on deliveries go out as they come. */
  open(): void
}

export function holdingCourier(inner: Courier): HoldingCourier {
  let held: Delivery[] = []
  let isOpen = false
  return {
    get held() {
      return held
    },
    async deliver(delivery) {
      if (isOpen) return inner.deliver(delivery)
      held.push(delivery)
      return 200
    },
    async release(order) {
      const waiting = held
      held = []
      for (const index of order ?? waiting.keys()) {
        const delivery = waiting[index]
        if (delivery === undefined) throw new RangeError(`no delivery ${index} is held: there are ${waiting.length}`)
        await inner.deliver(delivery)
      }
    },
    open: () => {
      isOpen = true
    },
  }
}
