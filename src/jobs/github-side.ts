import type { LedgerFacts, PeopleFacts } from '../gates/github-facts.ts'

/** Who must be looked up before a pull request can be judged. */
export interface PeopleAsk {
  /** What stands now: an approval counts when this stood where it was given. */
  readonly evidenceKey: string
  readonly roles: readonly {
    readonly role: string
    readonly model: string | null
    readonly environment: string | null
  }[]
  /** Team slugs whose members are asked for, `@owner` put in. */
  readonly teams: readonly string[]
  /** Whether the permissions of reviewers and author are asked for. */
  readonly permissions: boolean
  /** The author's own word may count: he is looked up also where nobody has reviewed. */
  readonly authorCounts: boolean
}

/** What a weighing asks GitHub beside Git; absent in a checkout. */
export interface GitHubSide {
  readonly pull: number
  /** Read once for each environment and model. */
  ledger(environment: string, model: string): Promise<LedgerFacts>
  /** Called at most once in a weighing, and only when somebody's word can change the verdict. */
  people(ask: PeopleAsk): Promise<PeopleFacts>
}
