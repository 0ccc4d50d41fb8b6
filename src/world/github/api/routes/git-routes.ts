import { commitTree } from '../../api-commit.ts'
import { Refusal } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import type { GitPerson } from '../../storage/git-storage.ts'
import { repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { gitCommitBody } from '../bodies/git-body.ts'
import { created, found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

const MOST_ENTRIES = 100_000
const LARGEST_BLOB = 100 * 1024 * 1024

export const gitRoutes = {
  'git/get-commit': async (call) =>
    ok(gitCommitBody(call, found(await call.github.storage.commit(call.repository.id, call.params.commit_sha ?? '')))),
  'git/get-tree': getTree,
  'git/get-blob': async (call) => {
    const sha = call.params.file_sha ?? ''
    const bytes = found(await call.github.storage.blob(call.repository.id, sha))
    if (bytes.length > LARGEST_BLOB) throw new Refusal(403, 'This API returns blobs up to 100 MB in size.')
    if (call.accept.includes('raw')) return { status: 200, body: bytes }
    return ok({
      sha,
      node_id: nodeId('Blob', call.repository.id, sha),
      url: `${repositoryUrl(call.github.state, call.repository)}/git/blobs/${sha}`,
      size: bytes.length,
      content: lines(bytes.toString('base64')),
      encoding: 'base64',
    })
  },
  'git/create-blob': async (call) => {
    const { content, encoding } = call.body as { readonly content: string; readonly encoding?: string }
    const sha = await call.github.storage.writeBlob(
      call.repository.id,
      Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'),
    )
    return created({ sha, url: `${repositoryUrl(call.github.state, call.repository)}/git/blobs/${sha}` })
  },
  'git/create-tree': createTree,
  'git/create-commit': createCommit,
} satisfies Readonly<Record<string, RestHandler>>

/** Base64 as GitHub breaks it: 60 characters a line. */
function lines(text: string): string {
  return text.replaceAll(/.{1,60}/g, '$&\n')
}

async function getTree(call: RestCall) {
  const { github, repository } = call
  const { storage } = github
  const text = call.params.tree_sha ?? ''
  const meant = await treeMeant(call, text)
  const isRecursive = call.query.recursive !== undefined
  const entries = isRecursive
    ? await storage.list(repository.id, meant, { trees: true })
    : found(await storage.tree(repository.id, meant)).map((one) => ({ path: one.name, mode: one.mode, oid: one.oid }))
  return ok({
    ...(await treeBody(call, meant, entries.slice(0, MOST_ENTRIES))),
    truncated: entries.length > MOST_ENTRIES,
  })
}

async function treeMeant({ github, repository }: RestCall, text: string): Promise<string> {
  const tip = await github.storage.tip(repository.id, `refs/heads/${text}`)
  const object = tip ?? text
  const commit = await github.storage.commit(repository.id, object)
  return commit?.tree ?? object
}

async function treeBody(
  call: RestCall,
  sha: string,
  entries: readonly { readonly path: string; readonly mode: string; readonly oid: string }[],
) {
  const base = `${repositoryUrl(call.github.state, call.repository)}/git`
  return {
    sha,
    url: `${base}/trees/${sha}`,
    tree: await Promise.all(
      entries.map(async ({ path, mode, oid }) => {
        const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'
        if (type === 'commit') return { path, mode, type, sha: oid }
        const url = `${base}/${type}s/${oid}`
        if (type === 'tree') return { path, mode, type, sha: oid, url }
        return {
          path,
          mode,
          type,
          sha: oid,
          url,
          size: (await call.github.storage.blob(call.repository.id, oid))?.length ?? 0,
        }
      }),
    ),
  }
}

interface TreeItem {
  readonly path: string
  readonly mode: string
  readonly sha?: string | null
  readonly content?: string
}

async function createTree(call: RestCall) {
  const { storage } = call.github
  const { tree, base_tree: base } = call.body as { readonly tree: readonly TreeItem[]; readonly base_tree?: string }
  const changes = new Map<string, { readonly oid: string; readonly mode: string } | null>()
  for (const { path, mode, sha, content } of tree) {
    if (sha === null) changes.set(path, null)
    else if (sha !== undefined) changes.set(path, { oid: await mustExist(call, sha), mode })
    else changes.set(path, { oid: await storage.writeBlob(call.repository.id, Buffer.from(content ?? '')), mode })
  }
  const start = base === undefined ? await storage.writeTree(call.repository.id, []) : await treeMeant(call, base)
  const made = await storage.changeTree(call.repository.id, start, changes)
  const entries = found(await storage.tree(call.repository.id, made))
  return created({
    ...(await treeBody(
      call,
      made,
      entries.map((one) => ({ path: one.name, mode: one.mode, oid: one.oid })),
    )),
    truncated: false,
  })
}

async function mustExist(call: RestCall, oid: string): Promise<string> {
  if ((await call.github.storage.object(call.repository.id, oid)) !== null) return oid
  throw new Refusal(422, `tree.sha ${oid} is not a valid tree`)
}

interface GivenPerson {
  readonly name: string
  readonly email: string
  readonly date?: string
}

interface GivenCommit {
  readonly message: string
  readonly tree: string
  readonly parents?: readonly string[]
  readonly author?: GivenPerson
  readonly committer?: GivenPerson
}

/** GitHub signs what an app commits without naming an author or a committer. */
async function createCommit(call: RestCall) {
  const { github, actor, repository } = call
  const { message, tree, parents = [], author, committer } = call.body as unknown as GivenCommit
  if ((await github.storage.tree(repository.id, tree)) === null) throw new Refusal(422, 'Tree SHA does not exist')
  for (const parent of parents) {
    const commit = await github.storage.commit(repository.id, parent)
    if (commit === null) throw new Refusal(422, 'Parent SHA does not exist or is not a commit object')
  }
  const sha = await commitTree(github, actor, {
    repository: repository.id,
    message,
    tree,
    parents,
    isWeb: actor.kind === 'installation' && author === undefined && committer === undefined,
    ...(author === undefined ? {} : { author: person(call, author) }),
    ...(committer === undefined ? {} : { committer: person(call, committer) }),
  })
  return created(gitCommitBody(call, found(await github.storage.commit(repository.id, sha))))
}

function person({ github }: RestCall, { name, email, date }: GivenPerson): GitPerson {
  const at = date === undefined ? github.clock.now() : Date.parse(date)
  return { name, email, at: Math.floor(at / 1000), zone: '+0000' }
}
