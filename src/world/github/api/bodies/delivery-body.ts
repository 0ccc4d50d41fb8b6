import type { Delivery } from '../../github-state.ts'
import { timeText } from '../../webhooks/bodies/account-body.ts'

export function deliveryItemBody(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timeText(delivery.deliveredAt),
    redelivery: delivery.isRedelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation,
    repository_id: delivery.repository,
    throttled_at: null,
  }
}

/** With what was sent; the app's answer is not kept. */
export function deliveryBody(delivery: Delivery) {
  return {
    ...deliveryItemBody(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.requestBody) as unknown },
    response: { headers: {}, payload: '' },
  }
}
