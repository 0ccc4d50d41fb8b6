/**
 * Text broken at spaces so that no line is wider than `columns`; later lines are indented.
 *
 * @param first   what the first line starts with, `columns` wide at most
 * @param indent  spaces before every later line
 */
export function wrapped(text: string, columns: number, first = '', indent = first.length): readonly string[] {
  const width = Math.max(20, columns)
  const lines: string[] = []
  let line = first
  let isBare = true
  for (const word of text.split(' ')) {
    const spaced = isBare ? line + word : `${line} ${word}`
    if (spaced.length <= width || isBare) line = spaced
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
  if (line.length <= width) return [line]
  return [line.slice(0, width), ...broken(' '.repeat(indent) + line.slice(width), width, indent)]
}
