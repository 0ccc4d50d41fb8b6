import { canonicalJson } from './canonical-json.ts'
import { readFile } from './file-kind.ts'
import { modelKind } from './file-kinds.ts'
import type { Mistake } from './mistake.ts'
import type { Model } from './model.ts'
import { type Splice, spliced } from './splice.ts'
import { type MappingSpan, type SequenceSpan, type YamlSpan, yamlSpans } from './yaml-spans.ts'

/** One entry of `retired:`. */
export type Retirement = NonNullable<Model['retired']>[number]

/** model.yml with one version more under `retired:`, or every reason why it was left as it is. */
export type RetiredText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/**
 * Appends a retirement to model.yml and leaves every other byte as it is.
 *
 * The entry is written as the last one before it is: one key a line, in braces, or as JSON. Where there is none the key
 * is added at the end of the file. The text is read again and compared with what was meant.
 *
 * @param path   models/<model>/model.yml
 * @param text   all of it
 * @param entry  reason: one line of text
 */
export function retireVersion(path: string, text: string, entry: Retirement): RetiredText {
  const before = readFile(modelKind, path, text)
  if (!before.ok) return before
  const splice = spliceOf(text, entry)
  const edited = splice === null ? text : spliced(text, splice)
  const after = readFile(modelKind, path, edited)
  const meant = { ...before.value, retired: [...(before.value.retired ?? []), entry] }
  if (after.ok && canonicalJson(after.value) === canonicalJson(meant)) return { ok: true, text: edited }
  const what = 'cannot be edited without touching more than the list of retired versions'
  const mend = `Add ${inBraces(entry)} to retired: by hand.`
  return { ok: false, mistakes: [{ ...before.place('retired'), where: 'retired', what, mend, severity: 'error' }] }
}

function spliceOf(text: string, entry: Retirement): Splice | null {
  const root = yamlSpans(text)
  if (root === null) return null
  const known = root.entries.find(({ key }) => /^(retired|"retired"|'retired')$/.test(text.slice(key.start, key.end)))
  if (known === undefined) return root.isFlow ? keyInBraces(text, root, entry) : keyAtEnd(text, root, entry)
  const { key, value } = known
  if (value.type === 'sequence' && value.items.length > 0) return nextItem(text, value, entry)
  if (value.start !== value.end) return { start: value.start, end: value.end, text: `[${inBraces(entry)}]` }
  const colon = text.indexOf(':', key.end)
  return insert(colon + 1, ` [${inBraces(entry)}]`)
}

function insert(at: number, text: string): Splice {
  return { start: at, end: at, text }
}

function keyAtEnd(text: string, root: MappingSpan, entry: Retirement): Splice {
  const line = lineBreak(text)
  const indent = ' '.repeat(columnOf(text, root.start))
  const gap = text.endsWith('\n') ? '' : line
  return insert(text.length, `${gap}${indent}retired:${line}${indent}  - ${inBraces(entry)}${line}`)
}

function keyInBraces(text: string, { entries, start }: MappingSpan, entry: Retirement): Splice | null {
  const last = entries.at(-1)
  if (last === undefined) return null
  const gap = /^\s*$/.exec(text.slice(entries.at(-2)?.value.end ?? start, last.key.start).replace(/^[,{]/, ''))?.[0]
  return insert(last.value.end, `,${gap ?? ' '}"retired": [${JSON.stringify(entry)}]`)
}

function nextItem(text: string, list: SequenceSpan, entry: Retirement): Splice | null {
  const last = list.items.at(-1)!
  const before = list.items.at(-2)
  if (list.isFlow) {
    const gap = /^\s*$/.exec(text.slice(before?.end ?? list.start, last.start).replace(/^[,[]/, ''))?.[0]
    const first = before === undefined ? gap?.replace(/^$/, ' ') : gap
    return insert(last.end, `,${first ?? ' '}${likeLast(text, last, entry)}`)
  }
  const line = lineBreak(text)
  const indent = ' '.repeat(columnOf(text, list.start))
  const isInLines = last.type === 'mapping' && !last.isFlow
  const lines = isInLines ? inLines(entry) : [`- ${likeLast(text, last, entry)}`]
  const item = lines.map((one) => `${indent}${one}`).join(line)
  if (text[last.end - 1] === '\n') return insert(last.end, `${item}${line}`)
  const end = /\r?\n|$/g
  end.lastIndex = last.end
  return insert(end.exec(text)?.index ?? text.length, `${line}${item}`)
}

/** In JSON where the entry before it is JSON. */
function likeLast(text: string, last: YamlSpan, entry: Retirement): string {
  return /^\{\s*"/.test(text.slice(last.start, last.end)) ? JSON.stringify(entry) : inBraces(entry)
}

function inBraces({ version, on, reason }: Retirement): string {
  return `{version: ${version}, on: ${on}, reason: ${plainOrQuoted(reason)}}`
}

function inLines({ version, on, reason }: Retirement): readonly string[] {
  return [`- version: ${version}`, `  on: ${on}`, `  reason: ${plainOrQuoted(reason)}`]
}

/** Words that no reader takes for anything but text stand without quotes. */
function plainOrQuoted(text: string): string {
  const isPlain = /^[A-Za-z][\w ./()'-]*[\w.)]$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}

function lineBreak(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}
