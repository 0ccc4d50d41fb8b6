import { GitFailure } from '../../adapters/checkout/git.ts'
import { type Actor, type GitHub, Refusal } from './github-state.ts'
import { reconcileQueue } from './merge-queue.ts'
import { type Movement, refMoved } from './ref-moved.ts'

/** Moves a ref, with everything that follows from it. Nobody's permission is asked here. */
export async function moveRefs(github: GitHub, actor: Actor, ...movements: readonly Movement[]): Promise<void> {
  const repository = movements[0]?.repository
  if (repository === undefined) return
  const changes = movements.map((one) => one.change)
  const isDone = await github.storage.update(repository, changes).catch((error: unknown) => {
    // `main/x` cannot be beside `main`
    if (error instanceof GitFailure) throw new Refusal(422, `Reference cannot be updated: ${error.message}`)
    throw error
  })
  if (!isDone) throw new Refusal(409, 'Reference cannot be updated: it has moved', { type: 'STALE_DATA' })
  for (const movement of movements) await refMoved(github, actor, movement)
  await reconcileQueue(github, repository)
}
