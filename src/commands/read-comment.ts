import { didYouMean, editDistance } from '../registry/did-you-mean.ts'
import { SLASH_COMMANDS } from './index.ts'
import { LATER } from './later.ts'
import { plainLines } from './plain-lines.ts'
import { readArguments } from './read-arguments.ts'
import type { ReadLine, ToldProblem } from './read-line.ts'
import { type SlashCommand, usageOf } from './slash-command.ts'
import { splitLine } from './words.ts'

/** More commands than this in one comment are told about and not done. */
export const MOST_COMMANDS = 10

/** Longer comments hold logs, and take long to read as Markdown. */
const MOST_CHARACTERS = 16_000

/** What a mail of GitHub says of itself. Whoever answers one may send it back below his own words, commands and all. */
const MAIL = /notifications@github\.com|^.{0,40}You are receiving this because|^.{0,20}Reply to this email directly/m

/** `/name`, then a blank, the end, or a character that nobody sees. */
const FIRST_WORD = /^ {0,3}\/([A-Za-z][A-Za-z-]{0,30})(?=$|[\s\p{C}\p{Default_Ignorable_Code_Point}])/u
const NAMES = [...SLASH_COMMANDS, ...LATER].map(({ name }) => name)

/**
 * What a comment asks for, line by line, in order. Other bots' commands (`/lgtm`), paths and prose are not ours, and give
 * nothing: only a name that is one slip away from one of ours is asked about.
 *
 * @param body  Markdown as GitHub delivers it
 * @returns at most `MOST_COMMANDS` lines, and one more that tells of what was left out
 * @example readComment('> /help')  // => []
 */
export function readComment(body: string): readonly ReadLine[] {
  if (body.length > MOST_CHARACTERS) return tooLong(body)
  const isMail = MAIL.test(body)
  const found = plainLines(body).flatMap(({ line, text }) => {
    const read = readLine(text)
    if (read === null) return []
    return isMail ? [{ line, text, problem: SENT_BACK }] : [{ line, text, ...read }]
  })
  const [beyond] = found.slice(MOST_COMMANDS)
  if (beyond === undefined) return found
  const message = `a comment holds at most ${MOST_COMMANDS} commands; this one and what follows is left out`
  const { line, text } = beyond
  const problem = { at: 1, message, usage: 'Write them into another comment.' }
  return [...found.slice(0, MOST_COMMANDS), { line, text, problem }]
}

const SENT_BACK: ToldProblem = {
  at: 1,
  message: 'this comment holds a mail from GitHub, so that the line may be somebody else’s',
  usage: 'Write the command into a comment without the mail.',
}

/** Told once, at the first line that would be a command of ours if it stood in a plain paragraph. */
function tooLong(body: string): readonly ReadLine[] {
  const lines = body.split(/\r\n|\n|\r/)
  const at = lines.findIndex((line) => NAMES.some((name) => name === FIRST_WORD.exec(line)?.[1]?.toLowerCase()))
  if (at === -1) return []
  const message = `the comment has ${body.length} characters; commands are read in comments of ${MOST_CHARACTERS} at most`
  const problem = { at: 1, message, usage: 'Write the command into a comment of its own.' }
  return [{ line: at + 1, text: lines[at]!.slice(0, 200), problem }]
}

type Read = { readonly command: Extract<ReadLine, { command: unknown }>['command'] } | { readonly problem: ToldProblem }

/** One line; null where it is nobody's business. */
function readLine(text: string): Read | null {
  const [head = '', written] = FIRST_WORD.exec(text) ?? []
  if (written === undefined) return null
  const name = written.toLowerCase()
  const at = head.length - written.length
  const spec = SLASH_COMMANDS.find((one) => one.name === name)
  if (spec !== undefined) return readCommand(spec, text, head.length)
  const later = LATER.find((one) => one.name === name)
  if (later !== undefined)
    return { problem: { at, message: `/${name} comes in a later version`, usage: later.instead } }
  const near = nearName(name)
  return near === null ? null : { problem: unknownName(name, near, at) }
}

function readCommand(spec: SlashCommand, text: string, from: number): Read {
  const usage = usageOf(spec)
  const split = splitLine(text, from)
  if (split.is === 'problem') return { problem: { at: split.at, message: split.message, usage } }
  const read = readArguments(spec, split.words, text.trimEnd().length + 1)
  return 'command' in read ? read : { problem: { ...read.problem, usage } }
}

/** One slip, two in a long name: other bots live beside us, and their commands are none of ours. */
function nearName(name: string): string | null {
  const near = didYouMean(name, NAMES)
  return near !== null && editDistance(name, near) <= (near.length >= 8 ? 2 : 1) ? near : null
}

function unknownName(name: string, near: string, at: number): ToldProblem {
  const spec = SLASH_COMMANDS.find((one) => one.name === near)
  return {
    at,
    message: `there is no command /${name}`,
    didYouMean: `/${near}`,
    usage: spec === undefined ? '/help' : usageOf(spec),
  }
}
