import type { Estimate } from '../statistics/estimate.ts'
import { type Answered, judgeAnswered } from './judge-measured.ts'
import type { MetricsRule } from './metrics-rule.ts'
import { exactText, numberText, numberTextBeside, roundedUp } from './number-text.ts'
import { joinParts, type Part, undecided } from './part.ts'
import { isValued } from './sound-estimate.ts'

/** The calibration error is biased upwards on few rows: a limit on it is judged against what chance would show. */
export function hasOwnJudgement({ metric }: MetricsRule): boolean {
  return metric === 'expected_calibration_error'
}

/**
 * Judges an expected calibration error.
 *
 * Passed when the value, which errs on the safe side, is at most max; failed when it is over both max and the 95th
 * percentile of what a perfectly calibrated model would show on these scores; else inconclusive. There is no
 * interval, so there is nothing that a reviewer could take. A floor and a comparison are judged like any other.
 */
export function calibrationErrorPart(answered: Answered): Part {
  const { max, ...others } = answered.limits
  if (max === undefined || !isValued(answered.candidate)) return judgeAnswered(answered)
  const own = limitPart(answered, answered.candidate.value, max)
  const rest =
    others.against === undefined && others.min === undefined ? [] : [judgeAnswered({ ...answered, limits: others })]
  return joinParts([own, ...rest])
}

function limitPart(answered: Answered, value: number, max: number): Part {
  const { name } = answered
  const text = `${name} ${numberTextBeside(value, max)}`
  const limit = `the limit of ${exactText(max)}`
  if (value <= max) {
    const because = 'It is biased upwards on few rows, so the true one is rather smaller.'
    return { status: 'passed', title: `${text} is ${value === max ? 'exactly' : 'under'} ${limit}`, because }
  }
  const chance = nullOf(answered.candidate)
  const flips = `${numberText(roundedUp(value - max))} less ${name}, or a limit of ${exactText(roundedUp(value))}`
  if (chance === null) {
    const because = 'What a perfectly calibrated model would show on these rows is not known.'
    return undecided(`${text} is over ${limit}, which may be chance`, because, { flips })
  }
  const rows = `a perfectly calibrated model would show up to ${numberText(chance)} on ${numberText(answered.candidate.support.rows)} rows`
  if (value > chance) {
    return { status: 'failed', title: `${text} is over ${limit}`, because: `This is not chance: ${rows}.`, flips }
  }
  return undecided(`${text} is over ${limit}, which may be chance`, `${rows[0]?.toUpperCase()}${rows.slice(1)}.`, {
    flips: `more rows, or ${flips}`,
  })
}

function nullOf({ null_q95 }: Estimate): number | null {
  return typeof null_q95 === 'number' && Number.isFinite(null_q95) ? null_q95 : null
}
