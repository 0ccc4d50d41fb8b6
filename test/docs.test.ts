import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../src/cli/commands.ts'
import { generatedFiles } from '../src/docs/generated-files.ts'
import { spliced } from '../src/docs/splice.ts'
import { ROOT, scratch, shell } from './cli/terminal-user.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

let folder = ''
beforeAll(() => {
  folder = scratch()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what is generated in the README and the JSON Schemas is what npm run docs would write now', async () => {
  for (const { path, url, content } of await generatedFiles())
    expect(readFileSync(url, 'utf8'), `${path} is old: npm run docs`).toBe(content)
})

/** `<!-- example: in=scratch exit=0 says=Passed. -->` before a block of shell. */
const EXAMPLES = [
  ...README.matchAll(/<!-- example: in=(checkout|scratch) exit=(\d) says=(.+?) -->\n```sh\n([\s\S]+?)\n```/g),
].map(([, place = '', exit = '', says = '', line = '']) => ({ place, exit: Number(exit), says, line }))

test('every example of the README that is marked does what it says, in their order', async () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(7)
  for (const { place, exit, says, line } of EXAMPLES) {
    const answer = await shell(line, place === 'checkout' ? ROOT : folder)
    expect({ line, code: answer.code, err: answer.err }).toEqual({ line, code: exit, err: '' })
    expect(answer.out).toContain(says)
  }
}, 180_000)

test('the README names no command, script or file that does not exist', async () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const commands = COMMANDS.map(({ name }) => name)
  const typed = [...README.matchAll(/(?:^|`|&& )weighbridge ([a-z][a-z-]*)/gm)].map(([, name]) => name)
  const run = [...README.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name]) => name)
  const paths = [...README.matchAll(/`((?:src|test|policies)\/[\w./-]+\.\w+)`/g)].map(([, path = '']) => path)

  expect(typed.filter((name) => !commands.includes(name ?? ''))).toEqual([])
  expect(run.filter((name) => scripts[name ?? ''] === undefined)).toEqual([])
  for (const path of paths) expect(() => readFileSync(new URL(`../${path}`, import.meta.url)), path).not.toThrow()
})

test('a place for a part that nobody makes, and a part without a place, are refused by name', () => {
  const text = 'a\n<!-- generated: gates -->\nold\n<!-- /generated -->\nb\n'

  expect(spliced(text, { gates: 'new' })).toBe(text.replace('old', 'new'))
  expect(spliced(text.replace('old\n', ''), { gates: 'new' })).toBe(text.replace('old', 'new'))
  expect(() => spliced(text, {})).toThrow('nobody makes the part "gates"')
  expect(() => spliced(text, { gates: 'new', rules: 'x' })).toThrow('no place for: rules')
})
