import { type DriftDocument, type DriftWarning, driftDocument } from '../../measuring/drift.ts'
import { chunksOfRows, type PeriodTerms } from '../../measuring/drift-periods.ts'
import type { TableSource, Tables } from '../../ports.ts'
import type { Feature } from '../../registry/model.ts'
import type { RowBlocks } from '../../statistics/drift-column.ts'
import type { DatasetTerms } from '../../statistics/drift-dataset.ts'
import type { PresetName } from '../../statistics/drift-preset.ts'
import type { Correction } from '../../statistics/drift-preset-alibi.ts'
import type { WantedStatistics } from '../../statistics/drift-statistics.ts'
import type { DriftTerms } from '../../statistics/measure-drift.ts'
import { examineColumns } from './drift-columns.ts'
import { type DriftPairs, pairColumns } from './drift-pairs.ts'
import { type Periods, periodsOf } from './drift-time.ts'

/** NannyML's own number of chunks where nothing says how to cut the reference. */
const CHUNKS = 10

export interface DriftAsk {
  readonly engine: string
  readonly terms: DriftTerms
  readonly statistics: WantedStatistics
  readonly dataset: DatasetTerms
  readonly preset?: PresetName | undefined
  readonly correction: Correction
  readonly columns?: readonly string[] | undefined
  /** Whether the columns were typed, and must be there, or are those that a model declares. */
  readonly named?: 'typed' | 'declared'
  /** Columns of model.yml: their types win, and the values of personal ones are not shown. */
  readonly features?: readonly Feature[] | undefined
  readonly personal: readonly string[]
  readonly periods?: PeriodTerms | undefined
  readonly progress?: (done: number, of: number, column: string) => void
}

export interface DriftTables {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
}

/** What moved between two tables, read one column at a time. */
export async function measureDriftOfTables(ask: DriftAsk, windows: DriftTables): Promise<DriftDocument> {
  const { terms: _, columns, features, preset, ...said } = ask
  const pairs = await pairColumns({ ...windows, columns, features }, ask.named)
  const inTime: Periods = ask.periods ? await periodsOf({ ...windows, terms: ask.periods }) : { warnings: [] }
  const blocks = inTime.blocks ?? chunksFor(preset, pairs)
  const calibrated = preset === undefined && inTime.blocks !== undefined
  const examined = await examineColumns({
    ...windows,
    pairs,
    kept: inTime.kept,
    blocks,
    asked: { calibrated, shares: true, statistics: ask.statistics, ...(preset && { preset }) },
    ...(ask.progress && { progress: ask.progress }),
  })
  return driftDocument({
    ...said,
    terms: ask.terms,
    rows: pairs.rows,
    preset,
    examined,
    calibrate: calibrated ? 'windows' : 'rows',
    season: inTime.kept === undefined ? 'none' : (ask.periods?.season ?? 'none'),
    warnings: [...seenBefore(windows), ...pairs.warnings, ...inTime.warnings],
  })
}

function chunksFor(preset: PresetName | undefined, { rows }: DriftPairs): RowBlocks | undefined {
  return preset === 'nannyml' ? chunksOfRows(rows.reference, CHUNKS) : undefined
}

/** A window compared with itself never drifts: whoever sees "no drift" must know. */
function seenBefore({ reference, current }: DriftTables): DriftWarning[] {
  const known = new Set(reference.files.map(({ digest }) => digest))
  const same = current.files.filter(({ digest }) => known.has(digest)).length
  if (same === 0) return []
  const all = same === current.files.length && same === reference.files.length
  const which = all
    ? 'both windows are the same bytes'
    : `${same} of the current window's files are in the reference too`
  return [{ code: 'same-data', message: `${which}: what is compared with itself does not drift` }]
}
