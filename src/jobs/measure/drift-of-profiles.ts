import { type DriftDocument, type DriftWarning, driftDocument, type ExaminedColumn } from '../../measuring/drift.ts'
import { Unavailable } from '../../ports.ts'
import type { ColumnProfile, Profile } from '../../profiles/column-profile.ts'
import { examineProfiles } from '../../profiles/drift-of-profiles.ts'
import { unsureColumns } from '../../profiles/unsure-columns.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { absentNote } from '../../statistics/drift-examination.ts'
import type { DriftAsk } from './drift.ts'

const LEFT_OUT: Readonly<Record<string, string>> = { time: 'a time, which always moves', nested: 'nested' }

/**
 * What moved between two profiles: the same tests, with the error of each statistic beside it.
 *
 * @throws {Unavailable} when a column that was typed stands in neither profile
 */
export function measureDriftOfProfiles(ask: DriftAsk, reference: Profile, current: Profile): DriftDocument {
  const { columns: _, features: __, preset: ___, statistics: ____, ...said } = ask
  const [before, after] = [byName(reference), byName(current)]
  const { names, warnings } = comparedNames(ask, [...reference.columns, ...current.columns])
  const rows = { reference: reference.rows, current: current.rows }
  const examined = names.map((name) => examinedPair(name, before.get(name), after.get(name), rows))
  return driftDocument({
    ...said,
    rows,
    examined,
    calibrate: 'rows',
    season: 'none',
    warnings: [...reference.warnings, ...current.warnings, ...warnings, ...unsure(examined, ask)],
  })
}

function unsure(examined: readonly ExaminedColumn[], { terms }: DriftAsk): readonly DriftWarning[] {
  return unsureColumns(examined, terms).map((index) => {
    const { column } = examined[index]!
    return {
      code: 'within_error',
      column,
      message: `whether ${column} drifted hangs on the error of the profiles: rows would tell`,
    }
  })
}

/** As from rows: what was typed must be there, and times and nested columns are left out unless they were named. */
function comparedNames(
  { columns, named }: DriftAsk,
  found: readonly ColumnProfile[],
): { readonly names: readonly string[]; readonly warnings: readonly DriftWarning[] } {
  const known = [...new Set(found.map(({ column }) => column))]
  const unknown = columns?.find((name) => !known.includes(name))
  if (unknown !== undefined && named !== 'declared')
    throw new Unavailable('missing', `neither profile has a column ${unknown}`, suggest(unknown, known, 'Columns'))
  if (columns !== undefined) return { names: columns.filter((name) => known.includes(name)), warnings: [] }
  const left = new Map(found.flatMap(({ column, type }) => (type in LEFT_OUT ? [[column, LEFT_OUT[type]!]] : [])))
  return {
    names: known.filter((name) => !left.has(name)),
    warnings: [...left].map(([column, why]) => ({
      code: 'left-out',
      column,
      message: `${column} is ${why}: not compared`,
    })),
  }
}

function byName({ columns }: Profile): ReadonlyMap<string, ColumnProfile> {
  return new Map(columns.map((column) => [column.column, column]))
}

/** @throws {Unavailable} for what only rows can tell: a preset, windows of time, further statistics */
export function refuseRowQuestions({ preset, periods, statistics }: DriftAsk): void {
  const asked = [
    preset === undefined ? null : '--preset',
    periods === undefined ? null : '--time',
    statistics === 'default' ? null : '--tests',
  ].find((option) => option !== null)
  if (asked === undefined) return
  throw new Unavailable('missing', `${asked} needs rows, and profiles hold none`, 'Give the tables, or leave it out.')
}

function examinedPair(
  column: string,
  reference: ColumnProfile | undefined,
  current: ColumnProfile | undefined,
  rows: { readonly reference: number; readonly current: number },
): ExaminedColumn {
  if (reference !== undefined && current !== undefined) return examineProfiles(reference, current)
  const present = (reference ?? current)!
  // Compared with itself it has all names and no numbers of its own; what is absent says the rest
  const { kind, statistics } = examineProfiles(present, present)
  const missing = {
    reference: { rows: rows.reference, missing: reference === undefined ? rows.reference : 0 },
    current: { rows: rows.current, missing: current === undefined ? rows.current : 0 },
  }
  const absent = current === undefined ? 'current' : 'reference'
  const silent = Object.fromEntries(Object.keys(statistics).map((name) => [name, null]))
  const unseen = { values: [], share: 0 }
  return { column, kind, missing, statistics: silent, unseen, notes: [absentNote(absent)], reason: `not_in_${absent}` }
}
