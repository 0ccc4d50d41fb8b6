import type { Inbox } from '../../../src/ports/inbox.ts'
import { addressing, type CallAddress, sameAddress } from '../../../src/world/faults/call-address.ts'
import type { InstancePlace } from '../../../src/world/faults/world-run.ts'

type Network = (send: typeof fetch, place: InstancePlace) => typeof fetch

/** A bug: whatever is the head at that moment gets merged. */
export const mergesWithoutSha: Network = (send) => async (input, init) => {
  const request = new Request(input, init)
  if (request.method !== 'PUT' || !request.url.endsWith('/merge')) return send(request)
  const { sha: _, ...body } = JSON.parse(await request.text())
  return send(new Request(request.url, { method: 'PUT', headers: request.headers, body: JSON.stringify(body) }))
}

/** A bug: what was about to be created is forgotten, so that nobody looks whether it is there. */
export function forgetsIntentions(inbox: Inbox): Inbox {
  return Object.assign(Object.create(inbox) as Inbox, { intention: () => null })
}

/** Something happens right before one call, once. */
export function intruding(at: CallAddress, act: (place: InstancePlace) => Promise<unknown>): Network {
  const names = addressing()
  let hasHappened = false
  return (send, place) => async (input, init) => {
    const request = new Request(input, init)
    const seen = { method: request.method, url: request.url, body: await request.clone().text() }
    if (!hasHappened && sameAddress(names.address(seen), at)) {
      hasHappened = true
      await act(place)
    }
    const answer = await send(request)
    if (request.method === 'POST' && answer.ok)
      names.learn(
        seen,
        await answer
          .clone()
          .json()
          .catch(() => null),
      )
    return answer
  }
}
