import { readdirSync, readFileSync } from 'node:fs'

/** All of our source but the list of sentences itself, as one text. */
export function sourceText(): string {
  const root = new URL('../../src/', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const sources = files.filter((path) => path.endsWith('.ts') && !path.endsWith('shared-texts.ts'))
  return sources.map((path) => readFileSync(new URL(path, root), 'utf8')).join('\n')
}
