import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { GitHub } from '../../github-state.ts'

/** The files of a commit, written into a folder; links are left out. */
export async function writeCommit(
  github: GitHub,
  of: { readonly repository: number; readonly sha: string; readonly folder: string },
): Promise<void> {
  const commit = await github.storage.commit(of.repository, of.sha)
  if (commit === null) throw new Error(`there is no commit ${of.sha}`)
  mkdirSync(of.folder, { recursive: true })
  for (const { path, mode, oid } of await github.storage.list(of.repository, commit.tree)) {
    const bytes = mode.startsWith('100') ? await github.storage.blob(of.repository, oid) : null
    if (bytes === null) continue
    const target = join(of.folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes, { mode: mode === '100755' ? 0o755 : 0o644 })
  }
}
