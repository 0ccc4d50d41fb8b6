import type { Finding } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import { dot, line, scale, svg } from './svg.ts'
import { limitText } from './words.ts'

const WIDTH = 150
const HEIGHT = 24
const MIDDLE = HEIGHT / 2

/** What a rule is judged by: the number itself, or how far it moved from the incumbent. */
interface Judged {
  readonly value: number
  readonly interval: Finding['interval']
  readonly limits: readonly number[]
  readonly moved: boolean
}

function judgedBy({ measured, interval, limit, incumbent }: Finding): Judged | null {
  const { min, max, max_drop, max_rise } = limit ?? {}
  const present = (limits: readonly (number | undefined)[]) => limits.filter((end) => end !== undefined)
  if (incumbent !== undefined && incumbent.difference !== null && (max_drop ?? max_rise) !== undefined) {
    const limits = present([max_drop === undefined ? undefined : 0 - max_drop, max_rise])
    return { value: incumbent.difference, interval: incumbent.interval, limits, moved: true }
  }
  const limits = present([min, max])
  return measured === null || limits.length === 0 ? null : { value: measured, interval, limits, moved: false }
}

/** A rule's interval against its limit on one small line; empty where there is nothing to draw. */
export function limitSvg(rule: Finding): string {
  const judged = judgedBy(rule)
  if (judged === null) return ''
  const { value, interval, limits, moved } = judged
  const ends = [value, ...(interval ?? []), ...limits, ...(moved ? [0] : [])]
  const margin = (Math.max(...ends) - Math.min(...ends)) * 0.08 || 0.01
  const x = scale([Math.min(...ends) - margin, Math.max(...ends) + margin], 5, WIDTH - 5)
  const marks = [
    line('axis', [0, MIDDLE], [WIDTH, MIDDLE]),
    ...(moved ? [line('incumbent tick', [x(0), 5], [x(0), HEIGHT - 5])] : []),
    ...limits.map((limit) => line('limit', [x(limit), 1], [x(limit), HEIGHT - 1])),
    ...(interval === null ? [] : [line('candidate whisker', [x(interval[0]), MIDDLE], [x(interval[1]), MIDDLE])]),
    dot('candidate', [x(value), MIDDLE], 4),
  ]
  const what = moved ? 'moved by' : 'is'
  return svg(WIDTH, HEIGHT, 'mini', `${what} ${numberText(value)}; ${limitText(rule.limit)}`, marks.join(''))
}
