import { didYouMean } from '../registry/did-you-mean.ts'
import { versionSchema } from '../registry/names.ts'
import type { Command } from './command.ts'
import type { Problem } from './read-line.ts'
import { optionsOf, type SlashCommand } from './slash-command.ts'
import type { Word } from './words.ts'

/** Words of a line by the argument that they are for. */
interface Sorted {
  readonly values: Map<string, string | string[] | Record<string, string>>
  /** Column of each argument, and of each parameter and further word as `parameters.epochs`, `gates.0`. */
  readonly columns: Map<string, number>
}

type Misread = Problem & { readonly didYouMean?: string }

/** Words as a command's arguments: the first problem from the left, or the command. */
export function readArguments(
  spec: SlashCommand,
  words: readonly Word[],
  end: number,
): { readonly command: Command } | { readonly problem: Misread } {
  const sorted: Sorted = { values: new Map(), columns: new Map() }
  for (const word of words) {
    const problem = word.name === null ? takeWord(spec, sorted, word) : takeNamed(spec, sorted, word, word.name)
    if (problem !== null) return { problem }
  }
  const values: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, argument] of Object.entries(spec.arguments)) {
    const written = sorted.values.get(name) ?? (name === spec.more ? [] : name === spec.rest ? {} : undefined)
    const read = argument.schema.safeParse(written)
    if (read.success) values[name] = read.data
    else if (written === undefined) problems.push({ at: end, message: `${plain(argument.shown)} is missing` })
    else problems.push(misfit(name, sorted, read.error.issues[0]!))
  }
  const [first] = problems.sort((a, b) => a.at - b.at)
  return first === undefined ? { command: spec.command(values) } : { problem: first }
}

function takeWord(spec: SlashCommand, { values, columns }: Sorted, { text, at }: Word): Misread | null {
  const name = spec.words.find((one) => !values.has(one)) ?? spec.more
  if (name === null) return { at, message: `${quote(text)} is one word too many${tooManyHint(spec, values, text)}` }
  if (name !== spec.more) {
    values.set(name, text)
    columns.set(name, at)
    return null
  }
  const list = (values.get(name) as string[] | undefined) ?? []
  columns.set(`${name}.${list.length}`, at)
  values.set(name, [...list, text])
  return null
}

/** The commonest slips: a version or a parameter in two words, a moment with a blank, a reason without its quotes. */
function tooManyHint({ arguments: all, rest }: SlashCommand, values: Sorted['values'], text: string): string {
  const [model, version] = [...values.values(), text].filter((one) => typeof one === 'string')
  if ('version' in all && versionSchema.safeParse(version).success)
    return `; a version is written with its model: ${model}@${version}`
  if (rest !== null) return `; ${all[rest]!.about}, are written ${all[rest]!.shown}, without blanks`
  if ('until' in all && /^\d{1,2}:\d\d/.test(text)) return '; a moment is one word: 2026-12-01T18:00Z'
  if (!('reason' in all)) return ''
  return values.has('reason') ? '; a reason of several words is quoted: reason="..."' : '; a reason is reason="..."'
}

function takeNamed(spec: SlashCommand, { values, columns }: Sorted, word: Word, name: string): Misread | null {
  const { text, at, valueAt } = word
  const options = optionsOf(spec)
  if (options.includes(name)) {
    if (values.has(name)) return { at, message: `${name} is given twice` }
    values.set(name, text)
    columns.set(name, valueAt)
    return null
  }
  if (Object.hasOwn(spec.arguments, name) && name !== spec.rest)
    return { at, message: `${name} is written without its name: ${spec.arguments[name]!.shown}` }
  if (spec.rest === null) return unknownOption(spec, options, name, at)
  const known = (values.get(spec.rest) as Record<string, string> | undefined) ?? {}
  if (Object.hasOwn(known, name)) return { at, message: `${name} is given twice` }
  columns.set(`${spec.rest}.${name}`, at)
  values.set(spec.rest, Object.fromEntries([...Object.entries(known), [name, text]]))
  return null
}

function unknownOption({ name: command }: SlashCommand, options: readonly string[], name: string, at: number): Misread {
  const near = didYouMean(name, options)
  const list = options.length === 0 ? `/${command} takes no name=value` : `it takes ${options.join(', ')}`
  return { at, message: `/${command} knows no ${quote(name)}; ${list}`, ...(near !== null && { didYouMean: near }) }
}

function misfit(name: string, { values, columns }: Sorted, issue: { path: PropertyKey[]; message: string }): Problem {
  const [part] = issue.path
  const place = part === undefined ? name : `${name}.${String(part)}`
  const whole = values.get(name)
  const written = typeof whole === 'string' ? whole : (whole as Record<PropertyKey, string>)[part ?? '']
  const called = typeof whole === 'string' || Array.isArray(whole) ? name : String(part)
  return { at: columns.get(place) ?? 1, message: `${called} ${issue.message}, and is ${quote(written ?? '')}` }
}

/** Long texts are cut: nobody finds a mistake in them sooner for reading them twice. */
function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`
}

function plain(shown: string): string {
  return shown.replace(/[<>]/g, '')
}
