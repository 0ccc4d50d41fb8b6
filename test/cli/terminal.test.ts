import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { openTerminal } from '../../src/cli/terminal.ts'
import { emptyFolder, weighbridge, writePredictions } from './terminal-user.ts'

const ESCAPE = String.fromCharCode(27)
/** Clears the screen; hides text; C1 form; moves the title; reverses what follows; joins invisibly. */
const HOSTILE = `${ESCAPE}[2J${ESCAPE}[8m\u009b31m${ESCAPE}]0;owned\u0007\u202eevil\u200d\u2066`
const DANGER = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

class Screen extends Writable {
  readonly isTTY: boolean
  readonly columns = 80
  shown = ''
  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.shown += chunk.toString()
    done()
  }
}

function terminalOn({ isTTY = true, env = {} as NodeJS.ProcessEnv }) {
  const out = new Screen(isTTY)
  const err = new Screen(isTTY)
  const streams = [out, err].map((screen) => screen as unknown as NodeJS.WriteStream)
  return { out, err, terminal: openTerminal(streams[0]!, streams[1]!, env) }
}

test('a terminal gets colours; a pipe, NO_COLOR and a dumb terminal get none', () => {
  const shownOn = (world: ReturnType<typeof terminalOn>) => {
    world.terminal.line(`${world.terminal.style('red', 'Held')}.`)
    return world.out.shown
  }

  expect(shownOn(terminalOn({}))).toBe(`${ESCAPE}[31mHeld${ESCAPE}[39m.\n`)
  expect(shownOn(terminalOn({ env: { NO_COLOR: '' } }))).toContain(ESCAPE)
  expect(shownOn(terminalOn({ isTTY: false }))).toBe('Held.\n')
  expect(shownOn(terminalOn({ env: { NO_COLOR: '1' } }))).toBe('Held.\n')
  expect(shownOn(terminalOn({ env: { TERM: 'dumb' } }))).toBe('Held.\n')
})

test('no name can move the cursor, hide or reverse text, on any way out', () => {
  const { out, err, terminal } = terminalOn({})

  terminal.line(`model ${HOSTILE} ${terminal.style('green', HOSTILE)}`)
  terminal.document({ name: HOSTILE })
  terminal.complain(HOSTILE)

  expect(out.shown.replaceAll(`${ESCAPE}[32m`, '').replaceAll(`${ESCAPE}[39m`, '')).not.toMatch(DANGER)
  expect(err.shown).not.toMatch(DANGER)
})

test('a JSON document means what was said, whatever characters stand in it', () => {
  const { out, terminal } = terminalOn({ isTTY: false })
  const value = { name: HOSTILE, tag: '\u{e0001}', plain: 'Zürich 数', half: '\ud800' }

  terminal.document(value)

  expect(JSON.parse(out.shown)).toEqual(value)
})

test('progress is shown on a terminal only, and wiped before the answer', () => {
  const person = terminalOn({})
  const pipe = terminalOn({ isTTY: false })
  for (const { terminal } of [person, pipe]) {
    terminal.progress(`reading ${HOSTILE}`)
    terminal.line('Passed.')
  }

  expect(person.err.shown.endsWith(`\r${ESCAPE}[2K`)).toBe(true)
  expect(person.err.shown.replaceAll(`\r${ESCAPE}[2K`, '')).not.toMatch(DANGER)
  expect(pipe.err.shown).toBe('')
})

let folder = ''
beforeEach(async () => {
  folder = emptyFolder()
  await writePredictions(folder, 'new.csv', '1.1.0', 200)
})

test('what a table or a command line names arrives disarmed, as text, Markdown, JSON and error', async () => {
  const { readFileSync } = await import('node:fs')
  const rows = readFileSync(join(folder, 'new.csv'), 'utf8').replaceAll('Female', HOSTILE)
  writeFileSync(join(folder, 'hostile.csv'), rows)
  const judge = [
    'judge',
    '--candidate',
    'hostile.csv',
    '--incumbent',
    'hostile.csv',
    '--id',
    'row_id',
    '--label',
    'label',
  ]
  const answers = await Promise.all([
    weighbridge([...judge, '--score', 'score', '--sensitive', 'sex'], { cwd: folder }),
    weighbridge([...judge, '--score', 'score', '--sensitive', 'sex', '--markdown'], { cwd: folder }),
    weighbridge([...judge, '--score', 'score', '--sensitive', 'sex', '--json'], { cwd: folder }),
    weighbridge([...judge, '--score', HOSTILE], { cwd: folder }),
    weighbridge(['list', '--ref', HOSTILE]),
    weighbridge([HOSTILE]),
    weighbridge(['list', `--${HOSTILE}`]),
    weighbridge(['judge', '--candidate', HOSTILE, '--label', 'y', '--score', 'p'], { cwd: folder }),
  ])

  expect(answers[0]?.out).toContain('sex')
  for (const { out, err } of answers) {
    expect(out).not.toMatch(DANGER)
    expect(err).not.toMatch(DANGER)
  }
})
