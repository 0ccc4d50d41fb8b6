import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { plainLines } from '../../src/commands/plain-lines.ts'
import { readComment } from '../../src/commands/read-comment.ts'
import { CORPUS } from './markdown-corpus.ts'
import { commentOf, randomOf } from './random-comments.ts'

const isDeep = process.env.WEIGHBRIDGE_DEEP !== undefined

test.each(CORPUS)('commands stand in plain paragraphs and nowhere else: $what (S12)', ({ body, runs }) => {
  expect(readComment(body).map(({ text }) => text)).toEqual(runs)
})

test('each line of a comment is told by its number, whatever ends the lines', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const body = ['hello', '', '> /help', '', '/status', 'and', '   /weigh'].join(end)

    expect(readComment(body).map(({ line, text }) => [line, text])).toEqual([
      [5, '/status'],
      [7, '   /weigh'],
    ])
  }
})

test('the corpus is as large as it says', () => {
  expect(CORPUS.length).toBeGreaterThan(120)
  expect(new Set(CORPUS.map(({ body }) => body)).size).toBe(CORPUS.length)
})

describe('a second opinion: the parser that GitHub uses', () => {
  const isThere = judgedLines('') !== null

  test.skipIf(!isThere).each(CORPUS)('agrees on $what (S12)', ({ body }) => {
    expectAgreement(body)
  })

  test.skipIf(!isThere)('agrees on made-up comments (S12)', { timeout: 120_000 }, () => {
    const random = randomOf(12)
    let found = 0
    for (let n = 0; n < (isDeep ? 5000 : 400); n++) found += expectAgreement(withoutDifferences(commentOf(random)))

    expect(found).toBeGreaterThan(100)
  })
})

/** First words of the lines that cmark-gfm has at the beginning of a line of a top paragraph, open to nothing. */
function judgedLines(body: string): { readonly words: readonly string[]; readonly hasMore: boolean } | null {
  const extensions = ['table', 'strikethrough', 'tasklist', 'footnotes'].flatMap((name) => ['-e', name])
  const run = spawnSync('cmark-gfm', ['-t', 'xml', '--unsafe', ...extensions], { input: body, encoding: 'utf8' })
  if (run.status !== 0) return null
  const words: string[] = []
  let [inParagraph, isAtStart] = [false, false]
  for (const row of run.stdout.split('\n')) {
    if (/^ {2}</.test(row)) [inParagraph, isAtStart] = [row === '  <paragraph>', true]
    if (!/^ {4}</.test(row) || !inParagraph) continue
    const [word] = (isAtStart && /(?<=^ {4}<text xml:space="preserve">)\/[^\s<]*/.exec(row)) || []
    if (word !== undefined) words.push(word)
    isAtStart = /^ {4}<(softbreak|linebreak)/.test(row)
  }
  return { words, hasMore: /<html_|\$/.test(run.stdout) }
}

/** The two differ in control characters, with which no line is a command, and in symbols, which are punctuation since 0.31. */
function withoutDifferences(body: string): string {
  return body.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|(?!\p{ASCII})[\p{S}\p{P}]/gu, '')
}

/** Nothing is a command for us that is none for GitHub; and the other way round, but for HTML, formulas and `\/`. */
function expectAgreement(body: string): number {
  const judged = judgedLines(body)
  if (judged === null) throw new Error('cmark-gfm failed')
  const ours = plainLines(body).map(({ text }) => /\/[^\s<>&"*_`~[\]\\|!]*/.exec(text)![0])
  const left = [...judged.words]
  for (const word of ours) {
    const at = left.findIndex((one) => one.startsWith(word))
    expect(at, `${JSON.stringify(word)} of ${JSON.stringify(body)}`).not.toBe(-1)
    left.splice(0, at + 1)
  }
  if (!judged.hasMore && !/\\\/|&|^ *\t|^ {4}|^\ufeff/m.test(body))
    expect(judged.words.filter((word) => /^\/[A-Za-z]/.test(word)).length, JSON.stringify(body)).toBe(ours.length)
  return ours.length
}
