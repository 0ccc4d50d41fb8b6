import { unseenCharacters } from '../registry/source-text.ts'
import type { Problem } from './read-line.ts'

/** A word of a command line. */
export interface Word {
  /** Of `name=value`; null where it is a word alone. */
  readonly name: string | null
  /** Without quotes and backslashes. */
  readonly text: string
  /** Column of its first character, from 1. */
  readonly at: number
  /** Column of the value. */
  readonly valueAt: number
}

export type SplitLine =
  | { readonly is: 'words'; readonly words: readonly Word[] }
  | ({ readonly is: 'problem' } & Problem)

/** Longer lines are nobody's command. */
const MOST_CHARACTERS = 4000
/** Blanks that read as blanks; pages copied from a browser hold the last one. */
const BLANK = /[ \t\u00a0]/
const NAME_BEFORE = /^((?!__)[A-Za-z_][A-Za-z0-9_.-]*)=/
/** What phones make of a straight quote. */
const CURLY = /[“”„]/

/**
 * A command line as words: `name=value`, or words alone; either may be quoted.
 *
 * Straight quotes end at a straight one, curly ones at a curly one. A backslash stands before a quote or another
 * backslash. Characters that people cannot see are refused with their column, and so is a flag.
 *
 * @param line  as it stands in the comment
 * @param from  where the arguments begin, from 0
 */
export function splitLine(line: string, from: number): SplitLine {
  if (line.length > MOST_CHARACTERS)
    return problem(MOST_CHARACTERS, `the line has ${line.length} characters; a command has ${MOST_CHARACTERS} at most`)
  const [unseen] = unseenCharacters(line.replaceAll('\t', ' '))
  if (unseen !== undefined) return problem(unseen.offset, `there is ${unseen.what} here; delete it`)
  const words: Word[] = []
  let at = skipBlanks(line, from)
  while (at < line.length) {
    const read = wordAt(line, at)
    if ('message' in read) return read
    words.push(read.word)
    at = skipBlanks(line, read.end)
  }
  return { is: 'words', words }
}

function problem(offset: number, message: string) {
  return { is: 'problem', at: offset + 1, message } as const
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (at < line.length && BLANK.test(line[at]!)) at++
  return at
}

function wordAt(line: string, at: number): { readonly word: Word; readonly end: number } | ReturnType<typeof problem> {
  const bare = endOfBare(line, at)
  const [before = '', name = null] = NAME_BEFORE.exec(line.slice(at, bare)) ?? []
  if (name === null && /^[-–—]/.test(line.slice(at, bare)))
    return problem(at, 'there are no flags here: arguments are words, or name=value')
  const valueAt = at + before.length
  const value = readValue(line, valueAt)
  if ('message' in value) return value
  return { word: { name, text: value.text, at: at + 1, valueAt: valueAt + 1 }, end: value.end }
}

function endOfBare(line: string, from: number): number {
  let at = from
  while (at < line.length && !BLANK.test(line[at]!)) at++
  return at
}

function readValue(line: string, from: number) {
  const opener = line[from] ?? ''
  if (opener === '"') return quoted(line, from, (one) => one === '"')
  if (CURLY.test(opener)) return quoted(line, from, (one) => one === '”' || one === '“')
  const end = endOfBare(line, from)
  const text = line.slice(from, end)
  const stray = [...text].findIndex((one) => one === '"' || one === '\\' || CURLY.test(one))
  if (stray !== -1) return problem(from + stray, 'a quote stands before the whole value and after it: name="a value"')
  return { text, end }
}

function quoted(line: string, from: number, isCloser: (one: string) => boolean) {
  let text = ''
  for (let at = from + 1; at < line.length; at++) {
    const one = line[at]!
    if (one === '\\') {
      const next = line[++at] ?? ''
      if (!/["\\“”„]/.test(next)) return problem(at - 1, 'a backslash stands only before a quote or a backslash')
      text += next
    } else if (isCloser(one)) {
      const isEnd = at + 1 === line.length || BLANK.test(line[at + 1]!)
      return isEnd ? { text, end: at + 1 } : problem(at + 1, 'a blank is missing after the quote')
    } else text += one
  }
  return problem(from, 'this quote is never closed')
}
