import { openLedger } from '../adapters/ledger/ledger.ts'
import { ledgerKeys } from '../adapters/operator/ledger-keys.ts'
import type { OperatorFile } from '../adapters/operator/operator-file.ts'
import type { Clock, Grounds, JobContext } from '../jobs/github/job-context.ts'
import type { Inbox } from '../ports/inbox.ts'

/** Opens the ledger of a repository: its mirror lies with the repository's evidence, the tip last seen in the inbox. */
export function ledgerOpener(of: {
  readonly operator: OperatorFile
  readonly home: string
  readonly grounds: Grounds
  readonly inbox: Inbox
  readonly clock: Clock
  readonly chance: () => number
}): JobContext['openLedger'] {
  const tried = new Set<string>()
  return (host, repository) => {
    const { signing, believed } = ledgerKeys(of.operator.current(), of.home)
    const mark = `ledger:${repository.id}`
    return openLedger({
      host,
      repository,
      ...of.grounds.evidence(repository),
      signingKey: signing,
      publicKeys: believed,
      seen: { get: () => of.inbox.mark(mark), set: (value) => of.inbox.setMark(mark, value) },
      clock: of.clock,
      random: of.chance,
      tried,
    })
  }
}
