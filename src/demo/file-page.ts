import { PAGE_STYLE } from '../report/html-style.ts'
import { escapeHtml, pageOf } from '../report/html-text.ts'
import type { RepositoryHandle } from '../world/repository-handle.ts'

const STYLE = `${PAGE_STYLE}
ol.lines{font:13px/1.6 ui-monospace,monospace;white-space:pre-wrap;padding-left:3.5rem;color:var(--faint)}
ol.lines code{color:var(--ink);font-size:inherit}ol.lines li:target{background:var(--card);outline:2px solid var(--inconclusive)}
`

/** A file at a commit, with a name for each line as links to GitHub have it; null when it is not there. */
export async function filePage(repository: RepositoryHandle, path: string, at: string): Promise<string | null> {
  const text = path === '' ? null : await repository.file(path, at)
  if (text === null) return null
  const lines = text.replace(/\n$/, '').split('\n')
  const items = lines.map((line, index) => `<li id="L${index + 1}"><code>${escapeHtml(line)}</code></li>`)
  const head = `<header><p class="kicker">${escapeHtml(repository.fullName)} at ${escapeHtml(at.slice(0, 12))}</p><h1>${escapeHtml(path)}</h1></header>`
  return pageOf(path, STYLE, `${head}\n<ol class="lines">${items.join('\n')}</ol>`)
}
