import MarkdownIt, { type StateBlock, type StateInline } from 'markdown-it'

export type Markdown = InstanceType<typeof MarkdownIt>

/** Type of the token that a slash at the beginning of a line becomes; `meta.at` is its offset in the paragraph. */
export const LINE_SLASH = 'line_slash'

const SLASH = 0x2f
const ATTRIBUTE = /\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?/.source
const TAG_ALONE = new RegExp(
  `^ {0,3}(?:<[A-Za-z][A-Za-z0-9-]*(?:${ATTRIBUTE})*\\s*/?>|</[A-Za-z][A-Za-z0-9-]*\\s*>)\\s*$`,
)
const FOOTNOTE = /^ {0,3}\[\^[^\]\s]+\]:/

/** CommonMark with tables, HTML and footnotes; a slash at the beginning of a line is a token of its own. */
export function commandMarkdown(): Markdown {
  const markdown = new MarkdownIt('default', { html: true, linkify: false, typographer: false })
  markdown.inline.ruler.before('text', LINE_SLASH, lineSlash)
  markdown.block.ruler.before('reference', 'footnote', footnote, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
  markdown.block.ruler.before('html_block', 'lazy_tag', lazyTag, { alt: ['paragraph', 'blockquote'] })
  return markdown
}

function lineSlash(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== SLASH || !beginsLine(state.src, state.pos)) return false
  if (!silent) {
    const token = state.push(LINE_SLASH, '', 0)
    token.content = '/'
    token.meta = { at: state.pos }
  }
  state.pos++
  return true
}

function beginsLine(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && text[before] === ' ') before--
  return before < 0 || text[before] === '\n'
}

/**
 * A tag alone on a line ends nothing but what goes on lazily: in a paragraph it is text, and under a quote or a list it
 * begins a block of HTML for GitHub. The rules of markdown-it take it for text in both.
 */
function lazyTag(state: StateBlock, line: number, _: number, silent: boolean): boolean {
  const isLazy = state.parentType === 'blockquote' || state.sCount[line]! < state.blkIndent
  return silent && isLazy && TAG_ALONE.test(state.src.slice(state.bMarks[line]!, state.eMarks[line]!))
}

/** A footnote and the lines that go on with it, as GitHub has them; nothing is made of it, because nobody asks there. */
function footnote(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const isIndented = (line: number) => state.sCount[line]! - state.blkIndent >= 4
  if (isIndented(startLine) || !FOOTNOTE.test(state.getLines(startLine, startLine + 1, state.blkIndent, false)))
    return false
  if (silent) return true
  const interrupting = state.md.block.ruler.getRules('paragraph')
  const before = state.parentType
  state.parentType = 'blockquote'
  let line = startLine + 1
  while (
    line < endLine &&
    !state.isEmpty(line) &&
    (isIndented(line) || !interrupting.some((rule) => rule(state, line, endLine, true)))
  )
    line++
  state.parentType = before
  state.line = line
  return true
}
