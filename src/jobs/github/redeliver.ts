import { failedDeliveries } from './failed-deliveries.ts'
import { DONE, type JobContext, type JobOutcome } from './job-context.ts'

const MARK = 'deliveries:since'
/** How long GitHub keeps a delivery that can be asked for again. */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000

/** Asks for deliveries that never arrived: they come again under the same GUID, through the same door. */
export async function redeliverFailed({ appHost, inbox, clock, log }: JobContext): Promise<JobOutcome> {
  const oldest = new Date(clock.now() - KEPT_MS).toISOString()
  const mark = inbox.mark(MARK) ?? oldest
  const since = mark > oldest ? mark : oldest
  const { again, since: next } = failedDeliveries(await appHost.deliveries(since), since)
  for (const id of again) await appHost.redeliver(id)
  inbox.setMark(MARK, next)
  if (again.length > 0) log.info({ deliveries: again.length }, 'asked for failed deliveries again')
  return DONE
}
