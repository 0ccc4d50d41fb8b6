import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { BoundedMemory } from './bounded-memory.ts'
import { keepAnswer } from './content-answer.ts'
import { openContentMemory } from './content-memory.ts'
import { FOLDER_WITH_TEXT } from './content-query.ts'
import { GraphqlFailure, isTooMuch, refused } from './failures.ts'
import { ofRepository, oidSchema, type Side } from './side.ts'

const OPERATION = 'read the default branch'

const DEFAULT_TIP = `
query DefaultTip($owner: String!, $name: String!, $folder: String!, $isRead: Boolean!) {
  repository(owner: $owner, name: $name, followRenames: false) {
    defaultBranchRef {
      target { oid ... on Commit { w0: file(path: $folder) @include(if: $isRead) { ${FOLDER_WITH_TEXT} } } }
    }
  }
}`
const tipAnswer = z.object({
  repository: z.object({ defaultBranchRef: z.object({ target: z.looseObject({ oid: oidSchema }) }).nullable() }),
})

/**
 * The commit that the default branch is at, and with it a folder's files, which are remembered: one query. A folder that
 * is too much for one is left to be read when it is asked for.
 *
 * A repository that was renamed is not there: whoever named it meant that name.
 *
 * @throws {HostFailure} when there is no such repository for us, or it is empty
 */
export async function defaultTip(
  side: Side,
  repository: HostedRepository,
  folder: string,
  shared: BoundedMemory<unknown>,
): Promise<string> {
  const target = await readTip(side, repository, folder)
  const wish = { kind: 'folder', sha: target.oid, path: folder, withText: true } as const
  if ('w0' in target) keepAnswer(openContentMemory(shared, repository), [wish], { c0: target })
  return target.oid
}

async function readTip(side: Side, repository: HostedRepository, folder: string, isRead = true) {
  const variables = { ...ofRepository(repository), folder, isRead }
  const call = { operation: OPERATION, document: DEFAULT_TIP, variables, answer: tipAnswer }
  try {
    const { defaultBranchRef: branch } = (await side.calls.query(call)).repository
    if (branch === null) throw refused(OPERATION, 404, 'the repository is empty')
    return branch.target
  } catch (error) {
    if (!isRead || !(error instanceof GraphqlFailure) || !isTooMuch(error.errors)) throw error
    return readTip(side, repository, folder, false)
  }
}
