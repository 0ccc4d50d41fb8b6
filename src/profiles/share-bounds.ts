import { SHARE_FLOOR } from '../statistics/shares.ts'
import type { BinCounts, DecileCounts } from './decile-counts.ts'

/** The least and the most that a number can be. */
export type Bounds = readonly [least: number, most: number]

/** Shares that one bin can have. */
interface Box {
  readonly p: Bounds
  readonly q: Bounds
}

/**
 * Between which ends the divergences lie, whichever edges within their buckets are the true ones.
 *
 * Every term is convex in both shares, so its most stands in a corner of what the shares can be; its least where the
 * shares can be equal is 0, else in the nearest corner.
 *
 * @returns psi and kl in nats, jensen_shannon as a distance
 */
export function divergenceBounds(counts: DecileCounts): Readonly<Record<'psi' | 'kl' | 'jensen_shannon', Bounds>> {
  const floored = boxes(counts, SHARE_FLOOR)
  const divergence = bounds(boxes(counts, 0), shannonTerm, leastSymmetric(shannonTerm))
  const distance = (nats: number) => Math.sqrt(Math.min(1, Math.max(0, nats) / (2 * Math.LN2)))
  return {
    psi: bounds(floored, stabilityTerm, leastSymmetric(stabilityTerm)),
    kl: bounds(floored, leiblerTerm, leastLeibler),
    jensen_shannon: [distance(divergence[0]), distance(divergence[1])],
  }
}

function boxes({ reference, current }: DecileCounts, floor: number): readonly Box[] {
  const rows = (bins: BinCounts) => bins.counts.reduce((sum, count) => sum + count, 0)
  const [n, m] = [rows(reference), rows(current)]
  const share = (count: number, all: number) => Math.max(floor, Math.min(1, count / all))
  return reference.fewest.map((fewest, bin) => ({
    p: [share(fewest, n), share(reference.most[bin]!, n)],
    q: [share(current.fewest[bin]!, m), share(current.most[bin]!, m)],
  }))
}

type Term = (p: number, q: number) => number

function bounds(all: readonly Box[], term: Term, least: (box: Box) => number): Bounds {
  let [low, high] = [0, 0]
  for (const box of all) {
    low += least(box)
    high += Math.max(...box.p.flatMap((p) => box.q.map((q) => term(p, q))))
  }
  return [low, high]
}

function leastSymmetric(term: Term): (box: Box) => number {
  return ({ p, q }) => {
    if (p[0] <= q[1] && q[0] <= p[1]) return 0
    return p[0] > q[1] ? term(p[0], q[1]) : term(p[1], q[0])
  }
}

/** Falls with q; in p it is least at q / e. */
function leastLeibler({ p, q }: Box): number {
  return leiblerTerm(Math.min(p[1], Math.max(p[0], q[1] / Math.E)), q[1])
}

function stabilityTerm(p: number, q: number): number {
  return (p - q) * Math.log(p / q)
}

function leiblerTerm(p: number, q: number): number {
  return p * Math.log(p / q)
}

function shannonTerm(p: number, q: number): number {
  const mean = (p + q) / 2
  return (p === 0 ? 0 : p * Math.log(p / mean)) + (q === 0 ? 0 : q * Math.log(q / mean))
}
