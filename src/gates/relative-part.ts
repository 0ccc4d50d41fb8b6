import type { Interval } from '../statistics/estimate.ts'
import { noInterval } from './absolute-part.ts'
import { chanceOfEqualText, type Enough, rowsToDecide } from './enough-rows.ts'
import { exactText, intervalText, numberText, numberTextBeside, percentText, roundedUp } from './number-text.ts'
import type { Part } from './part.ts'
import { type Weighed, weighBounds } from './weigh-bounds.ts'

/** What a rule allows a number to get worse by; both 0 or more. */
export type Allowance = { readonly max_drop: number } | { readonly max_rise: number }

/** Candidate - incumbent on the same rows, in the direction in which the number is judged. */
export interface RelativeMeasure extends Enough {
  readonly name: string
  readonly unit: string
  /** Version of the incumbent. */
  readonly against: string
  readonly value: number
  readonly interval: Interval | null
  readonly confidence: number
  readonly byInterval: boolean
  readonly allowance: Allowance
  readonly method: string | null
  readonly because?: string | undefined
}

/** Non-inferiority: passed when the worse end of the interval is no further than the allowance. */
export function relativePart(measure: RelativeMeasure): Part {
  const { allowance } = measure
  if (measure.byInterval && measure.interval === null) {
    return noInterval({ ...measure, name: `the difference of ${measure.name} to ${measure.against},` })
  }
  const bounds = 'max_drop' in allowance ? { min: 0 - allowance.max_drop } : { max: allowance.max_rise }
  const weighed = weighBounds(measure.value, measure.byInterval ? measure.interval : null, bounds)
  const part = { status: weighed.status, title: title(measure, weighed), because: because(measure, weighed) }
  if (weighed.status === 'passed') return part
  const flips = smallestTurn(measure)
  if (weighed.status === 'failed') return { ...part, flips }
  const decides = rowsToDecide({ ...measure, limit: weighed.limit, side: weighed.side })
  return { ...part, straddles: true, flips, ...(decides && { decides }) }
}

function margin(allowance: Allowance): number {
  return 'max_drop' in allowance ? allowance.max_drop : allowance.max_rise
}

function title(measure: RelativeMeasure, { status, limit }: Weighed): string {
  const { name, against, value, interval, allowance } = measure
  const allowed = exactText(margin(allowance))
  if (isIdentical(measure)) return `${name} is exactly that of ${against}`
  const moved = moveText(value, interval, limit)
  const worse = 'max_drop' in allowance ? value < 0 : value > 0
  if (status === 'inconclusive')
    return `${name} ${moved} against ${against}; whether by more than ${allowed} cannot be told`
  const word = 'max_drop' in allowance ? 'a fall' : 'a rise'
  if (value === 0) return `${name} did not move ${interval ? intervalText(interval) : ''} against ${against}`
  return worse
    ? `${name} ${moved} against ${against}; at most ${allowed} is allowed`
    : `${name} ${moved} against ${against}; ${word} of at most ${allowed} is allowed`
}

function isIdentical({ value, interval }: RelativeMeasure): boolean {
  return value === 0 && interval !== null && interval[0] === 0 && interval[1] === 0
}

/** `rose by 0.0131 [0.009, 0.017]`: the interval in the direction of the word. */
function moveText(value: number, interval: Interval | null, limit: number): string {
  const size = numberTextBeside(Math.abs(value), Math.abs(limit))
  const along: Interval | null = interval && (value < 0 ? [0 - interval[1], 0 - interval[0]] : interval)
  return `${value < 0 ? 'fell' : 'rose'} by ${size}${along ? ` ${intervalText(along)}` : ''}`
}

function because(measure: RelativeMeasure, { status }: Weighed): string {
  const { allowance, confidence, byInterval, method, name } = measure
  if (isIdentical(measure)) return 'Both answer the same on every row.'
  const by = method === null ? '' : ` (${method})`
  if (!byInterval) return `Judged by the measured difference${by}; the rule states no confidence.`
  const word = 'max_drop' in allowance ? 'drop' : 'rise'
  const limit = exactText(margin(allowance))
  const level = `${percentText(confidence)} interval${by} of the difference`
  const decision = {
    passed: `All of the ${level} keeps ${name} within a ${word} of ${limit}.`,
    failed: `All of the ${level} is a ${word} of more than ${limit}.`,
    inconclusive: `The ${level} holds a ${word} of ${limit}, so these rows cannot tell.`,
  }[status]
  const chance = chanceOfEqualText({ ...measure, margin: margin(allowance), key: `max_${word}` })
  return chance === null ? decision : `${decision} ${chance}`
}

function smallestTurn({ unit, value, interval, byInterval, allowance }: RelativeMeasure): string {
  const drop = 'max_drop' in allowance
  const end = byInterval && interval ? (drop ? interval[0] : interval[1]) : value
  const asked = roundedUp(Math.abs(end))
  const need = numberText(roundedUp(Math.abs(end) - margin(allowance)))
  return drop
    ? `${need} more ${unit}, or max_drop ${exactText(asked)}`
    : `${need} less ${unit}, or max_rise ${exactText(asked)}`
}
