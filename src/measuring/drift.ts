import type { BlockSpread, DriftMeasured, DriftNote, DriftShares, DriftStatistics } from '../statistics/drift-column.ts'
import { type DatasetDrift, type DatasetTerms, datasetDrift } from '../statistics/drift-dataset.ts'
import type { Examined } from '../statistics/drift-examination.ts'
import type { PresetName } from '../statistics/drift-preset.ts'
import type { Correction } from '../statistics/drift-preset-alibi.ts'
import { type DriftTerms, decideDrift } from '../statistics/measure-drift.ts'
import { presetColumns, presetDataset } from './drift-by-preset.ts'
import { rowsThatWouldDecide } from './drift-rows-needed.ts'
import type { MultivariateDrift } from './multivariate-drift.ts'
import type { LabelDrift, PredictionDrift } from './prediction-drift.ts'

export interface DriftWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}

/** One column of the document; numbers that do not exist are null, with the `reason`. */
export interface DriftColumnDocument {
  readonly column: string
  readonly type: 'number' | 'category'
  readonly test: string
  readonly score: number | null
  readonly p_value: number | null
  readonly p_adjusted: number | null
  readonly threshold: number | null
  readonly detectable: number | null
  readonly is_drifted: boolean | null
  readonly reason: string | null
  /** Rows of the current window that would decide, where too few are the reason and more would do. */
  readonly rows_needed: number | null
  readonly statistics: DriftStatistics
  /** Largest distance of each statistic from what rows would give, where it was taken from profiles. */
  readonly statistics_error?: Readonly<Record<string, number | null>>
  /** The numbers of the tool whose preset decides. */
  readonly preset_statistics?: Readonly<Record<string, number | null>>
  readonly missing_share: { readonly reference: number; readonly current: number }
  readonly unseen_values: readonly string[]
  readonly unseen_share: number
  readonly findings: readonly DriftNote[]
  readonly windows?: BlockSpread
  readonly shares?: DriftShares
}

export interface DriftDocument {
  readonly schema: 'weighbridge.drift/v1'
  readonly engine: string
  readonly rows: { readonly reference: number; readonly current: number }
  /** The tool by whose rules columns are decided; null for our own. */
  readonly preset: PresetName | null
  readonly calibrate: 'rows' | 'windows'
  readonly season: 'none' | 'week' | 'year'
  readonly dataset: DatasetDrift & { readonly max_drifted_share: number | null; readonly critical: readonly string[] }
  readonly columns: readonly DriftColumnDocument[]
  /** All columns together, where asked for. */
  readonly multivariate?: MultivariateDrift
  readonly predictions?: PredictionDrift
  readonly labels?: LabelDrift
  readonly warnings: readonly DriftWarning[]
}

/** An examined column, of rows or of profiles; profiles know how far off they may be. */
export type ExaminedColumn = Examined & { readonly errors?: Readonly<Record<string, number | null>> }

export interface DriftDocumentInput {
  readonly engine: string
  /** Rows of the windows; what the columns say of them wins. */
  readonly rows: { readonly reference: number; readonly current: number }
  readonly examined: readonly ExaminedColumn[]
  readonly terms: DriftTerms
  readonly dataset: DatasetTerms
  readonly preset?: PresetName | undefined
  readonly correction: Correction
  readonly calibrate: 'rows' | 'windows'
  readonly season: 'none' | 'week' | 'year'
  /** Columns whose values may not be shown. */
  readonly personal: readonly string[]
  readonly warnings: readonly DriftWarning[]
}

/**
 * Decides over columns that were examined one by one, and writes the document.
 *
 * @example driftDocument({ engine: 'w', rows: { reference: 9, current: 9 }, examined: [], terms: { test: 'default', min_effect: 0.05 }, dataset: { max_drifted_share: 0.3, critical: [] }, correction: 'bonferroni', calibrate: 'rows', season: 'none', personal: [], warnings: [] }).dataset.columns // => 0
 */
export function driftDocument(input: DriftDocumentInput): DriftDocument {
  const ours = decideDrift(input.examined, input.terms)
  const { preset } = input
  const columns =
    preset === undefined ? ours.columns : presetColumns(preset, ours.columns, input.examined, input.correction)
  const dataset = preset === undefined ? datasetDrift(columns, input.dataset) : presetDataset(preset, columns)
  const max_drifted_share =
    preset === undefined ? input.dataset.max_drifted_share : presetDataset(preset, columns).limit
  return {
    schema: 'weighbridge.drift/v1',
    engine: input.engine,
    rows: input.examined.length === 0 ? input.rows : ours.rows,
    preset: preset ?? null,
    calibrate: input.calibrate,
    season: input.season,
    dataset: {
      ...withoutLimit(dataset),
      max_drifted_share,
      critical: preset === undefined ? input.dataset.critical : [],
    },
    columns: columns.map((column, index) => columnDocument(column, input.examined[index]!, input)),
    warnings: [...input.warnings, ...columns.flatMap(warningsOf)],
  }
}

function withoutLimit(dataset: DatasetDrift & { readonly limit?: number | null }): DatasetDrift {
  const { limit: _, ...rest } = dataset
  return rest
}

function columnDocument(
  column: DriftMeasured,
  { shares, preset, contestant, errors }: ExaminedColumn,
  { personal }: DriftDocumentInput,
): DriftColumnDocument {
  const { notes, reason, windows, ...numbers } = column
  const isPersonal = personal.includes(column.column)
  return {
    ...numbers,
    unseen_values: isPersonal ? [] : column.unseen_values,
    reason: reason ?? null,
    rows_needed: reason === 'too_few_rows' && contestant ? rowsThatWouldDecide(column, contestant) : null,
    findings: notes,
    ...(errors && { statistics_error: errors }),
    ...(preset && { preset_statistics: preset.numbers }),
    ...(windows && { windows }),
    ...(shares && !isPersonal && { shares }),
  }
}

/** Every finding of a column is a warning of the document too: nobody has to look into each column for them. */
function warningsOf({ column, notes, reason, is_drifted }: DriftMeasured): DriftWarning[] {
  const found = notes.map(({ code, message }) => ({ code, column, message: `${column} ${message}` }))
  const said = found.some(({ code }) => code.replaceAll('-', '_') === reason)
  if (is_drifted !== null || reason === undefined || said || found.length > 0) return found
  return [{ code: 'undecided', column, message: `${column} is not decided: ${reason.replaceAll('_', ' ')}` }]
}
