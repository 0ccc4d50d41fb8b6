import { posix } from 'node:path'
import { putContents } from '../../acts/commit-on-branch.ts'
import { Refusal } from '../../github-state.ts'
import type { GitTreePath } from '../../storage/git-storage.ts'
import { repositoryPage, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import { gitCommitBody } from '../bodies/git-body.ts'
import { commitMeant } from '../named.ts'
import { found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

/** Above this the text is left out; above 100 times this nothing is answered. */
const MOST_INLINE_BYTES = 1024 * 1024
const MOST_BYTES = 100 * MOST_INLINE_BYTES
const MOST_ENTRIES = 1_000

export const contentsRoutes = {
  'repos/get-content': async (call) => {
    const path = (call.params.path ?? '').replace(/\/$/, '')
    const ref = call.query.ref ?? call.repository.defaultBranch
    const commit = found(await commitMeant(call.github, call.repository, ref))
    const entry = found(await call.github.storage.entry(call.repository.id, commit, path))
    if (entry.mode === '040000') return folder(call, ref, path, entry.oid)
    if (entry.mode === '120000') return symlink(call, ref, commit, { ...entry, path })
    return file(call, ref, { ...entry, path })
  },
  'repos/create-or-update-file-contents': put,
} satisfies Readonly<Record<string, RestHandler>>

async function folder(call: RestCall, ref: string, path: string, oid: string) {
  const entries = found(await call.github.storage.tree(call.repository.id, oid)).slice(0, MOST_ENTRIES)
  return ok(
    await Promise.all(
      entries.map(async ({ name, mode, oid: sha }) => {
        const below = path === '' ? name : `${path}/${name}`
        const type =
          mode === '040000' ? 'dir' : mode === '120000' ? 'symlink' : mode === '160000' ? 'submodule' : 'file'
        const size = type === 'file' ? ((await call.github.storage.blob(call.repository.id, sha))?.length ?? 0) : 0
        return { ...linksOf(call, ref, { path: below, sha, isFolder: type === 'dir' }), type, size }
      }),
    ),
  )
}

/** A link to a file of the repository is answered with that file, any other as what it is. */
async function symlink(call: RestCall, ref: string, commit: string, { path, oid }: GitTreePath) {
  const target = found(await call.github.storage.blob(call.repository.id, oid)).toString('utf8')
  const place = posix.normalize(posix.join(posix.dirname(path), target))
  const isInside = !posix.isAbsolute(target) && !place.startsWith('..')
  const entry = isInside ? await call.github.storage.entry(call.repository.id, commit, place) : null
  if (entry?.mode.startsWith('100')) return file(call, ref, { ...entry, path })
  const links = linksOf(call, ref, { path, sha: oid, isFolder: false })
  return ok({ ...links, type: 'symlink', target, size: target.length })
}

async function file(call: RestCall, ref: string, { path, oid }: GitTreePath) {
  const bytes = found(await call.github.storage.blob(call.repository.id, oid))
  if (call.accept.includes('raw')) {
    if (bytes.length > MOST_BYTES) throw tooLarge()
    return { status: 200, body: bytes }
  }
  if (bytes.length > MOST_BYTES) throw tooLarge()
  const isInline = bytes.length <= MOST_INLINE_BYTES
  return ok({
    ...linksOf(call, ref, { path, sha: oid, isFolder: false }),
    type: 'file',
    size: bytes.length,
    encoding: isInline ? 'base64' : 'none',
    content: isInline ? bytes.toString('base64').replaceAll(/.{1,60}/g, '$&\n') : '',
  })
}

function tooLarge(): Refusal {
  return new Refusal(403, 'This API returns blobs up to 100 MB in size.', {
    errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
  })
}

function linksOf(
  { github, repository }: RestCall,
  ref: string,
  of: { readonly path: string; readonly sha: string; readonly isFolder: boolean },
) {
  const base = repositoryUrl(github.state, repository)
  const page = repositoryPage(github.state, repository)
  const path = encodeURI(of.path)
  const url = `${base}/contents/${path}?ref=${encodeURIComponent(ref)}`
  const git = `${base}/git/${of.isFolder ? 'trees' : 'blobs'}/${of.sha}`
  const html = `${page}/${of.isFolder ? 'tree' : 'blob'}/${ref}/${path}`
  return {
    name: of.path.slice(of.path.lastIndexOf('/') + 1),
    path: of.path,
    sha: of.sha,
    url,
    git_url: git,
    html_url: html,
    download_url: of.isFolder ? null : `${page}/raw/${ref}/${path}`,
    _links: { self: url, git, html },
  }
}

interface PutBody {
  readonly message: string
  readonly content: string
  readonly sha?: string
  readonly branch?: string
}

async function put(call: RestCall) {
  const { github, actor, repository } = call
  const { message, content, sha, branch = repository.defaultBranch } = call.body as unknown as PutBody
  const path = call.params.path ?? ''
  const bytes = Buffer.from(content, 'base64')
  const made = await putContents(github, actor, {
    repository: repository.id,
    branch,
    path,
    bytes,
    message,
    ...(sha === undefined ? {} : { blobSha: sha }),
  })
  const commit = found(await github.storage.commit(repository.id, made.sha))
  return {
    status: sha === undefined ? 201 : 200,
    body: {
      content: {
        ...linksOf(call, branch, { path, sha: made.blobSha ?? '', isFolder: false }),
        type: 'file',
        size: bytes.length,
      },
      commit: gitCommitBody(call, commit),
    },
  }
}
