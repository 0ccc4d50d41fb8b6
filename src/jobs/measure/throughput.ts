import type { ModelSession } from '../../ports.ts'
import type { TimedModel } from './timed-models.ts'

/** Time that one size may take, ms. */
const BUDGET_MS = 400
const MOST_CALLS = 2000

/**
 * Rows a second at one size of batch: as many calls as fit into less than half a second, at least three.
 *
 * The median call counts, so that a pause of the machine does not.
 */
export async function measureThroughput(session: ModelSession, model: TimedModel, batch: number): Promise<number> {
  const { columns, order } = model
  const first = medianOf((await session.time(columns, order, { batch, calls: 3 })).ms)
  const calls = Math.max(3, Math.min(MOST_CALLS, Math.floor(BUDGET_MS / first)))
  const median = medianOf((await session.time(columns, order, { batch, calls })).ms)
  return (1000 * batch) / median
}

function medianOf(ms: Float64Array): number {
  return ms.toSorted()[Math.floor(ms.length / 2)]!
}
