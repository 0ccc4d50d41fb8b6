import type { LedgerFlaw } from '../../ledger/chain.ts'
import { beforeFirst, type Line, lineFlaw } from '../../ledger/line.ts'
import type { VerifyingKey } from '../../ledger/signature.ts'
import { LedgerBroken } from './ledger-broken.ts'
import type { Mirror } from './mirror.ts'

/** What the mirror says of a branch whose lines are sound by themselves. */
export interface MirrorComparison {
  readonly flaw: LedgerFlaw | null
  /** Lines that the mirror holds and the branch does not yet. */
  readonly ahead: number
}

const AT_ONCE = 32

/**
 * Compares each line of the branch with the mirror's, and follows the mirror beyond the branch.
 *
 * @param lines  the branch's, verified, by seq
 */
export async function compareMirror(
  mirror: Mirror,
  lines: readonly Line[],
  { ledger, keys }: { readonly ledger: number; readonly keys: readonly VerifyingKey[] },
): Promise<MirrorComparison> {
  try {
    for (let at = 0; at < lines.length; at += AT_ONCE) {
      const some = lines.slice(at, at + AT_ONCE)
      const mirrored = await Promise.all(some.map(({ seq }) => mirror.line(seq)))
      for (const [index, line] of some.entries()) {
        const other = mirrored[index]?.line
        if (other === undefined) return { flaw: { seq: line.seq, because: 'is not in the mirror' }, ahead: 0 }
        if (other.digest !== line.digest)
          return { flaw: { seq: line.seq, because: 'is another one in the mirror' }, ahead: 0 }
      }
    }
    return await beyond(mirror, lines.at(-1) ?? { seq: 0, digest: beforeFirst(ledger) }, keys)
  } catch (error) {
    if (error instanceof LedgerBroken) return { flaw: { seq: error.seq, because: error.because }, ahead: 0 }
    throw error
  }
}

/** Lines that follow the branch's last: all of one tip are an append that has not ended; more means that it was cut. */
async function beyond(
  mirror: Mirror,
  last: { readonly seq: number; readonly digest: string },
  keys: readonly VerifyingKey[],
): Promise<MirrorComparison> {
  let before = last
  const parents = new Set<string | null>()
  for (let one = await mirror.line(last.seq + 1); one !== null; one = await mirror.line(before.seq + 1)) {
    const flaw = lineFlaw(one.line, before, keys)
    if (flaw !== null) return { flaw: { seq: one.line.seq, because: `of the mirror ${flaw}` }, ahead: 0 }
    parents.add(one.parent)
    before = one.line
  }
  const ahead = before.seq - last.seq
  if (parents.size > 1)
    return {
      flaw: {
        seq: last.seq + 1,
        because: `and ${ahead - 1} more are in the mirror and not in this branch; if it was fetched just now, it was cut`,
      },
      ahead,
    }
  return { flaw: null, ahead }
}
