/** Conclusions that we write. Two more would open every gate, because GitHub lets them through: no word for them here. */
export type Conclusion = 'success' | 'failure' | 'action_required'

/** A check run of ours, the latest of its name on a commit. */
export interface FoundCheck {
  readonly id: number
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: string | null
  readonly externalId: string | null
  readonly completedAt: string | null
  /** Of a completed roll-up: the evidence that it showed; null or absent when it showed none. */
  readonly evidenceKey?: string | null
}

/** A roll-up of ours on a commit, the latest or an earlier one. */
export interface FoundRollUp extends FoundCheck {
  /** ISO 8601; null when GitHub does not say. */
  readonly startedAt: string | null
}

/** A roll-up that we published on a commit: which evidence it showed, and since when. */
export interface PublishedKey {
  readonly completedAt: string
  readonly evidenceKey: string | null
}

export interface Annotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly level: 'failure' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
}

export interface CheckButton {
  /** At most 20 characters. */
  readonly label: string
  /** At most 40 characters. */
  readonly description: string
  /** At most 20 characters. */
  readonly identifier: string
}

/** A check run to be written: created when `id` is null, else changed. */
export interface CheckWrite {
  readonly id: number | null
  readonly name: string
  readonly headSha: string
  readonly status: 'in_progress' | 'completed'
  readonly conclusion: Conclusion | null
  readonly externalId: string
  readonly title: string
  readonly summary: string
  readonly text: string | null
  /** Appended by GitHub, so only given when the run is created; at most 50. */
  readonly annotations: readonly Annotation[]
  readonly buttons: readonly CheckButton[]
  readonly detailsUrl: string | null
}
