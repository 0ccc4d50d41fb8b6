/** The ledger cannot be believed: which line, and why. Nothing of it is then taken for true. */
export class LedgerBroken extends Error {
  readonly seq: number
  readonly because: string
  /** An answer of GitHub that lags behind looks the same: read the tip again before believing it. */
  readonly mayBeStale: boolean
  constructor(seq: number, because: string, { mayBeStale = false } = {}) {
    super(`ledger broken at ${seq}: ${because}`)
    this.name = 'LedgerBroken'
    this.seq = seq
    this.because = because
    this.mayBeStale = mayBeStale
  }
}

export const BROKEN_MEND =
  'Look with weighbridge audit verify; weighbridge ledger restore rebuilds the branch from its mirror in store.evidence.'
