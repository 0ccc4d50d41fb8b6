import { type OpenElements, openElements } from './html-elements.ts'
import { commandMarkdown, LINE_SLASH, type Markdown } from './markdown-rules.ts'

/** A line at which a reader of the rendered comment sees a command. */
interface PlainLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

type Token = ReturnType<Markdown['parse']>[number]

const BEGINS = /^ {0,3}\/[A-Za-z]/
/** Lines as Markdown counts them. */
const LINE_BREAK = /\r\n|\n|\r/

const markdown = commandMarkdown()

/** Whether any line begins with `/` and a letter: most comments have none, and cost nothing more. */
export function hasSlashLine(body: string): boolean {
  return /(^|[\n\r]) {0,3}\/[A-Za-z]/.test(body)
}

/**
 * The lines of a comment that begin with `/name` and stand in a plain paragraph of its own: not in a quote, list, table,
 * heading, footnote or code, not inside any HTML element, link, emphasis or formula.
 */
export function plainLines(body: string): readonly PlainLine[] {
  if (!hasSlashLine(body)) return []
  const lines = body.split(LINE_BREAK)
  const html = openElements()
  return markdown.parse(body, {}).flatMap((token, at, tokens) => {
    if (token.type === 'html_block') html.read(token.content)
    if (token.type !== 'inline') return []
    const isParagraph = token.level === 1 && tokens[at - 1]?.type === 'paragraph_open'
    const isPlain = isParagraph && html.isEmpty() && !isHeading(token, tokens[at + 2], lines)
    const starts = startsOf(token, html)
    return isPlain ? starts.map((line) => ({ line: line + 1, text: lines[line]! })).filter(isWritten) : []
  })
}

/** A row of one cell above a line of hyphens: a table for markdown-it, and for GitHub the end of a heading of all lines. */
function isHeading({ map }: Token, next: Token | undefined, lines: readonly string[]): boolean {
  if (next?.type !== 'table_open' || next.map === null || next.map[0] !== map?.[1]) return false
  return /^ {0,3}-+[ \t]*$/.test(lines[next.map[0] + 1] ?? '')
}

/** An escaped slash, or one behind a tab, is none in the source. */
function isWritten({ text }: PlainLine): boolean {
  return BEGINS.test(text)
}

/** Lines of one paragraph, from 0 in the comment, that begin with a slash and with nothing open. */
function startsOf({ children, map, content }: Token, html: OpenElements): readonly number[] {
  const found: number[] = []
  let depth = 0
  let line = map?.[0] ?? 0
  let read = 0
  let formulas = 0
  for (const child of children ?? []) {
    depth += child.nesting
    if (child.type === 'html_inline') html.read(child.content)
    if (child.type !== LINE_SLASH) continue
    const before = content.slice(read, child.meta?.at as number)
    line += before.split('\n').length - 1
    formulas += before.split('$$').length - 1
    read += before.length
    if (depth === 0 && html.isEmpty() && formulas % 2 === 0) found.push(line)
  }
  return found
}
