import type { Interval } from '../statistics/estimate.ts'
import { type Enough, rowsToDecide } from './enough-rows.ts'
import {
  exactText,
  intervalText,
  numberText,
  numberTextBeside,
  percentText,
  roundedDown,
  roundedUp,
} from './number-text.ts'
import type { Part } from './part.ts'
import { type Bounds, type Weighed, weighBounds } from './weigh-bounds.ts'

/** A number of the candidate and the limits it must keep. */
export interface AbsoluteMeasure extends Enough {
  /** `recall (age < 25)` */
  readonly name: string
  /** Unit of "0.01 more roc_auc". */
  readonly unit: string
  readonly value: number
  readonly interval: Interval | null
  readonly confidence: number
  /** Whether the rule states a confidence, so that the interval decides. */
  readonly byInterval: boolean
  readonly bounds: Bounds
  readonly method: string | null
  /** Why there is no interval. */
  readonly because?: string | undefined
}

/** Judges a number against a floor, a limit or both: by its interval where the rule states a confidence. */
export function absolutePart(measure: AbsoluteMeasure): Part {
  if (measure.byInterval && measure.interval === null) return noInterval(measure)
  const weighed = weighBounds(measure.value, measure.byInterval ? measure.interval : null, measure.bounds)
  const part = { status: weighed.status, title: title(measure, weighed), because: because(measure, weighed) }
  if (weighed.status === 'passed') return part
  const flips = smallestTurn(measure, weighed)
  if (weighed.status === 'failed') return { ...part, flips }
  const decides = rowsToDecide({ ...measure, limit: weighed.limit, side: weighed.side })
  return { ...part, straddles: true, flips, ...(decides && { decides }) }
}

/** A rule with a confidence is never judged by a number without an interval. */
export function noInterval(measure: { name: string; value: number; because?: string | undefined }): Part {
  const why = measure.because === undefined ? '' : `: ${measure.because}`
  return {
    status: 'inconclusive',
    title: `${measure.name} ${numberText(measure.value)} has no interval to judge by`,
    because: `The rule states a confidence, and no interval exists here${why}.`,
    straddles: false,
    flips: 'more rows, or a rule without confidence',
  }
}

function title({ name, value, bounds }: AbsoluteMeasure, { status, side, limit }: Weighed): string {
  const text = `${name} ${numberTextBeside(value, limit)}`
  const called = side === 'min' ? `the floor of ${exactText(limit)}` : `the limit of ${exactText(limit)}`
  if (status === 'failed') return `${text} is ${side === 'min' ? 'under' : 'over'} ${called}`
  if (status === 'inconclusive') return `${text} may be ${side === 'min' ? 'under' : 'over'} ${called}`
  if (bounds.min !== undefined && bounds.max !== undefined) {
    return `${text} lies between ${exactText(bounds.min)} and ${exactText(bounds.max)}`
  }
  return value === limit ? `${text} is exactly ${called}` : `${text} is ${side === 'min' ? 'over' : 'under'} ${called}`
}

function because(measure: AbsoluteMeasure, { status, side, limit }: Weighed): string {
  const { interval, confidence, byInterval, method } = measure
  const named = interval && `${percentText(confidence)} interval ${intervalText(interval)}`
  const by = method === null ? '' : ` (${method})`
  if (!byInterval)
    return `Judged by the measured value; ${named ? `its ${named}${by} is shown` : 'it has no interval'}.`
  const under = side === 'min' ? 'under' : 'over'
  if (status === 'passed') return `All of the ${named}${by} keeps the rule.`
  if (status === 'failed') return `All of the ${named}${by} lies ${under} ${exactText(limit)}.`
  return `The ${named}${by} holds ${exactText(limit)}, so these rows cannot tell.`
}

/** What would have to be measured, or asked for, for this limit to be kept. */
function smallestTurn({ unit, value, interval, byInterval }: AbsoluteMeasure, { side, limit }: Weighed): string {
  const end = byInterval && interval ? (side === 'min' ? interval[0] : interval[1]) : value
  const need = numberText(roundedUp(Math.abs(limit - end)))
  return side === 'min'
    ? `${need} more ${unit}, or a floor of ${exactText(roundedDown(end))}`
    : `${need} less ${unit}, or a limit of ${exactText(roundedUp(end))}`
}
