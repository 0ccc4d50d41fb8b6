import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { emptyFolder, weighbridge } from './terminal-user.ts'

test('help lists every command, and the help of each names all its options and examples', async () => {
  const overview = await weighbridge(['--help'])
  const helps = await Promise.all(COMMANDS.map(({ name }) => weighbridge([name, '--help'])))

  expect(overview.code).toBe(0)
  for (const [at, { name, about, options, examples }] of COMMANDS.entries()) {
    expect(overview.out).toContain(`  ${name}`)
    const help = helps[at]
    expect(help).toMatchObject({ code: 0, err: '' })
    for (const text of [
      about,
      '--repo DIR',
      '--json',
      ...Object.keys(options).map((option) => `--${option}`),
      ...examples,
    ])
      expect(help?.out.replace(/\s+/g, ' ')).toContain(text)
    expect(help?.out.split('\n').filter((line) => line.length > 100 && !line.startsWith('  weighbridge '))).toEqual([])
  }
})

test('an example of the help is a command line that the command takes', async () => {
  const { parseCommand } = await import('../../src/cli/parse.ts')
  const { openTerminal } = await import('../../src/cli/terminal.ts')
  const terminal = openTerminal(process.stdout, process.stderr, {})

  for (const spec of COMMANDS) {
    for (const example of spec.examples) {
      const [program, name, ...args] = wordsOf(example)
      expect([program, name]).toEqual(['weighbridge', spec.name])
      expect(() => parseCommand(spec, args, '/', terminal)).not.toThrow()
    }
  }
})

/** As a shell parts a line; an answer that goes to a file is none of the command's words. */
function wordsOf(example: string): readonly string[] {
  const words = example.replace(/ > [\w.]+$/, '').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
}

test('help of one command is the same however it is asked for', async () => {
  const asked = await Promise.all(
    [
      ['list', '--help'],
      ['list', '-h'],
      ['help', 'list'],
    ].map((args) => weighbridge(args)),
  )

  expect(new Set(asked.map(({ out }) => out)).size).toBe(1)
})

test.each([
  { typed: ['chek'], says: ['there is no command "chek"', 'Did you mean check?', 'Commands: judge, init'] },
  { typed: ['help', 'lst'], says: ['there is no command "lst"', 'Did you mean list?'] },
  { typed: ['--repo', 'x', 'list'], says: ['--repo stands before the command', 'Options come after it'] },
  {
    typed: ['list', '--reff', 'main'],
    says: ['unknown option --reff', 'Did you mean --ref?', 'Usage: weighbridge list'],
  },
  { typed: ['list', '--__proto__'], says: ['unknown option --__proto__', 'Usage: weighbridge list'] },
  { typed: ['list', '-q'], says: ['unknown option -q', 'Usage: weighbridge list'] },
  { typed: ['list', '--ref'], says: ["'--ref <value>' argument missing", 'Usage: weighbridge list'] },
  { typed: ['list', '--ref', ''], says: ['--ref is empty', 'Give it a REF'] },
  { typed: ['list', '--ref', 'a', '--ref', 'b'], says: ['--ref is given twice'] },
  { typed: ['list', '--json=yes'], says: ["'--json' does not take an argument"] },
  { typed: ['list', 'churn'], says: ['"churn" is one argument too many', 'Usage: weighbridge list'] },
  { typed: ['show'], says: ['<model[@version]> is missing', 'Usage: weighbridge show'] },
  { typed: ['show', 'churn@1.0.0@2'], says: ['"churn@1.0.0@2" names no model', 'churn@1.4.0'] },
  { typed: ['show', '../../etc/passwd'], says: ['names no model'] },
  { typed: ['schema', 'polcy'], says: ['there is no file kind "polcy"', 'Did you mean policy?'] },
  {
    typed: ['judge', '--score', 'p', '--label', 'y'],
    says: ['--candidate FILE is missing', 'Usage: weighbridge judge'],
  },
  {
    typed: ['judge', '--candidate', 'a', '--label', 'y', '--task', 'binry'],
    says: ['--task cannot be "binry"', 'Did you mean binary?'],
  },
  {
    typed: ['judge', '--candidate', 'nowhere.csv', '--label', 'y', '--score', 'p'],
    says: ['there is no file nowhere.csv', 'Check the path'],
  },
  { typed: ['check', '--skip', 'metric'], says: ['there is no gate "metric"', 'Did you mean metrics?'] },
  { typed: ['check', '--now', 'yesterday'], says: ['--now cannot be "yesterday"', '2026-11-18T10:00:00Z'] },
  { typed: ['check', '--now', '2026-11-18T10:00:00'], says: ['--now cannot be', 'with its zone'] },
  { typed: ['check', '--now', '2026-02-30'], says: ['--now cannot be "2026-02-30"'] },
  { typed: ['audit', '--since', '2026-11-18 10:00'], says: ['--since cannot be', 'with its zone'] },
  { typed: ['list', '--ref', '--output=/etc/x'], says: ['--ref'] },
  { typed: ['demo', '--port', '70000'], says: ['--port cannot be "70000"', 'from 1 to 65535'] },
  { typed: ['list', '--repo', '/nowhere/at/all'], says: ['there is no folder /nowhere/at/all', '--repo DIR'] },
])('$typed is refused with what is wrong and the way out', async ({ typed, says }) => {
  const answer = await weighbridge(typed)

  expect(answer.code).toBe(2)
  expect(answer.out).toBe('')
  for (const text of says) expect(answer.err).toContain(text)
})

test('outside of a repository a command says where to run it, and how to start one', async () => {
  const folder = emptyFolder()

  const list = await weighbridge(['list'], { cwd: folder })
  const validate = await weighbridge(['validate'], { cwd: folder })

  expect(list).toMatchObject({ code: 2, out: '' })
  expect(list.err).toContain('not a git repository')
  expect(list.err).toContain('--repo DIR')
  expect(validate.code).toBe(2)
  expect(validate.out).toContain('this folder is no registry')
  expect(validate.out).toContain('weighbridge init')
})

test('a broken file is named with line and column, what is wrong and what was meant', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, '.github'))
  writeFileSync(
    join(folder, '.github/weighbridge.yml'),
    'version: 1\nstroe:\n  artifacts: file:.weighbridge/store\nenvironments: []\n',
  )

  const validate = await weighbridge(['validate'], { cwd: folder })

  expect(validate.code).toBe(2)
  expect(validate.out).toMatch(/^\.github\/weighbridge\.yml:2:1 stroe: unknown key\. Did you mean store\?/m)
  expect(validate.out).toMatch(/\d+ mistakes in 1 file\./)
})
