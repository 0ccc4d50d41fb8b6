import type { GateSubject } from '../../src/gates/gate.ts'
import { type GitHubFacts, NOBODY, type PeopleFacts, type ReviewFact } from '../../src/gates/github-facts.ts'
import { emptyState, type LedgerState } from '../../src/ledger/fact.ts'
import type { Configuration } from '../../src/registry/configuration.ts'
import { configuration, weighing } from '../policy/weighing.ts'

export const KEY = 'c'.repeat(64)
export const OTHER_KEY = 'd'.repeat(64)
export const NOW = '2026-11-18T12:00:00Z'

const IDS = { ann: 1, bob: 2, carl: 3, dana: 4, eve: 5 } as const
type Name = keyof typeof IDS

export const account = (login: Name | 'app[bot]') => ({
  id: login === 'app[bot]' ? 99 : IDS[login],
  login,
  isBot: login === 'app[bot]',
})

/** An approval of what stands now, at noon; `more` says what is otherwise. */
export function approval(login: Name | 'app[bot]', more: Partial<ReviewFact> = {}): ReviewFact {
  const by = account(login)
  return {
    id: 100 + by.id,
    by,
    state: 'approved',
    submittedAt: '2026-11-18T11:00:00Z',
    commit: 'e'.repeat(40),
    evidenceKeyThen: KEY,
    ...more,
  }
}

export const teams = (of: Readonly<Record<string, readonly Name[] | null>>): PeopleFacts['teams'] =>
  new Map(Object.entries(of).map(([team, names]) => [team, names && new Set(names.map((name) => IDS[name]))]))

export function people(reviews: readonly ReviewFact[], more: Partial<PeopleFacts> = {}): PeopleFacts {
  return {
    ...NOBODY,
    reviews,
    author: account('eve'),
    excluded: [{ id: IDS.eve, login: 'eve', because: 'opened it', is: 'author' }],
    teams: teams({ platform: ['ann', 'bob', 'eve'], risk: ['bob', 'carl'], sre: ['dana', 'eve'] }),
    ...more,
  }
}

export const ROLES: NonNullable<Configuration['roles']> = {
  approver: { teams: ['platform'] },
  risk: { teams: ['risk'] },
  policy: { teams: ['risk'] },
  oncall: { teams: ['sre'] },
  promoter: { teams: ['platform'] },
}

export const state = (more: Partial<LedgerState> = {}): LedgerState => ({
  ...emptyState('production', 'churn'),
  ...more,
})

export function github(more: Partial<GitHubFacts> = {}): GitHubFacts {
  return { evidenceKey: KEY, pull: 7, people: people([]), ledger: { is: 'sound', state: state() }, ...more }
}

/** churn 1.3.0 -> 1.4.0 in production, on GitHub. */
export function onGitHub(
  facts: Partial<GitHubFacts> = {},
  more: Partial<GateSubject> = {},
  configured: Partial<Configuration> = {},
): GateSubject {
  return weighing({
    configuration: { ...configuration, roles: ROLES, ...configured },
    github: github(facts),
    ...more,
  })
}
