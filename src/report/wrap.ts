import { textWidth } from './page/text-width.ts'

/**
 * Text broken at spaces, but not before a per cent sign, so that no line is wider than `columns`; later lines are
 * indented.
 *
 * @param first   what the first line starts with, `columns` wide at most
 * @param indent  spaces before every later line
 */
export function wrapped(text: string, columns: number, first = '', indent = first.length): readonly string[] {
  const width = Math.max(20, columns)
  const lines: string[] = []
  let line = first
  let isBare = true
  for (const word of text.split(/ (?!%)/)) {
    const spaced = isBare ? line + word : `${line} ${word}`
    if (widthOf(spaced) <= width || isBare) line = spaced
    else {
      lines.push(line)
      line = ' '.repeat(indent) + word
    }
    isBare = false
  }
  return [...lines, line].flatMap((long) => broken(long, width, indent))
}

/** A word that is wider than the line is broken where the line ends. */
function broken(line: string, width: number, indent: number): readonly string[] {
  const lines: string[] = []
  let rest = line
  while (widthOf(rest) > width) {
    const end = endWithin(rest, width)
    lines.push(rest.slice(0, end))
    rest = ' '.repeat(Math.min(indent, width - 2)) + rest.slice(end)
  }
  return [...lines, rest]
}

/** Wide letters count as two; marks count as one, so that no line is longer than it looks either. */
function widthOf(text: string): number {
  return Math.max(text.length, textWidth(text))
}

/** How much of a line fits; a letter of two code units stays whole. */
function endWithin(line: string, width: number): number {
  let end = 0
  for (const letter of line) {
    if (widthOf(line.slice(0, end + letter.length)) > width) break
    end += letter.length
  }
  return end
}
