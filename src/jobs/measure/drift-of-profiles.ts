import { type DriftDocument, driftDocument, type ExaminedColumn } from '../../measuring/drift.ts'
import { Unavailable } from '../../ports.ts'
import type { ColumnProfile, Profile } from '../../profiles/column-profile.ts'
import { examineProfiles } from '../../profiles/drift-of-profiles.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { absentNote } from '../../statistics/drift-examination.ts'
import type { DriftAsk } from './drift.ts'

/**
 * What moved between two profiles: the same tests, with the error of each statistic beside it.
 *
 * @throws {Unavailable} for what only rows can tell: a preset, windows of time, a column that neither profile has
 */
export function measureDriftOfProfiles(ask: DriftAsk, reference: Profile, current: Profile): DriftDocument {
  refuseRowQuestions(ask)
  const { columns: _, features: __, preset: ___, statistics: ____, ...said } = ask
  const [before, after] = [byName(reference), byName(current)]
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const unknown = ask.columns?.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Unavailable('missing', `neither profile has a column ${unknown}`, suggest(unknown, names, 'Columns'))
  const rows = { reference: reference.rows, current: current.rows }
  const examined = (ask.columns ?? names).map((name) => examinedPair(name, before.get(name), after.get(name), rows))
  return driftDocument({
    ...said,
    rows,
    examined,
    calibrate: 'rows',
    season: 'none',
    warnings: [...reference.warnings, ...current.warnings],
  })
}

function byName({ columns }: Profile): ReadonlyMap<string, ColumnProfile> {
  return new Map(columns.map((column) => [column.column, column]))
}

function refuseRowQuestions({ preset, periods, statistics }: DriftAsk): void {
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
