import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { moveRefs } from '../move-refs.ts'
import { refuseRefChange } from '../ref-rules.ts'
import { notFound, repositoryOf } from '../state/find.ts'
import type { RefChange } from '../storage/git-storage.ts'
import { isSafeRef } from '../storage/refs.ts'

const NONE = '0'.repeat(40)

/** @throws {Refusal} 422 when the ref exists, the name is none or the commit is not there */
export function createRef(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly ref: string; readonly sha: string },
): Promise<void> {
  const { repository, ref, sha } = input
  return github.turn(repository, async () => {
    if (!isSafeRef(ref) || !/^refs\/(heads|tags|[\w-]+)\/./.test(ref))
      throw new Refusal(422, 'Reference name is not valid')
    await commitHere(github, repository, sha)
    if ((await github.storage.tip(repository, ref)) !== null) throw new Refusal(422, 'Reference already exists')
    await change(github, actor, repository, [{ ref, from: null, to: sha }])
  })
}

/** @throws {Refusal} 422 when it is no fast-forward and not forced */
export function updateRef(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly ref: string; readonly sha: string; readonly force?: boolean },
): Promise<void> {
  const { repository, ref, sha } = input
  return github.turn(repository, async () => {
    await commitHere(github, repository, sha)
    const from = await github.storage.tip(repository, ref)
    if (from === null) throw new Refusal(422, 'Reference does not exist')
    if (input.force !== true && !(await github.storage.isAncestor(repository, from, sha)))
      throw new Refusal(422, 'Update is not a fast forward')
    await change(github, actor, repository, [{ ref, from, to: sha }])
  })
}

export function deleteRef(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly ref: string },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const from = await github.storage.tip(input.repository, input.ref)
    if (from === null) throw new Refusal(422, 'Reference does not exist')
    await change(github, actor, input.repository, [{ ref: input.ref, from, to: null }])
  })
}

export interface RefUpdate {
  readonly name: string
  /** Where the ref must stand: zeros for nowhere, absent for anywhere. */
  readonly beforeOid?: string | null
  /** Zeros delete it. */
  readonly afterOid: string
  readonly force?: boolean
}

/**
 * GraphQL's `updateRefs`: all or none.
 *
 * @throws {Refusal} `STALE_DATA` when a ref is not where `beforeOid` says
 */
export function updateRefs(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly updates: readonly RefUpdate[] },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const changes: RefChange[] = []
    for (const update of input.updates) changes.push(await changeOf(github, input.repository, update))
    await change(github, actor, input.repository, changes)
  })
}

async function changeOf(github: GitHub, repository: number, update: RefUpdate): Promise<RefChange> {
  const from = await github.storage.tip(repository, update.name)
  if (update.beforeOid != null && update.beforeOid !== (from ?? NONE))
    throw new Refusal(
      422,
      `Expected ${update.name} to point to "${update.beforeOid}" but it points to "${from ?? NONE}".`,
      {
        type: 'STALE_DATA',
      },
    )
  const to = update.afterOid === NONE ? null : update.afterOid
  if (to !== null) await commitHere(github, repository, to)
  const isForward = from === null || to === null || (await github.storage.isAncestor(repository, from, to))
  if (!isForward && update.force !== true) throw new Refusal(422, `${update.name}: update is not a fast forward`)
  return { ref: update.name, from, to }
}

async function change(github: GitHub, actor: Actor, id: number, changes: readonly RefChange[]): Promise<void> {
  const repository = repositoryOf(github.state, id)
  for (const one of changes) await refuseRefChange(github, actor, repository, one)
  const real = changes.filter((one) => one.from !== one.to)
  await moveRefs(github, actor, ...real.map((one) => ({ repository: id, change: one })))
}

async function commitHere(github: GitHub, repository: number, sha: string): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw new Refusal(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
  const object = await github.storage.object(repository, sha)
  if (object === null) throw new Refusal(422, 'Object does not exist')
  if (object.type !== 'commit' && object.type !== 'tag') throw notFound()
}
