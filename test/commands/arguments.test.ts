import { describe, expect, test } from 'vitest'
import { SLASH_COMMANDS } from '../../src/commands/index.ts'
import { momentOf } from '../../src/commands/moment.ts'
import { whyNotHere } from '../../src/commands/place.ts'
import { readComment } from '../../src/commands/read-comment.ts'
import { optionsOf, usageOf } from '../../src/commands/slash-command.ts'

const first = (text: string) => readComment(text)[0]
const commandOf = (text: string) => {
  const read = first(text)
  return read !== undefined && 'command' in read ? read.command : null
}
const problemOf = (text: string) => {
  const read = first(text)
  return read !== undefined && 'problem' in read ? read.problem : null
}

test.each(SLASH_COMMANDS.flatMap(({ name, examples }) => examples.map((example) => [example, name] as const)))(
  'the example %s does what it says',
  (example, name) => {
    expect(commandOf(example)).toMatchObject({ name })
  },
)

test.each(SLASH_COMMANDS)('usage of /$name shows every argument once', (command) => {
  const usage = usageOf(command)

  for (const { shown } of Object.values(command.arguments)) expect(usage.split(shown)).toHaveLength(2)
  for (const option of optionsOf(command)) expect(usage).toContain(`${option}=`)
})

test('values come typed, and what is left out comes as nothing', () => {
  expect(commandOf('/train churn learning_rate=0.02 note="a b" runner=gpu-large seed=7 again=yes')).toEqual({
    name: 'train',
    model: 'churn',
    parameters: new Map([
      ['learning_rate', '0.02'],
      ['note', 'a b'],
    ]),
    runner: 'gpu-large',
    seed: 7,
    again: true,
  })
  expect(commandOf('/promote churn production')).toEqual({
    name: 'promote',
    model: 'churn',
    version: null,
    environment: 'production',
  })
  expect(commandOf('/tune churn')).toMatchObject({ trials: 16, parallel: 4, search: 'random', metric: null })
  expect(commandOf('/weigh fairness metrics fairness')).toEqual({ name: 'weigh', gates: ['fairness', 'metrics'] })
})

test('quotes of phones are quotes, and a backslash keeps a quote', () => {
  const reason = (text: string) => (commandOf(`/hold reason=${text}`) as { reason: string } | null)?.reason

  expect(reason('“wait a bit”')).toBe('wait a bit')
  expect(reason('„warten“')).toBe('warten')
  expect(reason('"say \\"no\\" and \\\\"')).toBe('say "no" and \\')
  expect(reason('"it’s “fine”"')).toBe('it’s “fine”')
  expect(commandOf('/HOLD reason=wait')).toEqual({ name: 'hold', reason: 'wait' })
})

describe('what is wrong is told with its column, what was meant, and the usage', () => {
  test.each([
    ['/trian churn', 1, 'no command /trian', '/train'],
    ['/train', 7, 'model is missing', undefined],
    ['/hold', 6, 'reason="..." is missing', undefined],
    ['/hold reason=wait for docs', 19, 'a reason of several words is quoted', undefined],
    ['/hold reason="wait', 14, 'never closed', undefined],
    ['/hold reason="a"b', 17, 'a blank is missing', undefined],
    ['/hold reason="\\n"', 15, 'a backslash stands only before', undefined],
    ['/hold reason=""', 14, 'must say why', undefined],
    [`/hold reason="${'x'.repeat(501)}"`, 14, 'at most 500 characters', undefined],
    ['/train churn --epochs=3', 14, 'no flags', undefined],
    ['/train churn —epochs', 14, 'no flags', undefined],
    ['/train Churn', 8, 'lower-case', undefined],
    ['/train churn x=1 x=2', 18, 'given twice', undefined],
    ['/train model=churn', 8, 'written without its name', undefined],
    ['/train churn seed=-1', 19, 'must be a whole number', undefined],
    ['/tune churn trials=257', 20, 'from 1 to 256', undefined],
    ['/promote churn production now', 27, 'one word too many', undefined],
    ['/promote churn 1.4.0 production', 22, 'a version is written with its model: churn@1.4.0', undefined],
    [
      '/train churn epochs = 30',
      14,
      'training parameters, as model.yml declares them, are written name=value, without blanks',
      undefined,
    ],
    ['/freeze production until=2026-12-01 18:00 reason="x"', 37, 'a moment is one word: 2026-12-01T18:00Z', undefined],
    ['/promote churn@v4 production', 10, 'one version', undefined],
    ['/promote churn@1.4.0@2 production', 10, 'one version', undefined],
    ['/freeze production untli=7d reason=x', 20, 'knows no "untli"', 'until'],
    ['/freeze production until=2026-02-30 reason=x', 26, 'must be a day', undefined],
    ['/freeze production until=2026-12-01T18:00 reason=x', 26, 'must be a day', undefined],
    ['/cancel wb-1', 9, 'id must be the id of a run, such as wb-', undefined],
    ['/rollback churn production', 1, 'comes in a later version', undefined],
  ])('%s', (text, at, message, didYouMean) => {
    expect(problemOf(text)).toMatchObject({
      at,
      message: expect.stringContaining(message),
      usage: expect.stringMatching(/./),
    })
    expect(problemOf(text)?.didYouMean).toBe(didYouMean)
  })
})

describe('nothing that a shell, a template or a path gives a meaning to is an argument (S10, S11)', () => {
  const values = [
    '$(id)',
    '`id`',
    'a;b',
    'a|b',
    'a&b',
    '$\u007bx}',
    '{{x}}',
    '<x>',
    "'x'",
    '../x',
    'a/../../b',
    '-rf',
    '~',
    '*',
    '!x',
    '#',
    '\\x',
  ]
  test.each(values)('%s', (value) => {
    expect(commandOf(`/train churn x=${value}`)).toBe(null)
    expect(commandOf(`/train ${value}`)).toBe(null)
    expect(commandOf(`/train churn runner=${value}`)).toBe(null)
  })

  test.each([
    '../x',
    '-flag',
    'a/../../b',
    '%2e%2e',
    'a..b',
    '..',
    '.',
    'a․b',
    'ａ',
    'chur\u0301n',
    'CHURN',
    'x'.repeat(64),
    'churn/',
    'churn%00',
  ])('a model, an environment or a version is never %s', (name) => {
    for (const text of [
      `/train ${name}`,
      `/promote ${name} production`,
      `/promote churn ${name}`,
      `/promote churn@${name} production`,
      `/freeze ${name} until=7d reason=x`,
      `/retire churn@${name} reason=x`,
    ])
      expect(commandOf(text), text).toBe(null)
  })

  test.each([
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u00ad',
    '\u200b',
    '\u200e',
    '\u202e',
    '\u2028',
    '\u2066',
    '\u{e0041}',
    '\ud800',
  ])('a character that nobody sees is refused with its column: %j', (character) => {
    for (const text of [`/train churn x=a${character}b`, `/hold reason="a${character}b"`, `/train${character} churn`])
      expect(commandOf(text), JSON.stringify(text)).toBe(null)
    expect(problemOf(`/hold reason="a${character}b"`)?.at).toBe(16)
  })

  test('a line of 64 kB is refused at once', () => {
    const startedMs = performance.now()

    expect(problemOf(`/hold reason="${'a'.repeat(65_000)}"`)?.message).toContain('65015 characters')
    expect(problemOf(`/hold reason="${'a'.repeat(10_000)}"`)?.message).toContain('10015 characters')
    expect(performance.now() - startedMs).toBeLessThan(500)
  })

  test('a parameter never becomes a part of the object that holds it', () => {
    expect(commandOf('/train churn __proto__=1')).toBe(null)
    expect(commandOf('/train churn constructor=1')).toMatchObject({ parameters: new Map([['constructor', '1']]) })
  })
})

test('a moment is a day from its first second, a moment with its zone, or how long from now', () => {
  const now = '2026-11-18T10:00:00Z'

  expect(momentOf('2026-12-01', now)).toBe('2026-12-01T00:00:00.000Z')
  expect(momentOf('2026-12-01T18:00Z', now)).toBe('2026-12-01T18:00:00.000Z')
  expect(momentOf('2026-12-01T18:00:30+02:00', now)).toBe('2026-12-01T16:00:30.000Z')
  expect(momentOf('7d', now)).toBe('2026-11-25T10:00:00.000Z')
  expect(momentOf('48h', now)).toBe('2026-11-20T10:00:00.000Z')
  for (const text of [
    '2026-11-18',
    '2026-11-18T10:00Z',
    'tomorrow',
    '0d',
    '7',
    '',
    '99999w9',
    '2026-13-01',
    '99999w'.repeat(9),
  ])
    expect(momentOf(text, now), text).toBe(null)
  expect(momentOf('99999w', '9000-01-01T00:00:00Z')).toBe(null)
})

test('a command makes sense only in its place: an issue, a pull request that is weighed, something open, no fork (S22)', () => {
  const issue = { isOpen: true, pull: null }
  const pull = { isOpen: true, pull: { isFork: false, isGoverned: true } }
  const fork = { isOpen: true, pull: { isFork: true, isGoverned: true } }
  const other = { isOpen: true, pull: { isFork: false, isGoverned: false } }
  const closed = { ...pull, isOpen: false }
  const fine = (thread: Parameters<typeof whyNotHere>[1]) =>
    SLASH_COMMANDS.filter((command) => whyNotHere(command, thread) === null).map(({ name }) => name)
  const aboutPulls = ['weigh', 'explain', 'waive', 'hold', 'unhold']

  expect(fine(pull)).toEqual(SLASH_COMMANDS.map(({ name }) => name))
  expect(fine(issue)).toEqual(fine(pull).filter((name) => !aboutPulls.includes(name)))
  expect(fine(other)).toEqual(fine(issue))
  expect(fine(fork)).toEqual(fine(pull).filter((name) => !['train', 'tune'].includes(name)))
  expect(fine(closed)).toEqual(['help', 'status', 'cancel', 'compare', 'explain', 'freeze', 'unfreeze'])
})

test('our own help, written into a comment by anybody, asks for nothing but what stands on lines of its own (S13)', () => {
  const table = SLASH_COMMANDS.map((command) => `| \`${usageOf(command)}\` | ${command.about} |`).join('\n')

  expect(readComment(`| command | does |\n| --- | --- |\n${table}`)).toEqual([])
})

test('whoever answers a mail, and sends it back with the comment in it, does not say what stood in the comment', () => {
  const mail = (footer: string) => `I would not.\n\nmallory wrote\n\n/promote churn production\n\n${footer}`

  expect(commandOf(mail('bye'))).not.toBe(null)
  for (const footer of [
    'Reply to this email directly, view it on GitHub, or unsubscribe.',
    'You are receiving this because you were mentioned.',
    'From: mallory <notifications@github.com>',
  ])
    expect(problemOf(mail(footer))?.message).toContain('holds a mail from GitHub')
})
