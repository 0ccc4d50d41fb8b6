import { expect, test } from 'vitest'
import { setCollaborator, updateRepository } from '../../../src/world/github/acts/change-repository.ts'
import {
  createCustomRole,
  createTeam,
  createUser,
  renameAccount,
  setMember,
  updateTeam,
} from '../../../src/world/github/acts/create-account.ts'
import { accountOfEmail, findAccount } from '../../../src/world/github/state/find.ts'
import { membershipIn, permissionOf, roleIn, roleNameIn, teamMembers } from '../../../src/world/github/state/roles.ts'
import { openOffice } from './support/office.ts'

test('members of a child team are members of its parents, and somebody invited is not one yet', async () => {
  const office = await openOffice()
  const { github, organisation } = office
  const [ben, cleo, dora] = [office.ben.account.id, office.cleo.account.id, office.dora.account.id]
  const risk = createTeam(github, { organisation: organisation.id, name: 'Risk', members: [ben] })
  const credit = createTeam(github, { organisation: organisation.id, name: 'Credit', parent: risk.id })
  createTeam(github, {
    organisation: organisation.id,
    name: 'Credit models',
    parent: credit.id,
    members: [cleo, { user: dora, role: 'member', state: 'pending' }],
  })

  const names = (options = {}) => teamMembers(github.state, risk, options).map((one) => [one.user, one.state])

  expect(names()).toEqual([
    [ben, 'active'],
    [cleo, 'active'],
    [dora, 'pending'],
  ])
  expect(names({ childTeams: false })).toEqual([[ben, 'active']])
  expect(membershipIn(github.state, credit, cleo)?.state).toBe('active')
  expect(membershipIn(github.state, credit, ben)).toBeNull()
})

test('what a team may do in a repository, its child teams may, and the highest role counts', async () => {
  const office = await openOffice()
  const { github, organisation, id } = office
  const dora = office.dora.account.id
  const parent = createTeam(github, {
    organisation: organisation.id,
    name: 'Platform',
    repositories: [{ repository: id, role: 'maintain' }],
  })
  const role = () => roleIn(github.state, office.repository(), dora)
  expect(role()).toBe('read')

  const child = createTeam(github, { organisation: organisation.id, name: 'Night', parent: parent.id, members: [dora] })
  expect(role()).toBe('maintain')
  updateTeam(github, child.id, { members: [{ user: dora, role: 'member', state: 'pending' }] })

  expect(role()).toBe('read')
})

test('permission is the old word of a role: maintain is write, triage is read', () => {
  expect((['admin', 'maintain', 'write', 'triage', 'read', 'none'] as const).map(permissionOf)).toEqual([
    'admin',
    'write',
    'write',
    'read',
    'read',
    'none',
  ])
})

test('a custom role goes by its own name, and permission is what it stands on', async () => {
  const office = await openOffice()
  const { github, organisation, id } = office
  const dora = office.dora.account.id
  const releaser = createCustomRole(github, { organisation: organisation.id, name: 'releaser', base: 'maintain' })
  const seen = () => [
    roleNameIn(github.state, office.repository(), dora),
    roleIn(github.state, office.repository(), dora),
  ]

  await setCollaborator(github, { repository: id, account: dora, role: releaser.base, custom: releaser.id })
  expect(seen()).toEqual(['releaser', 'maintain'])
  expect(permissionOf('maintain')).toBe('write')
  // a team that gives more is what counts, and what is shown
  createTeam(github, {
    organisation: organisation.id,
    name: 'Owners',
    members: [dora],
    repositories: [{ repository: id, role: 'admin' }],
  })

  expect(seen()).toEqual(['admin', 'admin'])
})

test('somebody renamed keeps id and rights, and the old login is nobody until it is taken', async () => {
  const office = await openOffice()
  const { github } = office
  const ben = office.ben.account

  renameAccount(github, ben.id, 'benedict')

  expect(findAccount(github.state, 'benedict')?.id).toBe(ben.id)
  expect(findAccount(github.state, ben.login)).toBeNull()
  expect(roleIn(github.state, office.repository(), ben.id)).toBe('write')
  const squatter = createUser(github, { login: ben.login })
  expect(roleIn(github.state, office.repository(), squatter.id)).toBe('read')
})

test('a member of an organisation is no administrator; an owner is; a bot has no role', async () => {
  const office = await openOffice()
  const stranger = createUser(office.github, { login: 'eve' })
  const roles = [office.ada, office.ben, office.dora, office.bot].map((one) =>
    roleIn(office.github.state, office.repository(), one.account.id),
  )

  expect(roles).toEqual(['admin', 'write', 'read', 'none'])
  await updateRepository(office.github, office.id, { isPrivate: true })
  expect(roleIn(office.github.state, office.repository(), stranger.id)).toBe('none')
  setMember(office.github, { organisation: office.organisation.id, user: stranger.id, state: 'pending' })
  expect(roleIn(office.github.state, office.repository(), stranger.id)).toBe('none')
  await setCollaborator(office.github, { repository: office.id, account: stranger.id, role: 'triage' })
  expect(roleIn(office.github.state, office.repository(), stranger.id)).toBe('triage')
})

test('a commit’s e-mail names an account whoever pushed it: commits can be forged', async () => {
  const office = await openOffice()
  await office.pushes(office.cleo, { 'a.yml': '1\n' }, { author: office.ben.account })

  const commit = await office.github.storage.commit(office.id, await office.tip())

  expect(accountOfEmail(office.github.state, commit?.author.email ?? '')?.login).toBe('ben')
  expect(office.github.state.activity.at(-1)?.actor).toBe(office.cleo.account.id)
})
