import type { WorldResponse } from '../api/world-request.ts'

export interface PageForm {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  /** A field that can be changed: its name and what it holds. */
  readonly text?: readonly [name: string, value: string]
  readonly button: string
}

/** A page of the site, no prettier than it must be. */
export function htmlPage(
  status: number,
  title: string,
  lines: readonly string[],
  forms: readonly PageForm[] = [],
): WorldResponse {
  const text = [`<h1>${escaped(title)}</h1>`, ...lines.map((line) => `<p>${escaped(line)}</p>`), ...forms.map(formHtml)]
  const body = `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>${text.join('\n')}\n`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(body) }
}

export function redirectTo(location: string): WorldResponse {
  return { status: 302, headers: { location }, body: Buffer.alloc(0) }
}

function formHtml({ action, hidden, text, button }: PageForm): string {
  const fields = Object.entries(hidden).map(([name, value]) => field('hidden', name, value))
  const open = text === undefined ? '' : field('text', ...text)
  return `<form method="post" action="${escaped(action)}">${fields.join('')}${open}<button>${escaped(button)}</button></form>`
}

function field(type: string, name: string, value: string): string {
  return `<input type="${type}" name="${escaped(name)}" value="${escaped(value)}">`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
