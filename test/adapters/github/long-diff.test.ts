import { expect, test } from 'vitest'
import { openRecorded, REPOSITORY } from './recorded-github.ts'

const [BASE, HEAD, BLOB] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
const HERE = '/repos/acme/models'
const none = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] }

/** A pull request that has been read, with as many changed paths as are asked for; none of them is ours. */
async function pullWith(paths: number, now: { readonly head?: string; readonly changed?: number } = {}) {
  const { github, host } = openRecorded()
  const files = Array.from({ length: paths }, (_, at) => ({ filename: `src/${at}.py`, status: 'added', sha: BLOB }))
  const pullRequest = {
    id: 'PR_7',
    number: 7,
    state: 'OPEN',
    isDraft: false,
    title: '',
    mergeable: 'UNKNOWN',
    isInMergeQueue: false,
    isCrossRepository: false,
    author: null,
    baseRefName: 'main',
    baseRefOid: BASE,
    baseRef: { target: { oid: BASE } },
    headRefName: 'x',
    headRefOid: HEAD,
    headRepository: null,
    mergeQueue: null,
    writers: none,
    everyone: none,
    commits: none,
    tip: none,
  }
  const branch = { name: 'main', target: { oid: BASE } }
  const repository = { defaultBranchRef: branch, configuration: null, ledger: null, pullRequest }
  github.routes['GraphQL PullNow'] = () => ({ body: { data: { repository } } })
  github.routes[`GET ${HERE}/commits/${HEAD}/check-runs`] = () => ({ body: { total_count: 0, check_runs: [] } })
  github.routes[`GET ${HERE}/compare/${BASE}...${HEAD}`] = () => ({
    body: { merge_base_commit: { sha: BASE }, files: files.slice(0, 300) },
  })
  github.routes[`GET ${HERE}/pulls/7/files`] = ({ query }) => {
    const page = Number(query.page ?? 1)
    const next = `<https://api.github.com${HERE}/pulls/7/files?per_page=100&page=${page + 1}>; rel="next"`
    return { body: files.slice(100 * (page - 1), 100 * page), ...(100 * page < paths && { headers: { link: next } }) }
  }
  github.routes[`GET ${HERE}/pulls/7`] = () => ({
    body: { changed_files: now.changed ?? paths, head: { sha: now.head ?? HEAD } },
  })
  await host.pull(REPOSITORY, 7)
  return { github, repository: host.open(REPOSITORY) }
}

test('more paths than a comparison lists are read page by page from the pull request', async () => {
  const { github, repository } = await pullWith(450)

  const changed = await repository.diff(await repository.mergeBase(BASE, HEAD), HEAD)

  expect(changed).toHaveLength(450)
  expect(github.calls.filter((call) => call.endsWith('/files'))).toHaveLength(5)
  expect(github.calls).not.toContain('GraphQL Contents')
})

test('that list is believed only when it is of this head, complete, and within what GitHub lists', async () => {
  const moved = await pullWith(450, { head: BASE })
  await expect(moved.repository.mergeBase(BASE, HEAD)).rejects.toThrow('the head moved while its paths were listed')

  const cut = await pullWith(450, { changed: 451 })
  await expect(cut.repository.mergeBase(BASE, HEAD)).rejects.toThrow('451 paths differ, and GitHub lists 450')

  const endless = await pullWith(3000)
  await expect(endless.repository.mergeBase(BASE, HEAD)).rejects.toMatchObject({ retryable: false })
})
