import type { Annotation } from '../ports/check-run.ts'

/** passed, held and undecided are verdicts; answered: a command that judges nothing did its work; refused: it did not. */
export const STEP_STATUSES = ['passed', 'held', 'undecided', 'answered', 'refused'] as const
export type StepStatus = (typeof STEP_STATUSES)[number]

/** What a command of the Action comes to; nothing of it is escaped yet but `summary`. */
export interface StepAnswer {
  readonly status: StepStatus
  /** One line: what decided, or why it was refused. */
  readonly because: string
  readonly outputs: Readonly<Record<string, string>>
  /** Markdown that is safe as it is; empty for none. */
  readonly summary: string
  readonly annotations: readonly Annotation[]
}
