/** GitHub's limit for a comment, and for the text of a pull request, in characters. */
const MOST_CHARACTERS = 65_536

const NOTE = '\n\n…\n\nThe rest does not fit here.'

/** A text that GitHub takes: one that is too long ends at the end of a line, and says so. */
export function cappedText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  const room = text.slice(0, MOST_CHARACTERS - NOTE.length)
  const end = room.lastIndexOf('\n')
  return `${(end > 0 ? room.slice(0, end) : room).trimEnd()}${NOTE}`
}
