import {
  DRIFT_TESTS,
  type DriftInput,
  type DriftMeasured,
  type DriftMeasurement,
  type DriftNote,
  type DriftTest,
  isDriftTest,
} from './drift-column.ts'
import { type Decision, decideByDefault, decideByName, fewRowsNote, NO_DECISION } from './drift-decision.ts'
import { type Examined, examine } from './drift-examination.ts'
import { rowsOf } from './drift-windows.ts'

/** How drift is to be judged. */
export interface DriftTerms {
  readonly test: DriftTest
  /** Smallest score of the default test that matters, 0 to 1. */
  readonly min_effect: number
  /** Limit of a named test, on its own scale. */
  readonly max?: number
}

export interface DriftOptions extends DriftTerms {
  readonly columns: readonly DriftInput[]
}

/**
 * What moved between a reference window and the current one, column by column.
 *
 * The default test alarms on what is both significant among all columns (Benjamini-Hochberg) and larger than
 * min_effect; missing values, unseen categories, constants and identifiers are notes of their own.
 *
 * @param columns     both windows of each column, as many rows in all columns of a window
 * @param test        default, or the name of one statistic that is compared with max
 * @param min_effect  on D and total variation, 0 to 1
 * @throws {RangeError} when the test is unknown, or a window's columns differ in length
 * @example measureDrift({ columns: [], test: 'default', min_effect: 0.05 }).dataset // => { columns: 0, drifted: 0, share: null }
 */
export function measureDrift(options: DriftOptions): DriftMeasurement {
  commonRows(options.columns.map((column) => rowsOf(column.reference)))
  commonRows(options.columns.map((column) => rowsOf(column.current)))
  const calibrated = options.columns.some(({ blocks }) => blocks !== undefined)
  return decideDrift(
    options.columns.map((column) => examine(column, { calibrated })),
    options,
  )
}

/**
 * The same for columns that were examined one at a time.
 *
 * @throws {RangeError} when the test is unknown, or a window's columns differ in length
 * @example decideDrift([], { test: 'default', min_effect: 0.05 }).columns // => []
 */
export function decideDrift(examined: readonly Examined[], terms: DriftTerms): DriftMeasurement {
  if (!isDriftTest(terms.test)) {
    throw new RangeError(`there is no drift test "${String(terms.test)}". Tests here: ${DRIFT_TESTS.join(', ')}.`)
  }
  const rows = {
    reference: commonRows(examined.map(({ missing }) => missing.reference.rows)),
    current: commonRows(examined.map(({ missing }) => missing.current.rows)),
  }
  const columns = decided(examined, terms)
  const withDecision = columns.filter((column) => column.is_drifted !== null)
  const drifted = withDecision.filter((column) => column.is_drifted).length
  const share = withDecision.length === 0 ? null : drifted / withDecision.length
  return { rows, columns, dataset: { columns: withDecision.length, drifted, share } }
}

/** All columns of a window have as many rows as its first. */
function commonRows(rows: readonly number[]): number {
  if (new Set(rows).size > 1) throw new RangeError(`columns of one window have ${[...new Set(rows)].join(', ')} rows`)
  return rows[0] ?? 0
}

function decided(columns: readonly Examined[], { test, min_effect, max }: DriftTerms): DriftMeasured[] {
  const contestants = columns.flatMap(({ contestant }) => contestant ?? [])
  const byDefault = test === 'default' ? decideByDefault(contestants, min_effect) : []
  return columns.map((column) => {
    const { contestant } = column
    if (contestant === undefined) return shown(column, test, { ...NO_DECISION, reason: column.reason! }, column.notes)
    if (test === 'default') return shown(column, test, byDefault[contestants.indexOf(contestant)]!, column.notes)
    const warning = max === undefined ? undefined : fewRowsNote(contestant)
    return shown(column, test, decideByName(test, contestant, max), warning ? [...column.notes, warning] : column.notes)
  })
}

function shown(examined: Examined, test: DriftTest, decision: Decision, notes: readonly DriftNote[]): DriftMeasured {
  const { statistics, missing, unseen, windows } = examined
  return {
    column: examined.column,
    type: examined.kind,
    test,
    ...decision,
    statistics,
    missing_share: { reference: shareOf(missing.reference), current: shareOf(missing.current) },
    unseen_values: unseen.values,
    unseen_share: unseen.share,
    notes,
    ...(windows && { windows }),
  }
}

function shareOf({ rows, missing }: { readonly rows: number; readonly missing: number }): number {
  return rows === 0 ? 0 : missing / rows
}
