import type { GitHub, WorldRepository } from '../../github-state.ts'
import type { GitDiffFile } from '../../storage/git-storage.ts'
import { repositoryPage, repositoryUrl } from '../../webhooks/bodies/repository-body.ts'

/** A span of history whose changed files are asked for. */
export interface Span {
  readonly repository: WorldRepository
  readonly from: string | null
  readonly to: string
}

/** Changed files of a span, with the hunks of those that have any; only `files` are shown, patches are read once. */
export async function fileBodies(github: GitHub, span: Span, files: readonly GitDiffFile[]) {
  const patches = files.length === 0 ? new Map() : await github.storage.patches(span.repository.id, span.from, span.to)
  return files.map((file) => fileBody(github, span, file, patches.get(file.path)))
}

function fileBody(github: GitHub, { repository, to }: Span, file: GitDiffFile, patch: string | undefined) {
  const path = encodeURI(file.path)
  const page = repositoryPage(github.state, repository)
  return {
    sha: file.newOid ?? file.oldOid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${to}/${path}`,
    raw_url: `${page}/raw/${to}/${path}`,
    contents_url: `${repositoryUrl(github.state, repository)}/contents/${path}?ref=${to}`,
    ...(patch === undefined || file.isBinary ? {} : { patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  }
}
