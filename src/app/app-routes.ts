import { healthRoute, metricsRoute, readyRoute } from '../intake/health-routes.ts'
import type { Route } from '../intake/route.ts'
import type { Clock, Grounds } from '../jobs/github/job-context.ts'
import { rememberedId, reportUri } from '../jobs/github/store-report.ts'
import type { Inbox } from '../ports/inbox.ts'
import { Unavailable } from '../ports.ts'
import type { ClockSkew } from './clock-skew.ts'
import type { Metrics } from './metrics.ts'
import { githubSignIn } from './pages/github-sign-in.ts'
import { mayReadBy, type ReadableRepository } from './pages/may-read.ts'
import { type Readers, type ReportPages, reportRoutes } from './pages/reports.ts'
import type { Settings } from './settings.ts'

export interface RouteParts {
  readonly settings: Settings
  readonly inbox: Inbox
  readonly clock: Clock
  readonly grounds: Grounds
  readonly metrics: Metrics
  readonly skew: ClockSkew
  readonly fetch: typeof fetch
}

/** Everything that the app answers besides deliveries. */
export function appRoutes(parts: RouteParts): readonly Route[] {
  const { inbox, clock, metrics, settings, skew } = parts
  const { contentType, text } = metrics
  return [
    healthRoute(),
    readyRoute({ inbox, now: () => new Date(clock.now()), clockSkewS: () => skew.seconds() }),
    metricsRoute({ text, contentType, ...(settings.metricsToken !== null && { token: settings.metricsToken }) }),
    ...pagesOf(parts),
  ]
}

/** Reports, for whoever may read them; without pages nobody. */
function pagesOf(parts: RouteParts): readonly Route[] {
  const { pages } = parts.settings
  if (pages === null) return []
  const load: ReportPages['load'] = (repository, digest) => reportBytes(parts.grounds, repository, digest)
  return reportRoutes({ load, readers: pages === 'local' ? localReaders(parts) : signedInReaders(parts, pages) })
}

function localReaders({ inbox }: RouteParts): Readers {
  return { are: 'local', idOf: (owner, name) => rememberedId(inbox, owner, name) }
}

function signedInReaders(
  { settings, clock, fetch }: RouteParts,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): Readers {
  const { apiUrl, webUrl, publicUrl } = settings
  const of = { fetch, now: () => clock.now() }
  return {
    are: 'signed-in',
    signIn: githubSignIn({ ...of, clientId, clientSecret, webUrl, publicUrl }),
    mayRead: mayReadBy({ ...of, apiUrl }),
  }
}

/** A report that cannot be read now is not here; nobody learns why. */
async function reportBytes(
  grounds: Grounds,
  repository: ReadableRepository,
  digest: string,
): Promise<Uint8Array | undefined> {
  try {
    const { store, prefix } = grounds.evidence({ ...repository, installation: 0 })
    return await store.get(reportUri(prefix, digest))
  } catch (error) {
    if (error instanceof Unavailable) return undefined
    throw error
  }
}
