import { plain } from '../plain-text.ts'
import { wrapped } from '../wrap.ts'
import type { Cell, TablePart } from './page.ts'
import { cutMiddle, padded, textWidth } from './text-width.ts'
import { painted, type Screen, toneOfCell } from './tone.ts'

const INDENT = '  '
const GAP = '  '
/** Names are cut to this, numbers not at all: half a number is a wrong one. */
const LEAST = { left: 20, right: 34 } as const
const MOST_ROWS = 200
const LONGEST_CELL = 400

interface Column {
  readonly name: string
  readonly align: 'left' | 'right'
  readonly width: number
}

/**
 * A table as lines: names left, numbers right, under a ruled head.
 *
 * Where it is wider than the screen, long names lose their middle and sentences are broken over lines; where it is
 * still too wide, the columns that are left follow below, each time after the first column.
 */
export function tableText(table: TablePart, screen: Screen): readonly string[] {
  if (table.columns.length === 0) return []
  const shown = table.rows.slice(0, MOST_ROWS)
  if (shown.length === 0) return [`${INDENT}none`]
  const more = table.rows.length - shown.length
  const lines = blocksOf(table, shown, screen.columns).flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...blockText(block, shown, screen),
  ])
  return more > 0 ? [...lines, `${INDENT}and ${more} more rows`] : lines
}

type Block = readonly { readonly at: number; readonly column: Column }[]

/** Columns side by side as far as the screen goes; the first one stands in every block. */
function blocksOf(table: TablePart, rows: readonly (readonly Cell[])[], columns: number): readonly Block[] {
  const room = columns - INDENT.length
  const all = table.columns.map((column, at) => ({ at, column: naturalColumn(column, at, rows) }))
  const [first, ...rest] = all
  if (first === undefined) return []
  const blocks: Block[] = []
  let block: Block = [first]
  for (const next of rest) {
    const longer = [...block, next]
    if (leastWidth(longer) <= room || block.length < 2) block = longer
    else {
      blocks.push(block)
      block = [first, next]
    }
  }
  return [...blocks, block].map((one) => narrowed(one, room))
}

function naturalColumn(column: TablePart['columns'][number], at: number, rows: readonly (readonly Cell[])[]): Column {
  const name = plain(column.name, LONGEST_CELL)
  const width = rows.reduce((most, row) => Math.max(most, textWidth(cellText(row[at]))), textWidth(name))
  return { name, align: column.align ?? 'left', width }
}

function widthOf(block: Block): number {
  return block.reduce((sum, { column }) => sum + column.width, 0) + GAP.length * (block.length - 1)
}

function leastWidth(block: Block): number {
  const least = ({ column: { align, width } }: Block[number]) => Math.min(width, LEAST[align])
  return block.reduce((sum, place) => sum + least(place), 0) + GAP.length * (block.length - 1)
}

/** Takes from the widest column of words first, then from numbers, until the block fits or nothing more can go. */
function narrowed(block: Block, room: number): Block {
  let now = block
  for (const align of ['left', 'right'] as const) {
    const least = LEAST[align]
    for (let excess = widthOf(now) - room; excess > 0; excess = widthOf(now) - room) {
      const widest = now
        .filter(({ column }) => column.align === align && column.width > least)
        .toSorted((a, b) => b.column.width - a.column.width)
      const [one, two] = widest
      if (one === undefined) break
      const target = Math.max(least, two?.column.width ?? 0, one.column.width - excess)
      const width = target === one.column.width ? one.column.width - 1 : target
      now = now.map((place) => (place === one ? { ...one, column: { ...one.column, width } } : place))
    }
  }
  return now
}

function blockText(block: Block, rows: readonly (readonly Cell[])[], screen: Screen): readonly string[] {
  const head = block.map(({ column }) => padded(cutMiddle(column.name, column.width), column.width, column.align))
  const rule = block.map(({ column }) => '─'.repeat(column.width))
  return [
    screen.paint('dim', (INDENT + head.join(GAP)).trimEnd()),
    screen.paint('dim', INDENT + rule.join(GAP)),
    ...rows.flatMap((row) => rowText(block, row, screen)),
  ]
}

function rowText(block: Block, row: readonly Cell[], screen: Screen): readonly string[] {
  const cells = block.map(({ at, column }) => cellLines(cellText(row[at]), column))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) => {
    const pieces = block.map(({ at, column }, index) => {
      const text = padded(cells[index]?.[line] ?? '', column.width, column.align)
      return text.trim() === '' ? text : painted(screen, toneOfCell(row[at]), text)
    })
    return (INDENT + pieces.join(GAP)).trimEnd()
  })
}

/** Sentences go on below, names and numbers lose their middle. */
function cellLines(text: string, { width, align }: Column): readonly string[] {
  const isSentence = align === 'left' && text.includes(' ') && width >= LEAST.left
  return isSentence && textWidth(text) > width ? wrapped(text, width) : [cutMiddle(text, width)]
}

function cellText(cell: Cell | undefined): string {
  return plain(cell === undefined ? '' : typeof cell === 'string' ? cell : cell.text, LONGEST_CELL)
}
