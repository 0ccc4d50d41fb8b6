import type { Estimate, Interval } from '../../src/statistics/estimate.ts'
import { FEW_ROWS } from '../../src/statistics/few-rows.ts'
import { DEEP } from './draws.ts'

/** So many rows, or units, and the shares of 95 % intervals that are to hold the truth there. */
export interface Band {
  readonly units: number
  readonly repeats: number
  readonly least: number
  readonly most: number
}

/** What the share of so many repeats may be off by: three standard errors, and 0.7 points on 1,000 rows of chance. */
function spare(share: number, repeats: number): number {
  return repeats >= 1000 ? 0.007 : 3 * Math.sqrt((share * (1 - share)) / repeats)
}

/** 90 to 99 in 100 at 50 rows, 93 to 97 at 500, with what the repeats leave to chance. */
export function band(units: 50 | 500, repeats: number): Band {
  const [least, most] = units === 50 ? [0.9, 0.99] : [0.93, 0.97]
  return { units, repeats, least: least - spare(least, repeats), most: most + spare(most, repeats) }
}

/** Bands of one run: the short one leaves 500 rows out where they are dear. */
export function bands(repeats: { readonly short: number; readonly long: number; readonly isCheap?: boolean }): Band[] {
  const count = DEEP ? repeats.long : repeats.short
  return DEEP || repeats.isCheap === true ? [band(50, count), band(500, count)] : [band(50, count)]
}

/** What is shown beside a truth: an interval, and whether it was said that it is known not to hold its level. */
interface Shown {
  readonly interval: readonly [number, number | null] | Interval | null | undefined
  readonly warnings?: Estimate['warnings']
}

/** How often the intervals of each name held the truth, of those that there were, and how often they warned. */
export class Coverage {
  readonly #shares = new Map<string, { held: number; measured: number; warned: number }>()

  add(name: string, { interval, warnings = [] }: Shown, truth: number): void {
    const tally = this.#shares.get(name) ?? { held: 0, measured: 0, warned: 0 }
    this.#shares.set(name, tally)
    if (!interval) return
    tally.measured += 1
    if (interval[0] <= truth && truth <= (interval[1] ?? Number.POSITIVE_INFINITY)) tally.held += 1
    if (warnings.some(({ code }) => code === FEW_ROWS)) tally.warned += 1
  }

  /** Names whose share lies outside the band, or outside what is known of them, and that do not warn as a rule. */
  outside(
    { least, most }: Band,
    known: (name: string) => readonly [least: number, most: number] | undefined = () => undefined,
  ) {
    return this.#known().flatMap(([name, { held, measured, warned }]) => {
      const [low, high] = known(name) ?? [least, most]
      const share = held / measured
      const isHeld = share >= Math.min(least, low) && share <= Math.max(most, high)
      return isHeld || warned > measured / 2 ? [] : [`${name}: ${held} of ${measured}, ${warned} warned`]
    })
  }

  /** Names that warn as a rule. */
  warning(): readonly string[] {
    return this.#known().flatMap(([name, { measured, warned }]) => (warned > measured / 2 ? [name] : []))
  }

  #known() {
    return [...this.#shares].filter(([, { measured }]) => measured > 0)
  }

  /** All shares in percent, for the one who looks; ! where they warn. */
  toString(): string {
    const warning = this.warning()
    return this.#known()
      .map(
        ([name, one]) => `${name} ${((100 * one.held) / one.measured).toFixed(1)}${warning.includes(name) ? '!' : ''}`,
      )
      .join(', ')
  }
}
