import { Unavailable } from '../../ports.ts'
import type { Checkout } from '../checkout/checkout.ts'
import { GitFailure } from '../checkout/git.ts'
import { LEDGER_BRANCH } from './view.ts'

/** The whole branch as a clone has it. */
export interface LocalLedger {
  readonly tip: string
  /** path -> text */
  readonly files: ReadonlyMap<string, string>
}

/** Where a clone keeps it: what was fetched, else a branch of its own. */
const REFS = [`refs/remotes/origin/${LEDGER_BRANCH}`, `refs/heads/${LEDGER_BRANCH}`]

/**
 * Reads the ledger out of a clone. Nothing is verified here.
 *
 * @param ref  another place for it
 * @throws {Unavailable} when the clone has none
 */
export async function readLedgerFrom(checkout: Checkout, ref?: string): Promise<LocalLedger> {
  const tip = await ledgerTip(checkout, ref)
  if (tip === null)
    throw new Unavailable(
      'missing',
      `there is no branch ${ref ?? LEDGER_BRANCH} in this clone`,
      `git fetch origin ${LEDGER_BRANCH}:refs/remotes/origin/${LEDGER_BRANCH}`,
    )
  const snapshot = await checkout.snapshot(tip)
  const entries = await snapshot.list('')
  const read = await snapshot.read(entries.map(({ path }) => path))
  const decoder = new TextDecoder()
  return { tip, files: new Map([...read].map(([path, { bytes }]) => [path, decoder.decode(bytes)])) }
}

/** The tip of the ledger in a clone; null where there is none. */
export async function ledgerTip(checkout: Checkout, ref?: string): Promise<string | null> {
  for (const one of ref === undefined ? REFS : [ref])
    try {
      return await checkout.resolve(one)
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
    }
  return null
}
