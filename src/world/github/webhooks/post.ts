import type { Courier, Delivery, GitHub } from '../github-state.ts'

/** GitHub waits ten seconds for an answer. */
const WAIT_MS = 10_000

/** The ordinary courier: an HTTP request to the app's webhook. */
export const httpCourier: Courier = {
  async deliver(delivery) {
    const answer = await fetch(delivery.url, {
      method: 'POST',
      headers: delivery.requestHeaders,
      body: delivery.requestBody,
      signal: AbortSignal.timeout(WAIT_MS),
    })
    await answer.body?.cancel()
    return answer.status
  },
}

/** Sends deliveries in order, one after the other, and writes down what came back. */
export class Post {
  readonly #github: Pick<GitHub, 'state' | 'clock'>
  readonly #courier: Courier
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(github: Pick<GitHub, 'state' | 'clock'>, courier: Courier) {
    this.#github = github
    this.#courier = courier
  }

  send(delivery: Delivery): void {
    this.#github.state.deliveries.set(delivery.id, delivery)
    this.#waiting += 1
    this.#last = this.#last.then(async () => {
      await this.#try(delivery)
      this.#waiting -= 1
    })
  }

  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#last
  }

  async #try(delivery: Delivery): Promise<void> {
    const { state, clock } = this.#github
    const from = clock.now()
    const outcome = await this.#courier.deliver(delivery).then(
      (statusCode) => ({ statusCode, status: statusCode < 400 ? 'OK' : `Invalid HTTP Response: ${statusCode}` }),
      (error: Error) => ({ statusCode: 0, status: error.name === 'TimeoutError' ? 'timed out' : 'failed to connect' }),
    )
    state.deliveries.set(delivery.id, { ...delivery, ...outcome, deliveredAt: from, durationMs: clock.now() - from })
  }
}

/** An app's deliveries, newest first. */
export function deliveriesOf(state: GitHub['state'], app: number): readonly Delivery[] {
  return [...state.deliveries.values()].filter((one) => one.app === app).reverse()
}
