const VOID = new Set(['meta', 'br', 'wbr', 'img', 'link', 'hr'])
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y

/**
 * What is wrong with a page of ours: a `<` that starts no tag, an attribute without quotes, a tag that is closed by
 * another or never. Stricter than browsers are, so that nothing is left to them.
 */
export function htmlMistakes(page: string): readonly string[] {
  const mistakes: string[] = []
  const open: string[] = []
  const text = page.replace(/^<!doctype html>/, '').replace(/<style>[^<]*<\/style>/, '')
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    TAG.lastIndex = at
    const found = TAG.exec(text)
    if (found === null) return [...mistakes, `no tag: ${text.slice(at, at + 60)}`]
    const [whole, closes, name = '', , closesItself] = found
    if (closes === '/') {
      const last = open.pop()
      if (last !== name) return [...mistakes, `</${name}> closes <${last}>: ${text.slice(Math.max(0, at - 60), at)}`]
    } else if (closesItself !== '/' && !VOID.has(name)) open.push(name)
    at += whole.length
  }
  return open.length === 0 ? mistakes : [...mistakes, `never closed: ${open.join(' ')}`]
}

/** What is shown of a page: its text and the words of its drawings, without the style sheet. */
export function shownText(page: string): string {
  const labels = [...page.matchAll(/(?:aria-label|title)="([^"]*)"/g)].map(([, label]) => label)
  return [page.replace(/<style>[^<]*<\/style>/, '').replace(/<[^>]*>/g, ' '), ...labels].join('\n')
}
