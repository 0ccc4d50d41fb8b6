/** A part of a Markdown text: it stands as a whole, or as its first lines where the rest can be left out. */
export interface Block {
  readonly lines: readonly string[]
  /** How many lines must stand for any of it to stand; absent: all. */
  readonly atLeast?: number
}

/** Room for the line that says what was left out. */
const NOTE = 80

/**
 * Blocks in their order, as many as fit, then the footer; what is left out is said.
 *
 * @param blocks   most important first
 * @param longest  in bytes of UTF-8, which are never fewer than characters or UTF-16 units
 */
export function fitted(blocks: readonly Block[], footer: string, longest: number): string {
  const foot = clipped(footer, Math.floor(longest / 3))
  let room = longest - sizeOf(foot) - 2
  const total = blocks.reduce((sum, block) => sum + sizeOf(block.lines.join('\n')) + 2, 0)
  if (total > room) room -= NOTE
  const kept: string[] = []
  let left = 0
  for (const [index, block] of blocks.entries()) {
    const text = index === 0 ? clipped(block.lines.join('\n'), room) : fittedBlock(block, room - 2)
    if (text === null) left++
    else {
      kept.push(text)
      room -= sizeOf(text) + 2
    }
  }
  const note = left === 0 ? [] : [`${left} more ${left === 1 ? 'part does' : 'parts do'} not fit here.`]
  return [...kept, ...note, foot].filter((text) => text !== '').join('\n\n')
}

function fittedBlock({ lines, atLeast = lines.length }: Block, room: number): string | null {
  const whole = lines.join('\n')
  if (sizeOf(whole) <= room) return whole
  let used = NOTE
  const shown = lines.findIndex((line) => {
    used += sizeOf(line) + 1
    return used > room
  })
  if (shown < atLeast) return null
  const left = lines.length - shown
  return [...lines.slice(0, shown), '', `${left} more ${left === 1 ? 'line does' : 'lines do'} not fit here.`].join(
    '\n',
  )
}

function clipped(text: string, room: number): string {
  if (sizeOf(text) <= room) return text
  let used = 3
  const points = Array.from(text)
  const end = points.findIndex((point) => {
    used += sizeOf(point)
    return used > room
  })
  const cut = points
    .slice(0, Math.max(0, end))
    .join('')
    .replace(/[\\`*_~<&[]*\S*$/u, '')
  return `${cut.trimEnd()}…`
}

/** Bytes of UTF-8. */
function sizeOf(text: string): number {
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdfff ? 2 : 3
  }
  return bytes
}
