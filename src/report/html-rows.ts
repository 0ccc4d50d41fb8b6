import type { ColumnRow, Exhibit, GroupRow } from '../gates/finding.ts'
import { exactText, numberText } from '../gates/number-text.ts'
import { captionOf, columnNote, columnsByScore, groupCells, groupName, groupNote } from './exhibit-words.ts'
import { plainName } from './plain-text.ts'
import { at, dot, label, line, type Range, scale, svg } from './svg.ts'
import { rangeOf } from './text-plot.ts'

const WIDE = 640
const NAME = 200
const RIGHT = 500
const ROW = 24
const MOST_ROWS = 100

type Groups = Extract<Exhibit, { kind: 'groups' }>
type Columns = Extract<Exhibit, { kind: 'columns' }>

/** Groups one below the other on one scale: the rate, its interval, and a tick where the incumbent is. */
export function groupsSvg(exhibit: Groups): string {
  const shown = exhibit.groups.slice(0, MOST_ROWS)
  const range = rangeOf(shown)
  const x = scale(range, NAME, RIGHT)
  const rows = shown.map((group, index) => groupRow(group, exhibit.across, middleOf(index), x))
  const told = shown.slice(0, 20).map((group) => `${groupName(group, exhibit.across)} ${groupCells(group)[1] ?? ''}`)
  return drawing(rows, range, `${captionOf(exhibit)}: ${told.join(', ')}`, '')
}

function middleOf(index: number): number {
  return 14 + index * ROW
}

function groupRow(group: GroupRow, across: readonly string[], y: number, x: (value: number) => number): string {
  const { value, interval, incumbent = null, rows } = group
  const name = label(shortened(groupName(group, across)), [NAME - 10, y + 4], 'end')
  if (value === null) return name + label(groupNote(group), [NAME + 4, y + 4], 'start', 'faint')
  const note = [numberText(value), rows === null ? '' : `${exactText(rows)} rows`]
    .filter((text) => text !== '')
    .join(' · ')
  return [
    name,
    incumbent === null ? '' : line('incumbent tick', [x(incumbent), y - 7], [x(incumbent), y + 7]),
    interval === null ? '' : line('candidate whisker', [x(interval[0]), y], [x(interval[1]), y]),
    dot(group.counted ? 'candidate' : 'candidate hollow', [x(value), y], 4, groupNote(group)),
    label(note, [RIGHT + 12, y + 4], 'start', group.counted ? '' : 'faint'),
  ].join('')
}

/** Drift scores as bars beside the limit. */
export function columnsSvg(exhibit: Columns): string {
  const shown = columnsByScore(exhibit.columns).slice(0, MOST_ROWS)
  const range: Range = [0, Math.max(exhibit.threshold * 1.25, 0.0001, ...shown.map(({ score }) => score ?? 0))]
  const x = scale(range, NAME, RIGHT)
  const rows = shown.map((column, index) => columnRow(column, middleOf(index), x))
  const drifted = shown.filter(({ is_drifted }) => is_drifted === true).map(({ column }) => plainName(column))
  const words = `${captionOf(exhibit)}. Drifted: ${drifted.length === 0 ? 'none' : drifted.join(', ')}`
  const height = middleOf(shown.length) - ROW / 2
  return drawing(rows, range, words, line('limit', [x(exhibit.threshold), 2], [x(exhibit.threshold), height]))
}

function columnRow(row: ColumnRow, y: number, x: (value: number) => number): string {
  const name = label(shortened(plainName(row.column)), [NAME - 10, y + 4], 'end')
  const note = columnNote(row)
  if (row.score === null) return name + label(note === '' ? 'no score' : note, [RIGHT + 12, y + 4], 'start', 'faint')
  const tone = row.is_drifted === null ? 'inconclusive' : row.is_drifted ? 'failed' : 'still'
  const width = Math.max(1, x(row.score) - NAME)
  const told = `${numberText(row.score)}${note === '' ? '' : ` ${note}`}`
  return [
    name,
    `<rect class="${tone}" x="${NAME}" y="${at(y - 6)}" width="${at(width)}" height="12"/>`,
    label(told, [RIGHT + 12, y + 4], 'start', row.is_drifted === true ? '' : 'faint'),
  ].join('')
}

function drawing(rows: readonly string[], range: Range, words: string, behind: string): string {
  const x = scale(range, NAME, RIGHT)
  const bottom = middleOf(rows.length) - ROW / 2 + 2
  const ends = [...new Set([range[0], 0, range[1]])].map((end) =>
    [
      line('grid', [x(end), 0], [x(end), bottom]),
      label(numberText(end, 2), [x(end), bottom + 13], 'middle', 'faint'),
    ].join(''),
  )
  return svg(WIDE, bottom + 18, 'wide', words, [...ends, behind, ...rows].join(''))
}

function shortened(name: string): string {
  return name.length > 32 ? `${name.slice(0, 31)}…` : name
}
