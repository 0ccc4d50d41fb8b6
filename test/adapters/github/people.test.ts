import { expect, test } from 'vitest'
import type { Account } from '../../../src/ports/pull-now.ts'
import { openRecorded, REPOSITORY } from './recorded-github.ts'

const account = (login: string, id: number, isBot = false): Account => ({ login, id, isBot })
const ann = account('ann', 1)
const bob = account('bob', 2)
const HERE = '/repos/acme/models'

/** A search by login that finds more than was meant, as GitHub's does. */
function teamOf(slug: string, members: readonly Account[]) {
  return {
    slug,
    members: ({ query, membership }: { query: string; membership: string }) => {
      expect(membership).toBe('ALL')
      const found = members.filter(({ login }) => login.includes(query))
      return { pageInfo: { hasNextPage: false }, nodes: found.map(({ id }) => ({ databaseId: id })) }
    },
  }
}

test('membership is by id, in one query for all teams and people; an unknown team is null and not empty', async () => {
  const { github, host } = openRecorded()
  const teams: Record<string, unknown> = {
    risk: teamOf('risk', [ann, account('bobby', 99)]),
    empty: teamOf('empty', []),
  }
  github.root = { organization: { team: ({ slug }: { slug: string }) => teams[slug] ?? null } }

  const { teams: found } = await host.roles(REPOSITORY, {
    organisation: 'acme',
    teams: ['risk', 'empty', 'gone'],
    accounts: [ann, bob, account('weighbridge[bot]', 555, true)],
    permissions: false,
  })

  expect(github.calls).toEqual(['GraphQL Teams'])
  expect(found).toEqual(
    new Map([
      ['risk', new Set([1])],
      ['empty', new Set()],
      ['gone', null],
    ]),
  )
})

test('a personal account has no teams; any other error is no answer', async () => {
  const { github, host } = openRecorded()
  const ask = { organisation: 'ann', teams: ['risk'], accounts: [ann], permissions: false }
  const answer = (errors: readonly object[]) => () => ({ body: { data: { organization: null }, errors } })

  github.routes['GraphQL Teams'] = answer([{ type: 'NOT_FOUND', path: ['organization'], message: 'no such' }])
  expect((await host.roles(REPOSITORY, ask)).teams).toEqual(new Map([['risk', null]]))

  github.routes['GraphQL Teams'] = answer([{ type: 'FORBIDDEN', path: ['organization', 't0', 'p0'], message: 'no' }])
  await expect(host.roles(REPOSITORY, ask)).rejects.toThrow('FORBIDDEN')
})

test('permission is GitHub’s base permission of exactly that account; a login that is another’s by now counts as unknown', async () => {
  const { github, host } = openRecorded()
  const shown: Record<string, object> = {
    ann: { permission: 'write', role_name: 'auditor', user: { id: 1 } },
    bob: { permission: 'admin', role_name: 'admin', user: { id: 77 } },
  }
  for (const [login, body] of Object.entries(shown))
    github.routes[`GET ${HERE}/collaborators/${login}/permission`] = () => ({ body })

  const { permissions } = await host.roles(REPOSITORY, {
    organisation: 'acme',
    teams: [],
    accounts: [ann, bob, account('cyd', 3)],
    permissions: true,
  })

  expect(permissions).toEqual(
    new Map([
      [1, 'write'],
      [2, null],
      [3, null],
    ]),
  )
})

const activity = (id: number, activity_type: string) => ({
  activity_type,
  ref: 'refs/heads/promote',
  actor: { id, login: `u${id}`, type: 'User' },
})

test('whoever pushed is told by GitHub’s own log, whatever the commits say (S32)', async () => {
  const { github, host } = openRecorded()
  github.routes[`GET ${HERE}/activity`] = ({ query }) =>
    query.after === 'two'
      ? { body: [activity(2, 'branch_creation'), activity(9, 'push')] }
      : {
          body: [activity(1, 'force_push'), activity(1, 'push')],
          headers: {
            link: '<https://api.github.com/repositories/42/activity?ref=x&per_page=100&after=two>; rel="next"',
          },
        }

  expect((await host.pushers(REPOSITORY, 'promote')).map(({ id }) => id)).toEqual([1, 2])
})

test('a log of pushes that does not reach the branch’s creation, or is not shown, is no answer', async () => {
  const { github, host } = openRecorded()
  await expect(host.pushers(REPOSITORY, 'promote')).rejects.toMatchObject({ status: 404 })

  github.routes[`GET ${HERE}/activity`] = () => ({ body: [activity(1, 'push')] })
  await expect(host.pushers(REPOSITORY, 'promote')).rejects.toThrow('does not reach back')
})

test('whether the app may bypass a rule is yes, no, or cannot be told; never no by silence', async () => {
  const cases: readonly (readonly [object, boolean, boolean | null])[] = [
    [{ current_user_can_bypass: 'never' }, false, false],
    [{ current_user_can_bypass: 'pull_requests_only' }, false, true],
    [{ current_user_can_bypass: 'always' }, true, true],
    [{}, false, null],
    [{ current_user_can_bypass: 'never' }, true, null],
  ]
  for (const [ruleset, isClassic, expected] of cases) {
    const { github, host } = openRecorded()
    github.routes[`GET ${HERE}/rules/branches/main`] = () => ({ body: [{ ruleset_id: 4 }, { ruleset_id: 4 }] })
    github.routes[`GET ${HERE}/rulesets/4`] = () => ({ body: ruleset })
    github.routes[`GET ${HERE}/branches/main`] = () => ({ body: { protection: { enabled: isClassic } } })

    expect(await host.mayBypass(REPOSITORY, 'main')).toBe(expected)
  }
  expect(await openRecorded().host.mayBypass(REPOSITORY, 'main')).toBeNull()
})

test('what landed is told along first parents, with the pull requests that it came from', async () => {
  const { github, host } = openRecorded()
  const sha = (digit: string) => digit.repeat(40)
  const commit = (oid: string, ...parents: string[]) => ({
    oid,
    committedDate: '2026-11-18T09:00:00Z',
    parents: { nodes: parents.map((parent) => ({ oid: parent })) },
    associatedPullRequests: {
      pageInfo: { hasNextPage: false },
      nodes: [
        {
          number: 7,
          state: 'MERGED',
          headRefOid: sha('f'),
          baseRefName: 'main',
          mergeCommit: { oid },
          mergedBy: { __typename: 'User', login: 'ann', databaseId: 1 },
          author: null,
        },
      ],
    },
  })
  const nodes = [
    commit(sha('c'), sha('b'), sha('f')),
    commit(sha('f'), sha('a')),
    commit(sha('b'), sha('a')),
    commit(sha('a')),
  ]
  const history = { pageInfo: { hasNextPage: false, endCursor: null }, nodes }
  github.root = { repository: { object: { __typename: 'Commit', history } } }

  const landed = await host.landed(REPOSITORY, sha('a'), sha('c'))

  expect(landed.map((one) => one.sha)).toEqual([sha('b'), sha('c')])
  expect(landed[1]).toMatchObject({ parents: [sha('b'), sha('f')], pulls: [{ number: 7, mergedBy: { id: 1 } }] })
  await expect(host.landed(REPOSITORY, sha('f'), sha('c'))).rejects.toThrow('no first-parent ancestor')
})
