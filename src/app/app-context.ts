import { engineVersion } from '../adapters/evidence/engine-version.ts'
import type { OperatorFile } from '../adapters/operator/operator-file.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import type { Clock, Grounds, JobContext, JobLog } from '../jobs/github/job-context.ts'
import type { AppHost } from '../ports/git-host.ts'
import type { Inbox } from '../ports/inbox.ts'
import { ledgerOpener } from './app-ledger.ts'
import type { Settings } from './settings.ts'

export interface ContextParts {
  readonly settings: Settings
  readonly appHost: AppHost
  readonly inbox: Inbox
  readonly clock: Clock
  readonly chance: () => number
  readonly lagMs: number
  readonly operator: OperatorFile
  readonly grounds: Grounds
  readonly exclusive: JobContext['exclusive']
  readonly after: JobContext['after']
  readonly onWeighed: JobContext['onWeighed']
  readonly log: JobLog
  readonly figures: JobContext['figures']
}

/** What all jobs of the app share. */
export function openContext(parts: ContextParts): JobContext {
  const { settings, operator, chance, ...shared } = parts
  return {
    ...shared,
    shipped: shippedPolicies(),
    bots: ownBots(parts.appHost),
    engine: engineVersion(),
    pagesUrl: settings.pages === null ? null : settings.publicUrl,
    webUrl: settings.webUrl,
    openLedger: ledgerOpener({ ...shared, operator, chance, home: settings.home }),
  }
}

/** Asked until it is answered, then known. */
function ownBots(appHost: AppHost): JobContext['bots'] {
  let known: readonly number[] | null = null
  return async () => {
    known ??= [(await appHost.identity()).bot.id]
    return known
  }
}
