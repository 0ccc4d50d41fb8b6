import type { GitHub } from '../github-state.ts'
import { appOf, notFound, takeId } from '../state/find.ts'

/** Asks for a delivery once more: a new attempt, with the same GUID and the same body. Only the app itself may ask. */
export async function redeliver(
  github: GitHub,
  input: { readonly app: number; readonly delivery: number },
): Promise<void> {
  const before = github.state.deliveries.get(input.delivery)
  if (before === undefined || before.app !== input.app) throw notFound()
  const url = appOf(github.state, input.app).webhook?.url ?? before.url
  github.send({ ...before, id: takeId(github.state), url, isRedelivery: true, statusCode: 0, status: '' })
}
