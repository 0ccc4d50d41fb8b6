import type { Checkout } from '../adapters/checkout/checkout.ts'
import { ledgerTip, readLedgerFrom } from '../adapters/ledger/local-ledger.ts'
import { auditedLines } from '../ledger/audit.ts'
import type { Line } from '../ledger/line.ts'
import { linesIn } from '../ledger/verify-files.ts'

/** Lines of the ledger's branch as a clone has it; nothing of it is verified. */
export interface LocalFacts {
  readonly tip: string
  /** Oldest first. */
  readonly lines: readonly Line[]
}

/** What the clone's ledger says of a model, everywhere or in one environment; null when the clone has none. */
export async function localFacts(
  checkout: Checkout,
  asked: { readonly model: string; readonly environment?: string | undefined },
): Promise<LocalFacts | null> {
  if ((await ledgerTip(checkout)) === null) return null
  const { tip, files } = await readLedgerFrom(checkout)
  return { tip, lines: auditedLines(linesIn(files).lines, asked) }
}

/** The quarantine that the lines of one environment leave an artifact in, by its digest; null for none. */
export function quarantineIn(
  lines: readonly Line[],
  digest: string,
): { readonly until: string | null; readonly reason: string } | null {
  const last = lines.findLast(
    ({ fact }) => (fact.kind === 'quarantined' || fact.kind === 'released') && fact.digest === digest,
  )?.fact
  return last?.kind === 'quarantined' ? { until: last.until as string | null, reason: String(last.reason) } : null
}
