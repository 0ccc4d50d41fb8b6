import type { ColumnRow, GroupRow } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import { columnNote, columnsByScore, groupName, groupNote } from './exhibit-words.ts'
import { plainName } from './plain-text.ts'

const WIDTH = 26
const LONGEST_NAME = 26
const MOST_ROWS = 40

/** A bar of `share` (0 to 1) in eighths of a character. */
export function bar(share: number, width = WIDTH): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8)
  const rest = ' ▏▎▍▌▋▊▉'[eighths % 8] ?? ''
  return `${'█'.repeat(Math.floor(eighths / 8))}${rest.trim()}`
}

/** An interval on a line from `low` to `high`: `   ├──●────┤    `. */
export function intervalLine(
  value: number,
  interval: readonly [number, number] | null,
  range: readonly [number, number],
  width = WIDTH,
): string {
  const span = range[1] - range[0] || 1
  const at = (x: number) => Math.min(width - 1, Math.max(0, Math.round(((x - range[0]) / span) * (width - 1))))
  const [low, high] = (interval ?? [value, value]).map(at) as [number, number]
  return Array.from({ length: width }, (_, index) => {
    if (index === at(value)) return '●'
    if (index === low) return '├'
    if (index === high) return '┤'
    return index > low && index < high ? '─' : ' '
  }).join('')
}

/** The scale that holds all groups and zero. */
export function rangeOf(groups: readonly GroupRow[]): readonly [number, number] {
  const ends = groups.flatMap(({ value, interval, incumbent }) =>
    [value, incumbent ?? null, ...(interval ?? [])].filter((end) => end !== null),
  )
  return [Math.min(0, ...ends), Math.max(0.0001, ...ends)]
}

/** Groups one below the other, each with its interval, on one scale. */
export function groupsPlot(groups: readonly GroupRow[], across: readonly string[]): readonly string[] {
  const range = rangeOf(groups)
  return capped(groups, (shown) => {
    const names = aligned(shown.map((group) => groupName(group, across)))
    return shown.map((group, index) => {
      const name = names[index] ?? ''
      const note = groupNote(group)
      if (group.value === null) return `${name}  ${note}`
      const line = `${name}  ${intervalLine(group.value, group.interval, range)}  ${numberText(group.value)}`
      return note === '' ? line : `${line} (${note})`
    })
  })
}

/** Drift scores as bars, highest first; `!` drifted, `?` not decided. */
export function columnsPlot(columns: readonly ColumnRow[]): readonly string[] {
  const top = Math.max(0.0001, ...columns.map(({ score }) => score ?? 0))
  return capped(columnsByScore(columns), (shown) => {
    const names = aligned(shown.map(({ column }) => plainName(column)))
    return shown.map((column, index) => {
      const mark = column.is_drifted === null ? '?' : column.is_drifted ? '!' : ' '
      const name = `${names[index] ?? ''} ${mark} `
      if (column.score === null) return `${name}${plainName(columnNote(column), 50)}`
      return `${name}${bar(column.score / top).padEnd(WIDTH)}  ${numberText(column.score)}`
    })
  })
}

function aligned(names: readonly string[]): readonly string[] {
  const width = Math.min(LONGEST_NAME, Math.max(0, ...names.map((name) => name.length)))
  return names.map((name) => (name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width)))
}

function capped<Row>(rows: readonly Row[], draw: (rows: readonly Row[]) => readonly string[]): readonly string[] {
  const more = rows.length - MOST_ROWS
  return more > 0 ? [...draw(rows.slice(0, MOST_ROWS)), `and ${more} more`] : draw(rows)
}
