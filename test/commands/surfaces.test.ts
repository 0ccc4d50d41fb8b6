import { expect, test } from 'vitest'
import { authorize } from '../../src/commands/authorize.ts'
import { SLASH_COMMANDS } from '../../src/commands/index.ts'
import { readComment } from '../../src/commands/read-comment.ts'
import { importedFile, sourceFiles } from '../architecture/source-tree.ts'

const files = sourceFiles()
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? ''

/** Files that may know what a role or a base permission is good for: who decides, who reads, and who counts approvals. */
const DECIDES = ['src/commands/authorize.ts', 'src/registry/role-holders.ts', 'src/gates/counted-approvals.ts']

test('nobody but authorize and the counting of approvals asks whether somebody holds a role (S41)', () => {
  const asking = files.filter(
    ({ imports, text }) => imports.some(({ from }) => from.endsWith('/role-holders.ts')) && /\bholdsRole\b/.test(text),
  )

  expect(asking.map(({ path }) => path).sort()).toEqual(
    DECIDES.filter((path) => path !== 'src/registry/role-holders.ts').sort(),
  )
})

test('nobody else compares a base permission, so that no surface has an opinion of its own (S41)', () => {
  const compares =
    /\bpermissions?(\.get\([^)]*\))?\)? *(===|!==) *['"](admin|write|read|maintain)['"]|\[['"](admin|write)['"][^\]]*\]\.includes\(/
  const wrong = files.filter(
    ({ path, text }) => !DECIDES.includes(path) && !path.startsWith('src/world/') && compares.test(text),
  )

  expect(wrong.map(({ path }) => path)).toEqual([])
})

test.each(SLASH_COMMANDS.map(({ name }) => name))(
  '/%s is decided by one function that is not told which surface asks, and never for a bot (S41)',
  (verb) => {
    const by = (isBot: boolean) => ({
      account: { id: 1, login: 'erin', isBot },
      repository: 42,
      facts: { teams: new Map(), permissions: new Map([[1, 'read' as const]]) },
    })
    const asked = { repository: 42, roles: undefined, model: null, environment: null, owner: null, author: null }
    const { may } = SLASH_COMMANDS.find(({ name }) => name === verb)!

    expect(authorize.length).toBe(3)
    expect(authorize(by(false), verb, asked).is).toBe(may.permission === 'read' ? 'allowed' : 'denied')
    expect(authorize(by(true), verb, asked).is).toBe('denied')
  },
)

test('no command of a comment is done unasked: what the command names is asked about before, all else by its effect (S41)', () => {
  const unasked = SLASH_COMMANDS.filter((command) => {
    const [example = ''] = command.examples
    const [line] = readComment(example)
    return line !== undefined && 'command' in line && command.concerns(line.command) === null
  })
  const door = textOf('src/jobs/comments/answer-line.ts')

  expect(unasked.map(({ name }) => name)).toEqual(['cancel', 'waive', 'hold', 'unhold'])
  for (const { name } of unasked)
    expect(textOf(`src/jobs/comments/${name.replace(/^un/, '')}-effect.ts`)).toContain('await mayAll(job, command,')
  expect(door.indexOf('await whoAsks(job, line.command)')).toBeGreaterThan(0)
  expect(door.indexOf('doCommand(job, line.command')).toBeGreaterThan(door.indexOf("may.is === 'denied'"))
})

test('whatever acts on what somebody asked for goes by authorize (S41)', () => {
  const authorising = files.filter((file) =>
    file.imports.some((one) => importedFile(file, one) === 'src/commands/authorize.ts' && !one.onlyTypes),
  )
  const decides = 'src/jobs/github/may-any-weigh.ts'
  const buttons = files.filter((file) =>
    file.imports.some((one) => importedFile(file, one) === decides && !one.onlyTypes),
  )

  expect(authorising.map(({ path }) => path)).toContain(decides)
  expect(textOf(decides)).toContain("authorize(who, 'weigh', asked)")
  expect(buttons.map(({ path }) => path).sort()).toEqual([
    'src/jobs/comments/how-to-waive.ts',
    'src/jobs/github/resolve-head.ts',
  ])
})
