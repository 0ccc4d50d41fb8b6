import { dismissReview, submitReview } from '../../acts/review.ts'
import { Refusal, type WorldReview } from '../../github-state.ts'
import { reviewsOf } from '../../state/find.ts'
import { reviewBody } from '../../webhooks/bodies/issue-body.ts'
import { listed } from '../paging.ts'
import { found, ok, type RestCall, type RestHandler } from '../rest-call.ts'
import { pullIn } from './pull-routes.ts'

export const reviewRoutes = {
  'pulls/list-reviews': (call) => {
    const all = reviewsOf(call.github.state, call.repository.id, pullIn(call).number)
    return listed(call, all, (one) => shown(call, one))
  },
  'pulls/create-review': async (call) => {
    const {
      event,
      body,
      commit_id: commit,
    } = call.body as {
      readonly event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
      readonly body?: string
      readonly commit_id?: string
    }
    if (event === undefined) throw new Refusal(422, 'A review that is left pending is not emulated.')
    const review = await submitReview(call.github, call.actor, {
      repository: call.repository.id,
      number: pullIn(call).number,
      event,
      ...(body === undefined ? {} : { body }),
      ...(commit === undefined ? {} : { commit }),
    })
    return ok(shown(call, review))
  },
  'pulls/dismiss-review': async (call) => {
    const review = found(call.github.state.reviews.get(Number(call.params.review_id)))
    found(review.number === pullIn(call).number ? review : null)
    const message = String((call.body as { readonly message: string }).message)
    const input = { repository: call.repository.id, review: review.id, message }
    return ok(shown(call, await dismissReview(call.github, call.actor, input)))
  },
} satisfies Readonly<Record<string, RestHandler>>

/** In capitals, and with a text that is never null: webhooks have both otherwise. */
function shown(call: RestCall, review: WorldReview) {
  return { ...reviewBody(call.github.state, review), state: review.state, body: review.body }
}
