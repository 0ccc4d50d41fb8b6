import { expect, test } from 'vitest'
import { MOST_COMMANDS, readComment } from '../../src/commands/read-comment.ts'
import type { ReadLine } from '../../src/commands/read-line.ts'
import { unseenCharacters } from '../../src/registry/source-text.ts'
import { commentOf, randomOf } from './random-comments.ts'

const COMMENTS = process.env.WEIGHBRIDGE_DEEP === undefined ? 10_000 : 100_000

const LINE_BREAK = /\r\n|\n|\r/

/** Lines that a careful reader without a Markdown parser would not rule out; he sees fences and comments, and no nesting. */
function notRuledOut(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  let fence: string | null = null
  let [isInComment, isInHtml, isRaw] = [false, false, false]
  for (const [index, line] of lines.entries()) {
    const [, marker = null, after = ''] = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/.exec(line) ?? []
    if (fence === null && !isInComment && /^ {0,3}\/[A-Za-z]/.test(line)) found.add(index + 1)
    if (fence === null && /^ {0,3}<(pre|script|style|textarea)\b/i.test(line)) isRaw = true
    if (fence === null) isInHtml = isRaw || /^ {0,3}</.test(line) || (isInHtml && line.trim() !== '')
    if (/<\/(pre|script|style|textarea)>/i.test(line)) isRaw = false
    if (marker !== null && fence === null && !isInComment && !isInHtml) fence = marker
    else if (marker !== null && fence !== null && marker.startsWith(fence) && after.trim() === '') fence = null
    else if (fence === null && /^<!--/.test(line)) isInComment = true
    if (isInComment && line.includes('-->')) isInComment = false
  }
  return found
}

/** What is wrong with the reading of a line of a comment; null when nothing is. */
function faultOf(one: ReadLine, lines: readonly string[], careful: ReadonlySet<number>): string | null {
  if (lines[one.line - 1] !== one.text) return 'not a line of the comment'
  if (!careful.has(one.line)) return 'not a line that anybody would take for a command'
  if ('problem' in one) {
    const { at, message, usage } = one.problem
    return at > 0 && message.length < 400 && usage !== '' ? null : 'a problem that helps nobody'
  }
  if (!one.text.trim().toLowerCase().startsWith(`/${one.command.name}`)) return 'another command'
  if (unseenCharacters(one.text.replaceAll('\t', ' ')).length > 0) return 'characters that nobody sees'
  const isFree = 'reason' in one.command
  return !isFree && /[;`$]|\.\.|--/.test(one.text) ? 'something for a shell' : null
}

test('made-up comments never break it, and never have a command done that nobody wrote as one (S10, S12)', {
  timeout: 120_000,
}, () => {
  const random = randomOf(20_261_121)
  let [commands, problems] = [0, 0]
  for (let n = 0; n < COMMENTS; n++) {
    const body = commentOf(random)
    const lines = body.split(LINE_BREAK)
    const careful = notRuledOut(lines)
    const read = readComment(body)
    for (const one of read) {
      const fault = faultOf(one, lines, careful)
      if (fault !== null) expect.fail(`${fault}: line ${one.line} of ${JSON.stringify(body)}`)
      if ('command' in one) commands++
      else problems++
    }
    if (read.some(({ line }, at) => line <= (read[at - 1]?.line ?? 0))) expect.fail(`order: ${JSON.stringify(body)}`)
  }

  expect(commands).toBeGreaterThan(COMMENTS / 4)
  expect(problems).toBeGreaterThan(COMMENTS / 20)
})

test('a comment holds ten commands; an eleventh is told about, and not done', () => {
  const read = readComment('/help\n'.repeat(12))

  expect(read).toHaveLength(MOST_COMMANDS + 1)
  expect(read.filter((one) => 'command' in one)).toHaveLength(MOST_COMMANDS)
  expect(read.at(-1)).toMatchObject({ line: 11, problem: { message: expect.stringContaining('at most 10 commands') } })
})

test('no comment takes long to read, however it nests', () => {
  const size = 15_900
  const pieces = [
    '[',
    '![',
    '`',
    '*a ',
    '_*',
    '<',
    '<a ',
    '<!--',
    '> ',
    '- ',
    '/help\n',
    '/help \n\n',
    '&',
    '[a](',
    '~~a ',
  ]
  const whole = [
    ...pieces.map((piece) => piece.repeat(size / piece.length)),
    '<details>\n'.repeat(1500),
    'a|b\n-|-\n'.repeat(1900),
    '[a]: b\n'.repeat(2200),
    '[^a]: b\n'.repeat(1900),
    '<a b="'.repeat(2600),
    `/train churn ${'x=1 '.repeat(3900)}`,
    `/train churn ${'"'.repeat(15_000)}`,
    `/${'a'.repeat(15_000)}`,
    `/hold reason="${'a'.repeat(65_000)}`,
    '!['.repeat(32_000),
  ]
  for (const body of whole) {
    const before = process.cpuUsage()
    readComment(`/help\n\n${body}`)
    readComment(`${body}\n/help`)
    expect(process.cpuUsage(before).user / 1000, body.slice(0, 20)).toBeLessThan(1000)
  }
})
