import type { Finding } from './finding.ts'

/**
 * What one limit of a rule says. A rule may have two, a floor and a comparison with the incumbent; both must hold.
 * `straddles` tells an interval that holds the limit from everything else that is inconclusive: only the former may
 * be taken by a reviewer.
 */
export interface Part {
  readonly status: 'passed' | 'failed' | 'inconclusive' | 'skipped'
  readonly title: string
  readonly because: string
  /** `because` needs no title before it. */
  readonly saysAll?: true
  readonly straddles?: boolean
  readonly flips?: string
  readonly decides?: NonNullable<Finding['decides']>
  readonly reason?: string
}

const WORST_FIRST = ['failed', 'inconclusive', 'passed', 'skipped'] as const

/** All-of: the worst part speaks first, and a reviewer may take the whole only if straddling is all that is wrong. */
export function joinParts(parts: readonly Part[]): Part {
  const sorted = parts.toSorted((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status))
  const worst = sorted[0]
  if (worst === undefined) throw new RangeError('joinParts: a rule without a limit')
  const open = sorted.filter((part) => part.status === 'inconclusive')
  const flips = sorted.flatMap((part) => (part.flips === undefined ? [] : [part.flips]))
  return {
    ...worst,
    because: sorted.map((part, index) => (index === 0 ? part.because : `${part.title}: ${part.because}`)).join(' '),
    straddles: worst.status === 'inconclusive' && open.every((part) => part.straddles === true),
    ...(flips.length > 0 && { flips: flips.join('; and ') }),
  }
}

/** Text of somebody else as a sentence: with one full stop. */
export function sentence(text: string): string {
  return `${text.trim().replace(/\.+$/, '')}.`
}

/** Something that keeps a rule from being judged at all: never passes, never up for review. */
export function undecided(title: string, because: string, more: { reason?: string; flips?: string } = {}): Part {
  return { status: 'inconclusive', title, because, straddles: false, ...more }
}
