import type { Better, Estimate } from '../statistics/estimate.ts'
import { sizeInterval } from '../statistics/fold.ts'
import { absolutePart } from './absolute-part.ts'
import { standardError } from './enough-rows.ts'
import type { Limits } from './limit-keys.ts'
import { joinParts, type Part, sentence, undecided } from './part.ts'
import { type Allowance, relativePart } from './relative-part.ts'
import { intervalAt, isValued, type Valued, whyNull } from './sound-estimate.ts'

/** An answered rule: the numbers, and how they are to be read. */
export interface Answered {
  readonly limits: Limits
  /** `recall (age < 25)` */
  readonly name: string
  /** Unit of "0.01 more roc_auc". */
  readonly unit: string
  readonly better: Better
  /** Level of the intervals: the rule's, or the one at which they are only shown. */
  readonly confidence: number
  readonly candidate: Estimate
  readonly incumbent: Estimate | null
  /** Candidate - incumbent, folded where zero or one is best. */
  readonly difference: Estimate | null
  /** Version of the incumbent, null when there is none. */
  readonly against: string | null
  /** Why there is an incumbent that could not be compared with. */
  readonly incumbentMissing: string | null
  /** The denominator of the rule, and how much of it an estimate rests on; null when it may not be told. */
  readonly of: string
  readonly count: (estimate: Estimate) => number | null
}

/** Judges all limits of one rule: floors and ceilings of the candidate, and the comparison with the incumbent. */
export function judgeAnswered(answered: Answered): Part {
  const { candidate, name } = answered
  if (!isValued(candidate)) {
    return undecided(`${name} has no value`, sentence(whyNull(candidate)), {
      reason: `no-value:${candidate?.because ?? ''}`,
    })
  }
  const { min, max, against } = answered.limits
  const parts = [
    ...(min === undefined && max === undefined ? [] : [absolute(answered, candidate)]),
    ...(against === undefined ? [] : [relative(answered)]),
  ]
  return joinParts(parts)
}

/** Zero is best: judged by the distance from it. One is best: the ratio itself, at both ends. */
function absolute(answered: Answered, candidate: Valued): Part {
  const { limits, name, unit, better, confidence, of, count } = answered
  const own = intervalAt(candidate, confidence)
  const isDistance = better === 'zero'
  return absolutePart({
    name,
    unit,
    of,
    n: count(candidate),
    value: isDistance ? Math.abs(candidate.value) : candidate.value,
    interval: own && isDistance ? sizeInterval(own) : own,
    se: standardError(candidate, own),
    confidence,
    byInterval: limits.confidence !== undefined,
    bounds: { min: limits.min, max: limits.max },
    method: candidate.method,
    because: candidate.because,
  })
}

function relative(answered: Answered): Part {
  const { limits, name, unit, better, confidence, difference, against, incumbentMissing, of, count } = answered
  if (incumbentMissing !== null) {
    return undecided(`${name} cannot be compared with ${against ?? 'the incumbent'}`, sentence(incumbentMissing), {
      reason: `incumbent:${incumbentMissing}`,
    })
  }
  if (against === null) {
    return {
      status: 'skipped',
      title: `${name} against the incumbent`,
      because: 'First version here: there is no incumbent.',
    }
  }
  if (!isValued(difference)) {
    const why = difference === null ? (answered.incumbent?.because ?? whyNull(null)) : whyNull(difference)
    return undecided(`${name} cannot be compared with ${against}`, sentence(why), { reason: `no-difference:${why}` })
  }
  const interval = intervalAt(difference, confidence)
  return relativePart({
    name: better === 'one' ? `${name}, folded to at most 1,` : name,
    unit,
    against,
    of,
    n: count(difference),
    value: difference.value,
    interval,
    se: standardError(difference, interval),
    confidence,
    byInterval: limits.confidence !== undefined,
    allowance: allowanceOf(limits),
    method: difference.method,
    because: difference.because,
  })
}

function allowanceOf({ max_drop, max_rise }: Limits): Allowance {
  if (max_drop !== undefined) return { max_drop }
  if (max_rise !== undefined) return { max_rise }
  throw new RangeError('a rule against the incumbent without max_drop or max_rise')
}

/** The numbers of an answered rule, as its finding shows them. */
export function shownNumbers(answered: Answered, provenance: 'recomputed' | 'attested' | 'claimed') {
  const { candidate, incumbent, difference, against, confidence, limits } = answered
  return {
    measured: isValued(candidate) ? candidate.value : null,
    interval: candidate && intervalAt(candidate, confidence),
    confidence,
    limit: limitOf(limits),
    method: candidate?.method ?? null,
    support: candidate?.support ?? null,
    provenance,
    ...(against !== null &&
      (incumbent !== null || difference !== null) && {
        incumbent: {
          version: against,
          measured: isValued(incumbent) ? incumbent.value : null,
          difference: isValued(difference) ? difference.value : null,
          interval: difference === null ? null : intervalAt(difference, confidence),
        },
      }),
  }
}

/** What a rule asks for, as findings show it. */
export function limitOf({ min, max, max_drop, max_rise }: Limits) {
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(max_drop !== undefined && { max_drop }),
    ...(max_rise !== undefined && { max_rise }),
  }
}
