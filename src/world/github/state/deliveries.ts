/** What happened, before it is known who is told. `body` has everything but `installation`. */
export interface WebhookEvent {
  readonly event: string
  readonly action: string | null
  /** null for events of an installation. */
  readonly repository: number | null
  /** Tells only this app, whatever it subscribes to: its installations, its own check suites, its buttons. */
  readonly onlyApp: number | null
  readonly installation: number | null
  readonly body: Readonly<Record<string, unknown>>
}

/** One attempt to tell an app. Redeliveries have a new id and the same GUID. */
export interface Delivery {
  readonly id: number
  readonly guid: string
  readonly app: number
  readonly installation: number | null
  readonly repository: number | null
  readonly event: string
  readonly action: string | null
  readonly isRedelivery: boolean
  readonly deliveredAt: number
  readonly durationMs: number
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: string
  /** 0 until an answer came, and when none came. */
  readonly statusCode: number
  /** `OK`, or what went wrong. */
  readonly status: string
}

/** Carries a delivery to the app; answers with the app's status code, or throws when none came. Faults wrap it. */
export interface Courier {
  deliver(delivery: Delivery): Promise<number>
}
