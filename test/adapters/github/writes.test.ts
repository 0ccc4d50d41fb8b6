import { expect, test } from 'vitest'
import type { CheckWrite } from '../../../src/ports/check-run.ts'
import { APP, type Asked, BOT, openRecorded, REPOSITORY } from './recorded-github.ts'

const SHA = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)
const HERE = '/repos/acme/models'
const LOST = new TypeError('fetch failed', {
  cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
})

const CHECK: CheckWrite = {
  id: null,
  name: 'weighbridge',
  headSha: SHA,
  status: 'completed',
  conclusion: 'action_required',
  externalId: '1:main:7:abc',
  title: 'held',
  summary: 'why',
  text: 'long',
  annotations: [{ path: 'a.yml', startLine: 1, endLine: 2, level: 'failure', title: 'auc', message: 'too low' }],
  buttons: [{ label: 'Weigh again', description: 'Read everything anew', identifier: 'weigh-again' }],
  detailsUrl: null,
}

function shownRun(check: CheckWrite, id: number, app = APP) {
  const { name, status, conclusion, externalId: external_id } = check
  return { id, name, status, conclusion, external_id, completed_at: null, output: { text: null }, app: { id: app } }
}

test('a merge names the commit that was weighed; without one nothing is sent (S34)', async () => {
  const { github, host } = openRecorded()
  const route = `PUT ${HERE}/pulls/7/merge`
  github.routes[route] = ({ body }) =>
    body?.sha === SHA
      ? { body: { sha: OTHER, merged: true, message: '' } }
      : { status: 422, body: { message: 'no sha' } }

  expect(await host.merge(REPOSITORY, 7, { sha: SHA, method: 'squash' })).toEqual({ is: 'merged', sha: OTHER })
  expect(github.asked.at(-1)?.body).toEqual({ sha: SHA, merge_method: 'squash' })
  await expect(host.merge(REPOSITORY, 7, { sha: '', method: 'squash' })).rejects.toThrow('is no commit id')
  expect(github.calls).toEqual([route])
})

test('405, 409 and 422 are refusals, told apart by reading again; a lost answer is not tried again (S34)', async () => {
  const { github, host } = openRecorded()
  for (const status of [405, 409, 422]) {
    github.routes[`PUT ${HERE}/pulls/7/merge`] = () => ({ status, body: { message: 'Base branch was modified' } })
    expect(await host.merge(REPOSITORY, 7, { sha: SHA, method: 'merge' })).toMatchObject({ is: 'refused', status })
  }
  github.calls.length = 0
  for (const lost of [LOST, { status: 502, body: {} }]) {
    github.routes[`PUT ${HERE}/pulls/7/merge`] = () => lost
    await expect(host.merge(REPOSITORY, 7, { sha: SHA, method: 'merge' })).rejects.toMatchObject({ isAmbiguous: true })
  }
  expect(github.calls).toHaveLength(2)
})

test('a check whose answer is lost is looked for, after the time that lists lag, before it is made again (S37)', async () => {
  const made: number[] = []
  const { github, host, clock } = openRecorded()
  const madeAt: number[] = []
  github.routes[`POST ${HERE}/check-runs`] = () => {
    made.push(made.length + 1)
    madeAt.push(clock.now())
    return LOST
  }
  github.routes[`GET ${HERE}/commits/${SHA}/check-runs`] = () => {
    // what was created shows only after six seconds
    const shown = made.filter((_, at) => clock.now() - (madeAt[at] ?? 0) > 6000)
    return { body: { total_count: shown.length, check_runs: shown.map((id) => shownRun(CHECK, id)) } }
  }

  expect(await host.publish(CHECK, REPOSITORY)).toEqual({ id: 1 })
  expect(made).toEqual([1])
})

test('a check that never shows is made twice at most, and then it is said that it may be there', async () => {
  const { github, host } = openRecorded()
  github.routes[`POST ${HERE}/check-runs`] = () => LOST
  github.routes[`GET ${HERE}/commits/${SHA}/check-runs`] = () => ({ body: { total_count: 0, check_runs: [] } })

  await expect(host.publish(CHECK, REPOSITORY)).rejects.toMatchObject({ isAmbiguous: true, status: 0 })
  expect(github.calls.filter((call) => call.startsWith('POST'))).toHaveLength(2)
})

test('a check is made with its annotations and changed without them; a change may be repeated', async () => {
  const { github, host } = openRecorded()
  let tries = 0
  github.routes[`POST ${HERE}/check-runs`] = () => ({ status: 201, body: { id: 9 } })
  github.routes[`PATCH ${HERE}/check-runs/9`] = () => (++tries < 3 ? { status: 502, body: {} } : { body: { id: 9 } })

  await host.publish(CHECK, REPOSITORY)
  await host.publish({ ...CHECK, id: 9, annotations: [], text: null }, REPOSITORY)

  const [created, , , changed] = github.asked.map(({ body }) => body)
  expect(created.output.annotations).toEqual([
    { path: 'a.yml', start_line: 1, end_line: 2, annotation_level: 'failure', title: 'auc', message: 'too low' },
  ])
  expect(created).toMatchObject({ head_sha: SHA, name: 'weighbridge', conclusion: 'action_required' })
  expect(changed.output).toEqual({ title: 'held', summary: 'why', text: '' })
  expect(tries).toBe(3)
})

test('a check of our name by another app is none of ours (S27)', async () => {
  const { github, host } = openRecorded()
  const runs = [shownRun(CHECK, 1, 15368), shownRun({ ...CHECK, externalId: 'older' }, 2), shownRun(CHECK, 3)]
  github.routes[`GET ${HERE}/commits/${SHA}/check-runs`] = ({ query }) => {
    expect(query).toMatchObject({ app_id: `${APP}`, filter: 'latest' })
    return { body: { total_count: 3, check_runs: runs } }
  }

  expect((await host.checksOn(REPOSITORY, SHA)).map(({ id }) => id)).toEqual([3])
})

const MARKER = '<!-- weighbridge:status -->'
const other = { type: 'User', login: 'mallory', id: 666 }
const ours = { type: 'Bot', login: BOT.login, id: BOT.id }

function commentsOf(...comments: readonly object[]) {
  return () => ({ body: comments.map((comment, at) => ({ id: at + 1, node_id: `c${at}`, ...comment })) })
}
const COMMENTS = `GET ${HERE}/issues/7/comments`

test('our marker in somebody else’s comment is his: we write our own (S44, S13)', async () => {
  const { github, host } = openRecorded()
  github.routes[COMMENTS] = commentsOf(
    { user: other, body: `${MARKER}\nmerged, trust me` },
    { user: { ...other, type: 'Bot', login: BOT.login }, body: `${MARKER}\nhello` },
    { user: ours, body: `not the ${MARKER}` },
  )
  github.routes[`POST ${HERE}/issues/7/comments`] = () => ({ status: 201, body: { id: 9 } })

  await host.comment(REPOSITORY, 7, MARKER, 'held')

  expect(github.asked.at(-1)?.body).toEqual({ body: `${MARKER}\nheld` })
  expect(github.calls.filter((call) => /^(POST|PATCH)/.test(call))).toEqual([`POST ${HERE}/issues/7/comments`])
})

test('one comment is kept: left alone when it says so already, edited when not, doubles folded away', async () => {
  const { github, host } = openRecorded()
  github.routes[COMMENTS] = commentsOf({ user: ours, body: `${MARKER}\r\nheld\r\n` })
  await host.comment(REPOSITORY, 7, MARKER, 'held')
  expect(github.calls.filter((call) => /^(POST|PATCH)/.test(call))).toEqual([])

  github.routes[COMMENTS] = commentsOf({ user: ours, body: `${MARKER}\none` }, { user: ours, body: `${MARKER}\ntwo` })
  github.routes['GraphQL Minimise'] = () => ({ body: { data: { minimizeComment: { minimizedComment: null } } } })
  for (const id of [1, 2]) github.routes[`PATCH ${HERE}/issues/comments/${id}`] = () => ({ body: { id } })
  await host.comment(REPOSITORY, 7, MARKER, 'passed')

  const writes = github.asked.slice(-3)
  expect(github.calls.slice(-3)).toEqual([
    'GraphQL Minimise',
    `PATCH ${HERE}/issues/comments/1`,
    `PATCH ${HERE}/issues/comments/2`,
  ])
  expect(writes[0]?.body.variables).toEqual({ id: 'c0' })
  expect(writes.slice(1).map(({ body }) => body.body)).toEqual(['one', `${MARKER}\npassed`])
})

test('an issue is opened once, and found again by author and marker', async () => {
  const { github, host } = openRecorded()
  const open: object[] = [
    { number: 1, title: 't', body: `${MARKER}\nold`, user: { id: 666, login: 'm', type: 'User' } },
  ]
  github.routes[`GET ${HERE}/issues`] = ({ query }) => ({ body: query.creator === BOT.login ? open : [] })
  github.routes[`POST ${HERE}/issues`] = ({ body }) => {
    open.push({ number: 2, ...body, user: { id: BOT.id, login: BOT.login, type: 'Bot' } })
    return LOST
  }
  const of = { title: 'unweighed', body: 'what landed', labels: ['weighbridge'] }

  expect(await host.issue(REPOSITORY, MARKER, of)).toEqual({ number: 2 })
  expect(await host.issue(REPOSITORY, MARKER, of)).toEqual({ number: 2 })
  expect(github.calls.filter((call) => call.startsWith('POST'))).toEqual([`POST ${HERE}/issues`])
})

test('a deployment is made once for environment, commit and model; it merges nothing and waits for nobody', async () => {
  const { github, host } = openRecorded()
  const all: Record<string, unknown>[] = []
  const statuses: object[] = []
  github.routes[`GET ${HERE}/deployments`] = ({ query }) => ({
    body: all.filter((one) => ['environment', 'task'].every((key) => one[key] === query[key])),
  })
  github.routes[`POST ${HERE}/deployments`] = ({ body }) => {
    all.push({ id: 5, sha: body.ref, creator: { id: BOT.id, login: BOT.login, type: 'Bot' }, ...body })
    return LOST
  }
  github.routes[`GET ${HERE}/deployments/5/statuses`] = () => ({ body: statuses })
  github.routes[`POST ${HERE}/deployments/5/statuses`] = ({ body }) => {
    statuses.push({ id: 6, ...body })
    return { status: 201, body: { id: 6 } }
  }
  const of = { environment: 'production', sha: SHA, model: 'churn', version: '1.4.0', description: 'churn 1.4.0' }

  await host.deployment(REPOSITORY, of)
  await host.deployment(REPOSITORY, of)

  expect(all).toHaveLength(1)
  expect(all[0]).toMatchObject({ auto_merge: false, required_contexts: [], payload: { model: 'churn' } })
  expect(statuses).toEqual([{ id: 6, state: 'success', description: 'churn 1.4.0' }])
})

const COMMIT = {
  branch: 'weighbridge/ledger',
  headline: 'append [skip ci]',
  files: [{ path: 'a.jsonl', content: 'é\n' }],
}

test('a commit goes on top of what was expected, or is told that the branch moved', async () => {
  const { github, host } = openRecorded()
  let at = OTHER
  github.root = { repository: { ref: () => ({ target: { __typename: 'Commit', oid: at } }) } }
  const answers: (object | Error)[] = [
    { body: { data: { createCommitOnBranch: { commit: { oid: SHA } } } } },
    { body: { data: null, errors: [{ type: 'STALE_DATA', message: 'Expected branch to point to' }] } },
    LOST,
  ]
  github.routes['GraphQL Commit'] = () => answers.shift() as never

  expect(await host.commit(REPOSITORY, { ...COMMIT, expected: OTHER })).toEqual({ is: 'committed', sha: SHA })
  expect(github.asked.at(-1)?.body.variables).toEqual({
    repository: 'acme/models',
    branch: 'weighbridge/ledger',
    expected: OTHER,
    headline: 'append [skip ci]',
    files: { additions: [{ path: 'a.jsonl', contents: Buffer.from('é\n').toString('base64') }], deletions: [] },
  })
  at = SHA
  expect(await host.commit(REPOSITORY, { ...COMMIT, expected: OTHER })).toMatchObject({ is: 'moved' })
  expect(await host.commit(REPOSITORY, { ...COMMIT, expected: OTHER })).toMatchObject({ is: 'moved' })
})

test('a commit that GitHub refuses although nothing moved is a failure, not a reason to try for ever', async () => {
  const { github, host } = openRecorded()
  github.root = { repository: { ref: { target: { __typename: 'Commit', oid: OTHER } } } }
  github.routes['GraphQL Commit'] = () => ({ body: { data: null, errors: [{ type: 'FORBIDDEN', message: 'no' }] } })

  await expect(host.commit(REPOSITORY, { ...COMMIT, expected: OTHER })).rejects.toThrow('FORBIDDEN: no')
})

/** Git objects and refs, as far as locks need them. */
function refsOf(opened: ReturnType<typeof openRecorded>) {
  const { github } = opened
  const refs = new Map<string, string>()
  let count = 0
  const sha = () => (++count).toString(16).padStart(40, '0')
  const contents = new Map<string, string>()
  github.routes[`POST ${HERE}/git/trees`] = ({ body }) => {
    const made = sha()
    contents.set(made, body.tree[0].content)
    return { status: 201, body: { sha: made } }
  }
  const messages = new Set<string>()
  github.routes[`POST ${HERE}/git/commits`] = ({ body }: Asked) => {
    messages.add(body.message)
    const made = sha()
    contents.set(made, contents.get(body.tree) ?? '')
    return { status: 201, body: { sha: made } }
  }
  github.routes[`POST ${HERE}/git/refs`] = ({ body }: Asked) => {
    if (refs.has(body.ref)) return { status: 422, body: { message: 'Reference already exists' } }
    refs.set(body.ref, body.sha)
    return { status: 201, body: { ref: body.ref } }
  }
  const file = (oid: string) => () => ({
    object: { __typename: 'Blob', isBinary: false, isTruncated: false, text: contents.get(oid) },
  })
  github.root = {
    repository: {
      id: 'R_1',
      ref: ({ qualifiedName }: { qualifiedName: string }) => {
        const oid = refs.get(qualifiedName)
        return oid === undefined ? null : { target: { __typename: 'Commit', oid, file: file(oid) } }
      },
    },
  }
  github.routes['GraphQL MoveRef'] = ({ body: { variables } }) => {
    if (refs.get(variables.ref) !== variables.before)
      return { body: { data: null, errors: [{ type: 'STALE_DATA', message: 'moved' }] } }
    if (/^0+$/.test(variables.after)) refs.delete(variables.ref)
    else refs.set(variables.ref, variables.after)
    return { body: { data: { updateRefs: { clientMutationId: null } } } }
  }
  return { refs, messages }
}

const LOCK = 'refs/heads/weighbridge/lock/production/churn'

test('of fifty claims of one lock exactly one wins, and the others see who holds it (S38)', async () => {
  const opened = openRecorded({ throttle: { spacingMs: 0, writesPerMinute: 1000, writesPerHour: 1000 } })
  const { refs, messages } = refsOf(opened)

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => opened.host.createLock(REPOSITORY, LOCK, `owner ${at}`)),
  )

  const winners = answers.filter(({ is }) => is === 'made')
  expect(winners).toEqual([{ is: 'made', sha: refs.get(LOCK) }])
  const holders = new Set(answers.flatMap((one) => (one.is === 'taken' ? [one.content] : [])))
  expect(holders.size).toBe(1)
  expect(messages.size).toBe(50)
})

test('a claim whose answer was lost knows its own lock again; a lock moves only from where it was seen (S38)', async () => {
  const opened = openRecorded()
  const { refs } = refsOf(opened)
  const create = opened.github.routes[`POST ${HERE}/git/refs`]!
  opened.github.routes[`POST ${HERE}/git/refs`] = async (asked) => {
    await create(asked)
    return LOST
  }

  const made = await opened.host.createLock(REPOSITORY, LOCK, 'mine')

  expect(made).toEqual({ is: 'made', sha: refs.get(LOCK) })
  expect(await opened.host.replaceLock(REPOSITORY, LOCK, OTHER, null)).toBe(false)
  expect(await opened.host.replaceLock(REPOSITORY, LOCK, made.sha, 'renewed')).toBe(true)
  expect(await opened.host.replaceLock(REPOSITORY, LOCK, made.sha, null)).toBe(false)
  expect(await opened.host.replaceLock(REPOSITORY, LOCK, refs.get(LOCK) ?? '', null)).toBe(true)
  expect(refs.has(LOCK)).toBe(false)
})

test('the queue takes exactly the weighed head; what it answers is not yet a merge', async () => {
  const { github, host } = openRecorded()
  const pull = { nodeId: 'PR_7', head: { ref: 'x', sha: SHA } } as Parameters<typeof host.enqueue>[1]
  github.routes['GraphQL Enqueue'] = ({ body }) => {
    expect(body.variables).toEqual({ pull: 'PR_7', head: SHA })
    return { body: { data: { enqueuePullRequest: { mergeQueueEntry: { id: 'MQE_1' } } } } }
  }
  expect(await host.enqueue(REPOSITORY, pull)).toEqual({ is: 'queued' })

  github.routes['GraphQL Enqueue'] = () => ({
    body: { data: null, errors: [{ type: 'UNPROCESSABLE', message: 'draft' }] },
  })
  expect(await host.enqueue(REPOSITORY, pull)).toMatchObject({ is: 'refused', status: 422 })
})
