import type { DriftFacts, DriftRequest } from '../gates/evidence.ts'
import { millisecondsOf, type PeriodTerms } from '../measuring/drift-periods.ts'
import { type TableSource, Unavailable } from '../ports.ts'
import { DRIFT_TESTS } from '../statistics/drift-column.ts'
import { decideDrift } from '../statistics/measure-drift.ts'
import { driftByProfile } from './drift-by-profile.ts'
import type { Job } from './job.ts'
import { tableFormat } from './job-files.ts'
import { examineColumns } from './measure/drift-columns.ts'
import { pairColumns } from './measure/drift-pairs.ts'
import { type Periods, periodsOf } from './measure/drift-time.ts'

/** Features of the training reference against production, column by column. */
export async function gatherDrift(request: DriftRequest, job: Job): Promise<DriftFacts> {
  const test = DRIFT_TESTS.find((name) => name === request.test)
  if (test === undefined)
    throw new Unavailable(
      'missing',
      `there is no drift test "${request.test}"`,
      `Tests here: ${DRIFT_TESTS.join(', ')}.`,
    )
  const { min_effect, max, profile } = request
  const terms = { test, min_effect, ...(max !== undefined && { max }) }
  const current = await partitions(request, job)
  if (profile !== undefined) return driftByProfile({ request, described: profile, current, terms }, job)
  const reference = await job.files.table(request.reference)
  const windows = { tables: job.tables, reference, current }
  const columns = request.columns.map(({ name }) => name)
  const pairs = await pairColumns({ ...windows, columns, features: request.columns }, 'declared')
  const { kept, blocks } = await periods(request, windows)
  const examined = await examineColumns({
    ...windows,
    pairs,
    kept,
    blocks,
    asked: { calibrated: blocks !== undefined },
  })
  return decideDrift(examined, terms)
}

async function periods(
  { periods: asked }: DriftRequest,
  windows: Omit<Parameters<typeof periodsOf>[0], 'terms'>,
): Promise<Omit<Periods, 'warnings'>> {
  const windowMs = asked === undefined ? null : millisecondsOf(asked.window)
  if (asked === undefined || windowMs === null) return {}
  const terms: PeriodTerms = { time: asked.time, calibrate: asked.calibrate, season: asked.season, windowMs }
  return periodsOf({ ...windows, terms })
}

async function partitions(request: DriftRequest, job: Job): Promise<TableSource> {
  const found = await Promise.all(
    request.current.map((part) => job.files.verified(part.uri, part.digest, job.limits.maxTableBytes)),
  )
  const first = request.current[0]
  if (first === undefined)
    throw new Unavailable(
      'missing',
      'the production window holds no files',
      'Wait for a window with data, or check monitoring.predictions.',
    )
  return {
    files: found,
    format: tableFormat(first.uri),
    called: request.current.length === 1 ? first.uri : `${first.uri} and ${request.current.length - 1} more`,
  }
}
