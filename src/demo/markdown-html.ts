/**
 * Markdown as our checks and comments are written in, as HTML: paragraphs, lists, tables, folds, fences, bold, code,
 * links. Everything else is text, and all text is escaped; links lead to http and https only.
 */
export function markdownHtml(markdown: string): string {
  const lines = markdown.split('\n')
  const html: string[] = []
  for (let at = 0; at < lines.length; ) {
    const block = blockAt(lines, at)
    html.push(block.html)
    at += block.took
  }
  return html.join('\n')
}

interface Block {
  readonly html: string
  /** Lines. */
  readonly took: number
}

const FOLD = /^<details><summary>(.*)<\/summary>$/
const ITEM = /^( *)- (.*)$/

function blockAt(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? ''
  const fence = /^(`{3,})\w*$/.exec(line)?.[1]
  const fold = FOLD.exec(line)?.[1]
  if (line.trim() === '') return { html: '', took: 1 }
  if (fence !== undefined) return fenced(lines, at, fence)
  if (fold !== undefined) return { html: `<details><summary>${summaryHtml(fold)}</summary>`, took: 1 }
  if (line === '</details>') return { html: line, took: 1 }
  if (line.startsWith('|')) return table(run(lines, at, (one) => one.startsWith('|')))
  if (ITEM.test(line)) return list(run(lines, at, (one) => ITEM.test(one)))
  const words = run(lines, at, (one) => one.trim() !== '' && !/^[|<`]/.test(one) && !ITEM.test(one))
  return words.length === 0
    ? { html: `<p>${inlineHtml(line)}</p>`, took: 1 }
    : { html: `<p>${words.map(inlineHtml).join('\n')}</p>`, took: words.length }
}

function run(lines: readonly string[], at: number, isIn: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line, index) => index >= at && !isIn(line))
  return lines.slice(at, end < 0 ? lines.length : end)
}

function fenced(lines: readonly string[], at: number, fence: string): Block {
  const end = lines.findIndex((line, index) => index > at && line === fence)
  const inside = lines.slice(at + 1, end < 0 ? lines.length : end)
  return { html: `<pre>${inside.map(escaped).join('\n')}</pre>`, took: inside.length + 2 }
}

function list(lines: readonly string[]): Block {
  const items = lines.map((line) => {
    const [, indent = '', text = ''] = ITEM.exec(line) ?? []
    return `<li${indent === '' ? '' : ' class="deep"'}>${inlineHtml(text)}</li>`
  })
  return { html: `<ul>${items.join('\n')}</ul>`, took: lines.length }
}

function table(lines: readonly string[]): Block {
  const rows = lines.map((line) => line.replace(/^\||\|$/g, '').split(/(?<!\\)\|/))
  const [head = [], , ...body] = rows
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    `<tr>${row.map((cell) => `<${tag}>${inlineHtml(cell.trim().replaceAll('\\|', '|'))}</${tag}>`).join('')}</tr>`
  const html = `<div class="scroll"><table><thead>${cells(head, 'th')}</thead><tbody>${body.map((row) => cells(row, 'td')).join('\n')}</tbody></table></div>`
  return { html, took: lines.length }
}

const INLINE =
  /(?<ticks>`+)(?<code>.+?)(?<!`)\k<ticks>(?!`)|\*\*(?<bold>.+?)\*\*|(?<!\\)\[(?<text>(?:`[^`]*`|[^\]`])*)\]\((?<url>https?:\/\/[^\s)]+)\)|\\(?<mark>[^\w\s])/gs

/** One line of text with bold, code, links and escaped marks. */
function inlineHtml(text: string): string {
  let html = ''
  let last = 0
  for (const match of text.matchAll(INLINE)) {
    html += escaped(text.slice(last, match.index)) + markHtml(match.groups ?? {})
    last = match.index + match[0].length
  }
  return html + escaped(text.slice(last))
}

function markHtml({ code, bold, text, url, mark }: Readonly<Record<string, string | undefined>>): string {
  if (code !== undefined) return `<code>${escaped(code.trim())}</code>`
  if (bold !== undefined) return `<strong>${inlineHtml(bold)}</strong>`
  if (url !== undefined) return `<a href="${escaped(url)}">${inlineHtml(text ?? '')}</a>`
  return escaped(mark ?? '')
}

/** What our folds have for a heading: text that is HTML already, with nothing but code in it. */
function summaryHtml(html: string): string {
  const text = html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return html.includes('<code>')
    ? html
        .split(/(<code>.*?<\/code>)/)
        .map(summaryPiece)
        .join('')
    : escaped(text)
}

function summaryPiece(piece: string): string {
  const code = /^<code>(.*)<\/code>$/.exec(piece)?.[1]
  return code === undefined ? summaryHtml(piece) : `<code>${summaryHtml(code)}</code>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
}
