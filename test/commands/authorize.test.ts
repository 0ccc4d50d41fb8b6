import { describe, expect, test } from 'vitest'
import { type Asked, type Asker, authorize, lookUpFor } from '../../src/commands/authorize.ts'
import type { CommandName } from '../../src/commands/command.ts'
import { helpAbout, helpFor, helpLookUp } from '../../src/commands/help-text.ts'
import { SLASH_COMMANDS } from '../../src/commands/index.ts'

const REPOSITORY = 42
const AUTHOR = 77
const roles: NonNullable<Asked['roles']> = {
  trainer: { teams: ['data-science'] },
  promoter: { teams: ['ml-platform'] },
  approver: { teams: ['ml-platform', '@owner'] },
  risk: { teams: ['model-risk'] },
  oncall: { teams: ['sre'], users: ['dana#5'] },
}
const churn: Asked = {
  repository: REPOSITORY,
  roles,
  model: 'churn',
  environment: 'production',
  owner: 'growth',
  author: AUTHOR,
  named: ['risk'],
}
type Permission = 'admin' | 'write' | 'read' | 'none' | null

/** Somebody with what was looked up about him: base permission as GitHub shows it, and his teams. */
function person(permission: Permission, teams: readonly (string | null)[] = [], more: Partial<Asker> = {}): Asker {
  const account = more.account === undefined ? { id: 9, login: 'erin', isBot: false } : more.account
  const all = ['data-science', 'ml-platform', 'model-risk', 'sre', 'growth']
  const members = (team: string) =>
    teams.includes(null) ? null : new Set(teams.includes(team) ? [account?.id ?? 0] : [])
  return {
    account,
    repository: REPOSITORY,
    facts: {
      teams: new Map(all.map((team) => [team, members(team)])),
      permissions: new Map([[account?.id ?? 0, permission]]),
    },
    ...more,
  }
}

const may = (who: Asker, asked: Asked = churn) =>
  SLASH_COMMANDS.map(({ name }) => name).filter((verb) => authorize(who, verb, asked).is === 'allowed')

const READ: readonly CommandName[] = ['help', 'status', 'explain']
const WRITE: readonly CommandName[] = ['help', 'status', 'compare', 'weigh', 'explain', 'hold']
const withAll = (some: readonly CommandName[], more: readonly CommandName[]) =>
  SLASH_COMMANDS.map(({ name }) => name).filter((name) => some.includes(name) || more.includes(name))

describe('who may do what, by what GitHub says now (S15)', () => {
  const dana = { id: 5, login: 'dana', isBot: false }
  test.each<[string, Asker, readonly CommandName[]]>([
    ['a read-only member', person('read'), READ],
    ['an outside collaborator who may write', person('write'), WRITE],
    ['triage, which GitHub shows as read', person('read'), READ],
    ['a custom role, which GitHub shows by its base', person('write'), WRITE],
    ['write', person('write'), WRITE],
    ['maintain, which GitHub shows as write', person('write'), WRITE],
    ['admin', person('admin'), WRITE],
    ['no access', person('none', ['data-science', 'sre']), []],
    ['a permission that could not be read', person(null, ['data-science', 'sre']), []],
    ['a trainer', person('read', ['data-science']), withAll(READ, ['train', 'tune', 'cancel'])],
    [
      'a promoter',
      person('read', ['ml-platform']),
      withAll(READ, ['promote', 'hold', 'unhold', 'freeze', 'unfreeze', 'retire']),
    ],
    [
      'risk, whom the policy names for waivers',
      person('read', ['model-risk']),
      withAll(READ, ['hold', 'unhold', 'waive']),
    ],
    ['on-call', person('read', ['sre']), withAll(READ, ['hold', 'unhold', 'freeze', 'unfreeze'])],
    ['the team that owns the model', person('read', ['growth']), withAll(READ, ['hold', 'unhold'])],
    ['somebody removed from his team a second ago', person('read', []), READ],
    ['somebody removed from everything a second ago', person('none', []), []],
    ['teams that could not be read', person('write', [null]), WRITE],
    ['a deleted account', person('admin', ['sre'], { account: null }), []],
    ['a bot with every right', person('admin', ['data-science', 'sre'], { account: { ...dana, isBot: true } }), []],
    [
      'the user of the configuration, by id',
      person('read', [], { account: dana }),
      withAll(READ, ['hold', 'unhold', 'freeze', 'unfreeze']),
    ],
    [
      'the same after he renamed himself',
      person('read', [], { account: { ...dana, login: 'ghost' } }),
      withAll(READ, ['hold', 'unhold', 'freeze', 'unfreeze']),
    ],
    ['who took the login that he left', person('read', [], { account: { ...dana, id: 6 } }), READ],
    ['facts of another repository', person('admin', ['data-science'], { repository: 43 }), []],
  ])('%s', (_, who, expected) => {
    expect(may(who)).toEqual(expected)
  })
})

test('the author of a pull request neither lifts its hold nor waives its gates, whatever he is (S40)', () => {
  const author = { id: AUTHOR, login: 'fay', isBot: false }
  const all = person('admin', ['ml-platform', 'model-risk', 'sre'], { account: author })

  expect(may(all)).not.toContain('unhold')
  expect(may(all)).not.toContain('waive')
  expect(may(all)).toContain('hold')
  expect(authorize(all, 'unhold', churn)).toMatchObject({ because: expect.stringContaining('is the author') })
})

test('a waiver needs the role that the policy names; where it names none, nobody may (S40)', () => {
  const risk = person('admin', ['model-risk', 'sre'])
  const { named: _, ...silent } = churn

  expect(authorize(risk, 'waive', churn)).toEqual({ is: 'allowed', as: 'role risk' })
  expect(authorize(risk, 'waive', { ...churn, named: ['approver'] }).is).toBe('denied')
  expect(authorize(risk, 'waive', { ...churn, named: [] }).is).toBe('denied')
  expect(authorize(risk, 'waive', silent)).toMatchObject({ is: 'denied', takes: expect.stringContaining('names none') })
})

test('a role reaches the models and environments that it is narrowed to, and never everything', () => {
  const narrowed: Asked = {
    ...churn,
    roles: {
      trainer: { teams: ['data-science'], models: ['credit-*'] },
      promoter: { teams: ['ml-platform'], environments: ['staging'] },
    },
  }
  const both = person('read', ['data-science', 'ml-platform'])
  const can = (verb: CommandName, more: Partial<Asked>) => authorize(both, verb, { ...narrowed, ...more }).is

  expect(can('train', { model: 'churn' })).toBe('denied')
  expect(can('train', { model: 'credit-cards' })).toBe('allowed')
  expect(can('train', { model: null })).toBe('denied')
  expect(can('promote', { environment: 'production' })).toBe('denied')
  expect(can('promote', { environment: 'staging' })).toBe('allowed')
  expect(can('freeze', { model: null, environment: 'production' })).toBe('denied')
  expect(authorize(both, 'train', narrowed)).toMatchObject({
    because: expect.stringContaining('role trainer does not reach churn in production'),
    takes: 'role trainer: team data-science, only models credit-*',
  })
})

test('whoever may not learns what it takes, and what he holds; a role that is not there comes with its lines', () => {
  const approver = person('write', ['ml-platform'])

  expect(authorize(approver, 'train', churn)).toEqual({
    is: 'denied',
    because: 'erin holds promoter, approver for churn in production',
    takes: 'role trainer: team data-science',
    add: null,
  })
  expect(authorize(approver, 'train', { ...churn, roles: undefined })).toEqual({
    is: 'denied',
    because: 'erin does not hold role trainer for churn in production; the configuration has no role trainer',
    takes: 'role trainer, which the configuration does not define',
    add: 'roles:\n  trainer: {teams: [<team>]}',
  })
  expect(authorize(approver, 'freeze', { ...churn, roles: { trainer: {} } })).toMatchObject({
    add: '  oncall: {teams: [<team>]}',
  })
  expect(authorize(person('read', [null]), 'train', churn)).toMatchObject({
    because: expect.stringContaining('team data-science is not there or cannot be read'),
  })
})

test('a role that every object has by birth is none', () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    expect(authorize(person('admin', ['sre']), 'waive', { ...churn, named: [name] }).is).toBe('denied')
})

test('what must be looked up is asked once: teams where a role is asked for, the owner’s too, and nothing for the rest', () => {
  const asked = { ...churn }
  const teams = ['data-science', 'growth', 'ml-platform', 'model-risk', 'sre']

  expect(lookUpFor([{ verb: 'train', asked }])).toEqual({ teams, permissions: true })
  expect(
    lookUpFor([
      { verb: 'waive', asked },
      { verb: 'unhold', asked },
    ]),
  ).toEqual({ teams, permissions: true })
  expect(
    lookUpFor([
      { verb: 'help', asked },
      { verb: 'compare', asked },
    ]),
  ).toEqual({ teams: [], permissions: true })
  expect(lookUpFor([{ verb: 'train', asked: { ...asked, roles: undefined } }]).teams).toEqual([])
  expect(helpLookUp({ repository: REPOSITORY, roles }, [asked]).teams).toEqual(teams)
})

test('where only a permission is asked for, the one that he has is told', () => {
  expect(authorize(person('read'), 'compare', churn)).toEqual({
    is: 'denied',
    because: 'erin has read permission here',
    takes: 'write permission in the repository',
    add: null,
  })
})

test('every command says who may and why, and nobody may anything without a role or a permission', () => {
  for (const { name, may: need } of SLASH_COMMANDS) {
    expect(need.roles?.length ?? (need.permission || need.rolesOfPolicy ? 1 : 0), name).toBeGreaterThan(0)
    expect(need.why, name).not.toBe('')
  }
})

test('no approval and no role is given on behalf of somebody else (S17)', () => {
  const names = SLASH_COMMANDS.map(({ name }) => name as string)

  expect(names.filter((name) => /approve|delegate|lgtm|merge/.test(name))).toEqual([])
  for (const { name, arguments: all } of SLASH_COMMANDS)
    expect(
      Object.keys(all).filter((argument) => /^(user|login|actor|as|by|for)$/.test(argument)),
      name,
    ).toEqual([])
})

test('help shows each command once, and tells this person which he may use', () => {
  const here = { repository: REPOSITORY, roles }
  const places = [{ model: 'churn', environment: 'production', owner: null }]
  const of = (who: Asker) => helpFor(who, here, places)
  const usable = (who: Asker) => of(who).flatMap(({ usage, mayUse }) => (mayUse === true ? [usage.split(' ')[0]!] : []))

  expect(of(person('read'))).toHaveLength(SLASH_COMMANDS.length)
  expect(usable(person('read'))).toEqual(['/help', '/status', '/explain'])
  expect(usable(person('read', ['data-science']))).toEqual([
    '/help',
    '/status',
    '/train',
    '/tune',
    '/cancel',
    '/explain',
  ])
  expect(of(person('read')).find(({ usage }) => usage.startsWith('/waive'))).toMatchObject({ mayUse: null })
  expect(of(person('read')).find(({ usage }) => usage.startsWith('/train'))).toMatchObject({
    mayUse: false,
    takes: 'role trainer: team data-science',
  })
  expect(helpAbout('promote', person('read'), here, places)).toMatchObject({
    help: { mayUse: false, examples: expect.any(Array) },
  })
  expect(helpAbout('promot', person('read'), here, places)).toEqual({
    unknown: 'There is no command /promot. Did you mean /promote?',
  })
  expect(helpAbout('rollback', person('read'), here, places)).toEqual({ unknown: expect.stringContaining('revert') })
})

test('a role for one model is enough to be shown its commands', () => {
  const here = { repository: REPOSITORY, roles: { trainer: { teams: ['data-science'], models: ['churn'] } } }
  const who = person('read', ['data-science'])
  const train = (places: Parameters<typeof helpFor>[2]) =>
    helpFor(who, here, places).find(({ usage }) => usage.startsWith('/train'))?.mayUse

  expect(train([{ model: 'churn', environment: null, owner: null }])).toBe(true)
  expect(train([{ model: 'fraud', environment: null, owner: null }])).toBe(false)
})
