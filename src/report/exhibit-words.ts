import type { ColumnRow, Exhibit, GroupRow } from '../gates/finding.ts'
import { exactText, intervalText, numberText } from '../gates/number-text.ts'
import { plainName } from './plain-text.ts'

/** What an exhibit shows, in one line. */
export function captionOf(exhibit: Exhibit): string {
  switch (exhibit.kind) {
    case 'roc':
      return 'ROC: true positive rate over false positive rate'
    case 'calibration':
      return 'Calibration: share of positives over mean score'
    case 'groups':
      return `${spaced(exhibit.rate)} by ${exhibit.across.map((column) => plainName(column)).join(' and ')}`
    case 'columns':
      return `Drift by column; ${exactText(exhibit.threshold)} is the limit`
    case 'table':
      return exhibit.title
  }
}

/** `selection_rate` as words. */
function spaced(name: string): string {
  return name.replaceAll('_', ' ')
}

/** `Female`, `Female, Black`, `missing`: the values of a group in the order of its columns. */
export function groupName({ group }: Pick<GroupRow, 'group'>, across: readonly string[]): string {
  return across.map((column) => valueText(group[column])).join(', ')
}

function valueText(value: GroupRow['group'][string] | undefined): string {
  return value === null || value === undefined ? 'missing' : plainName(String(value), 40)
}

/** Why a group has no number; empty when it has one. */
export function groupNote({ rows, counted, value }: GroupRow): string {
  if (value === null) return rows === null ? 'not shown' : counted ? 'no value' : 'too few rows'
  return counted ? '' : 'too few rows'
}

/** The cells of a group: rows, rate, interval, incumbent. */
export function groupCells(row: GroupRow): readonly string[] {
  const { rows, value, interval, incumbent } = row
  return [
    rows === null ? '' : exactText(rows),
    value === null ? groupNote(row) : `${numberText(value)}${row.counted ? '' : ` (${groupNote(row)})`}`,
    interval === null ? '' : intervalText(interval),
    incumbent === null || incumbent === undefined ? '' : numberText(incumbent),
  ]
}

/** Columns with the highest scores first, those without one last. */
export function columnsByScore(columns: readonly ColumnRow[]): readonly ColumnRow[] {
  return columns.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1))
}

/** `drifted`, `not decided: too few rows`: what became of a column. */
export function columnNote({ is_drifted, note }: ColumnRow): string {
  const word = is_drifted === null ? 'not decided' : is_drifted ? 'drifted' : ''
  return [word, note ?? ''].filter((part) => part !== '').join(': ')
}
