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

/** What GitHub pairs and markdown-it does not: one tilde strikes out as two do, and one dollar begins a formula. */
const PAIRS = [0x7e, 0x24]
/** Apart from the pairs of two, which markdown-it knows. */
const SINGLE = 0x10000

/** CommonMark with tables, HTML and footnotes; a slash at the beginning of a line is a token of its own. */
export function commandMarkdown(): Markdown {
  const markdown = new MarkdownIt('default', { html: true, linkify: false, typographer: false })
  markdown.inline.ruler.before('text', LINE_SLASH, lineSlash)
  markdown.inline.ruler.before('strikethrough', 'single', single)
  markdown.inline.ruler2.before('strikethrough', 'single', pairSingles)
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

function single(state: StateInline, silent: boolean): boolean {
  const code = state.src.charCodeAt(state.pos)
  if (silent || !PAIRS.includes(code)) return false
  const { length, can_open: open, can_close: close } = state.scanDelims(state.pos, true)
  if (length !== 1 || state.src.charCodeAt(state.pos - 1) === code) return false
  state.push('text', '', 0).content = state.src[state.pos]!
  state.delimiters.push({ marker: SINGLE + code, length: 0, token: state.tokens.length - 1, end: -1, open, close })
  state.pos++
  return true
}

function pairSingles(state: StateInline): boolean {
  const inLinks = state.tokens_meta.flatMap((meta) => (meta?.delimiters === undefined ? [] : [meta.delimiters]))
  for (const list of [state.delimiters, ...inLinks])
    for (const { marker, end, token } of list) {
      if (marker < SINGLE || end === -1) continue
      Object.assign(state.tokens[token]!, { type: 'single_open', nesting: 1 })
      Object.assign(state.tokens[list[end]!.token]!, { type: 'single_close', nesting: -1 })
    }
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
  for (; line < endLine; line++) {
    const next = state.skipEmptyLines(line)
    // a blank line ends it, unless what comes after is indented into it
    if (next !== line && (next >= endLine || !isIndented(next))) break
    line = next
    if (!isIndented(line) && interrupting.some((rule) => rule(state, line, endLine, true))) break
  }
  state.parentType = before
  state.line = line
  return true
}
