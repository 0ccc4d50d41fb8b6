import type { ColumnRow, GroupRow } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'

const WIDTH = 32

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
  const span = range[1] - range[0]
  const at = (x: number) =>
    span <= 0 ? 0 : Math.min(width - 1, Math.max(0, Math.round(((x - range[0]) / span) * (width - 1))))
  const line = Array.from({ length: width }, () => ' ')
  if (interval !== null) {
    for (let index = at(interval[0]); index <= at(interval[1]); index++) line[index] = '─'
    line[at(interval[0])] = '├'
    line[at(interval[1])] = '┤'
  }
  line[at(value)] = '●'
  return line.join('')
}

/** Groups one below the other, each with its interval, on one scale. */
export function groupsPlot(groups: readonly GroupRow[]): readonly string[] {
  const shown = groups.filter((group) => group.value !== null)
  const ends = shown.flatMap((group) => [group.value!, ...(group.interval ?? [])])
  const range = [Math.min(0, ...ends), Math.max(...ends, 0.0001)] as const
  const names = groups.map((group) => groupName(group.group))
  const width = Math.min(28, Math.max(0, ...names.map((name) => name.length)))
  return groups.map((group, index) => {
    const name = (names[index] ?? '').slice(0, width).padEnd(width)
    if (group.value === null) return `${name}  ${group.counted ? 'no value' : 'too few rows'}`
    const note = group.counted ? '' : ' (too few rows)'
    return `${name}  ${intervalLine(group.value, group.interval, range)}  ${numberText(group.value)}${note}`
  })
}

/** Drift scores as bars, the threshold named. */
export function columnsPlot(columns: readonly ColumnRow[], most = 20): readonly string[] {
  const shown = [...columns].sort((a, b) => (b.score ?? -1) - (a.score ?? -1)).slice(0, most)
  const width = Math.min(24, Math.max(0, ...shown.map((column) => column.column.length)))
  const top = Math.max(0.0001, ...shown.map((column) => column.score ?? 0))
  return shown.map((column) => {
    const name = column.column.slice(0, width).padEnd(width)
    const mark = column.is_drifted === null ? '?' : column.is_drifted ? '!' : ' '
    return column.score === null
      ? `${name} ${mark} ${column.note ?? 'not available'}`
      : `${name} ${mark} ${bar(column.score / top).padEnd(WIDTH)} ${numberText(column.score)}`
  })
}

/** `sex Female, race (missing)`. */
export function groupName(group: GroupRow['group']): string {
  return Object.entries(group)
    .map(([column, value]) => `${column} ${value === null ? '(missing)' : String(value)}`)
    .join(', ')
}
