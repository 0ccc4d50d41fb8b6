import type { DriftShares } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { countByBin, quantileEdges } from './quantile-bins.ts'
import { sumOf } from './shares.ts'

const DECILES = 10
const SHOWN = 12
const LENGTH = 40

/**
 * What a picture of a column shows: shares in the reference's deciles, or of the most frequent categories.
 *
 * @returns undefined when a window holds no value
 * @example sharesOf({ kind: 'category', categories: ['a', 'b'], reference: [3, 1], current: [1, 1] })?.reference // => [0.75, 0.25]
 */
export function sharesOf(windows: Windows): DriftShares | undefined {
  const counted = windows.kind === 'number' ? deciles(windows) : frequent(windows)
  const [n, m] = [sumOf(counted.reference), sumOf(counted.current)]
  if (n === 0 || m === 0) return undefined
  return {
    bins: counted.bins,
    reference: counted.reference.map((rows) => rows / n),
    current: counted.current.map((rows) => rows / m),
  }
}

function deciles({ reference, current }: Extract<Windows, { kind: 'number' }>): DriftShares {
  if (reference.length === 0) return { bins: [], reference: [], current: [] }
  const edges = quantileEdges(reference, DECILES)
  const text = edges.map((edge) => String(shorter(edge)))
  const bins = text.map((edge, bin) => (bin === 0 ? `up to ${edge}` : `${text[bin - 1]} to ${edge}`))
  return {
    bins: [...bins, `over ${text.at(-1)}`],
    reference: countByBin(reference, edges),
    current: countByBin(current, edges),
  }
}

/** Four digits, but where rounding up leaves the doubles. */
function shorter(edge: number): number {
  const rounded = Number(edge.toPrecision(4))
  return Number.isFinite(rounded) ? rounded : edge
}

function frequent({ categories, reference, current }: Extract<Windows, { kind: 'category' }>): DriftShares {
  const [n, m] = [Math.max(1, sumOf(reference)), Math.max(1, sumOf(current))]
  const weight = (category: number) => Math.max(reference[category]! / n, current[category]! / m)
  const order = categories.map((_, category) => category).sort((a, b) => weight(b) - weight(a) || a - b)
  const shown = order.slice(0, order.length > SHOWN ? SHOWN - 1 : SHOWN)
  const rest = order.slice(shown.length)
  const others = (rows: readonly number[]) =>
    rest.length === 0 ? [] : [sumOf(rest.map((category) => rows[category]!))]
  return {
    bins: [...shown.map((category) => shortened(categories[category]!)), ...(rest.length === 0 ? [] : ['(others)'])],
    reference: [...shown.map((category) => reference[category]!), ...others(reference)],
    current: [...shown.map((category) => current[category]!), ...others(current)],
  }
}

function shortened(value: string): string {
  return value.length > LENGTH ? `${value.slice(0, LENGTH)}...` : value
}
