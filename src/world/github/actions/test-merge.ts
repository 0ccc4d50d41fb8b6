import { commitTree } from '../api-commit.ts'
import type { GitHub, WorldPull } from '../github-state.ts'
import { actionsActor } from './actions-app.ts'

/** The commit that merging would make now, kept at `refs/pull/<n>/merge`; null when there are conflicts. */
export async function makeTestMerge(github: GitHub, pull: WorldPull): Promise<string | null> {
  const { repository, number, head } = pull
  const base = await github.storage.tip(repository, `refs/heads/${pull.base.ref}`)
  const tree = base === null ? null : await github.storage.mergeTree(repository, base, head.sha)
  if (base === null || tree === null) return null
  const sha = await commitTree(github, actionsActor(github, repository), {
    repository,
    tree,
    parents: [base, head.sha],
    message: `Merge ${head.sha} into ${base}`,
    isWeb: true,
  })
  const ref = `refs/pull/${number}/merge`
  await github.storage.update(repository, [{ ref, from: await github.storage.tip(repository, ref), to: sha }])
  return sha
}
