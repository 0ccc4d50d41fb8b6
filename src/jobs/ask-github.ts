import { countsOf } from '../gates/approvals.ts'
import { type GitHubFacts, NOBODY, type PeopleFacts } from '../gates/github-facts.ts'
import { registrationRequest } from '../gates/registration.ts'
import { requiredApprovals } from '../gates/required-approvals.ts'
import type { LedgerState } from '../ledger/fact.ts'
import type { GeneralGitHub } from '../policy/judge.ts'
import { type AskedRole, askedRoles, type CountedReview, countedReviews, reviewsOf } from '../policy/settle.ts'
import type { Configuration } from '../registry/configuration.ts'
import { roleLookUp } from '../registry/role-holders.ts'
import type { GitHubSide } from './github-side.ts'
import type { ReadChange } from './read-change.ts'
import type { RegistryReader } from './registry-reader.ts'
import { type JudgedByGates, type PreparedPromotion, settled, type WeighedPromotion } from './weigh-promotions.ts'

/** Models whose ledger is shown beside a change that promotes nothing; more are not looked up. */
const MOST_MODELS = 20

export interface AskedChange {
  readonly configuration: Configuration
  readonly read: ReadChange
  readonly before: RegistryReader
  readonly promotions: readonly PreparedPromotion[]
}

/** A weighing on its way through GitHub: its promotions with the ledger, then with people. */
export interface Asked {
  readonly promotions: readonly PreparedPromotion[]
  settle(judged: readonly JudgedByGates[]): Promise<{
    readonly promotions: readonly WeighedPromotion[]
    readonly general: GeneralGitHub | undefined
    /** Reviews that counted as approvals of any part of it. */
    readonly approvals: readonly CountedReview[]
  }>
}

/** A side whose ledger is read once for each environment and model. */
export function withMemory(side: GitHubSide): GitHubSide {
  const known = new Map<string, ReturnType<GitHubSide['ledger']>>()
  return {
    pull: side.pull,
    ledger: (environment, model) => {
      const key = `${environment}/${model}`
      const reading = known.get(key) ?? side.ledger(environment, model)
      known.set(key, reading)
      return reading
    },
    people: (ask) => side.people(ask),
  }
}

/**
 * Asks GitHub about a change: the ledger before its gates judge, people after, and those only if somebody's word can
 * change the verdict. Without a side nobody is asked.
 */
export async function askGitHub(side: GitHubSide | null, of: AskedChange, evidenceKey: string): Promise<Asked> {
  if (side === null) {
    const settle: Asked['settle'] = async (judged) => ({
      promotions: judged.map(settled),
      general: undefined,
      approvals: [],
    })
    return { promotions: of.promotions, settle }
  }
  const owners = await ownersOf(of)
  const facts = { evidenceKey, pull: side.pull, people: NOBODY, owners }
  const withFacts = (people: PeopleFacts, { subject, ledger, ...promotion }: PreparedPromotion): PreparedPromotion => ({
    ...promotion,
    ledger,
    subject: subject && ledger && { ...subject, github: { ...facts, people, ledger } },
  })
  return {
    promotions: of.promotions.map((promotion) => withFacts(NOBODY, promotion)),
    settle: async (judged) => {
      const roles = neededRoles(of, judged, owners)
      const read = roles.length === 0 ? NOBODY : await side.people(peopleAsk(of, roles, evidenceKey))
      const people = withTrainers(read, judged)
      const told = judged.map((one) => ({ ...one, ...withFacts(people, one) }))
      const general = await generalOf(side, of, { ...facts, people })
      return { promotions: told.map(settled), general, approvals: approvalsOf(of, told, general) }
    },
  }
}

/** Whoever asked for the training of a candidate, as the app registered it, may not agree to it as somebody else. */
function withTrainers(people: PeopleFacts, judged: readonly JudgedByGates[]): PeopleFacts {
  const asked = judged.flatMap(({ subject, evidence }) => {
    if (subject === null || evidence === null) return []
    const answer = evidence.of<'registration'>(registrationRequest(subject.candidate.record))
    return answer.status === 'present' ? [answer.facts.requested_by] : []
  })
  if (asked.length === 0) return people
  const logins = new Map(people.reviews.map(({ by }) => [by.id, by.login]))
  const trainers = [...new Set(asked)].map((id) => ({ id, login: logins.get(id) ?? `account ${id}` }))
  const excluded = trainers.map((one) => ({ ...one, because: 'asked for its training', is: 'requester' as const }))
  return { ...people, trainers, excluded: [...people.excluded, ...excluded] }
}

/** Everybody whom any part of the change needs; without a promotion what its kinds of change need. */
function neededRoles(
  { read, promotions }: AskedChange,
  judged: readonly JudgedByGates[],
  owners: ReadonlyMap<string, string>,
): readonly AskedRole[] {
  const general = promotions.length > 0 ? [] : requiredApprovals(read.changes)
  return [
    ...general.map((need) => ({ ...need, owner: owners.get(need.model ?? '') ?? null })),
    ...judged.flatMap(({ subject, composed, found }) =>
      subject === null || composed === null ? [] : askedRoles(subject, composed, found),
    ),
  ]
}

/** The reviews that counted, for the trail: of its promotions or, where there is none, of its kinds of change. */
function approvalsOf(
  { read, promotions, configuration }: AskedChange,
  judged: readonly JudgedByGates[],
  { facts }: GeneralGitHub,
): readonly CountedReview[] {
  if (promotions.length === 0) return reviewsOf(countsOf(requiredApprovals(read.changes), facts, configuration))
  const all = judged.flatMap(({ subject, composed, found }) =>
    subject === null || composed === null ? [] : countedReviews(subject, composed, found),
  )
  return [...new Map(all.map((one) => [one.review, one])).values()]
}

function peopleAsk({ configuration }: AskedChange, roles: readonly AskedRole[], evidenceKey: string) {
  const asked = roles.map(({ role, model, environment }) => ({ role, model, environment }))
  const authorCounts = roles.some(({ notAuthor }) => !notAuthor)
  return { evidenceKey, roles: asked, authorCounts, ...roleLookUp(configuration.roles, roles) }
}

function modelsOf({ read }: AskedChange): readonly string[] {
  return [...new Set(read.changes.flatMap(({ model }) => model ?? []))].sort()
}

/** Who owns the models of a change, as the governed branch says. */
async function ownersOf(of: AskedChange): Promise<ReadonlyMap<string, string>> {
  const isAsked = Object.values(of.configuration.roles ?? {}).some(({ teams }) => teams?.includes('@owner'))
  const models = isAsked ? modelsOf(of) : []
  const readings = await Promise.all(models.map((model) => of.before.model(model)))
  const owned = readings.flatMap((reading, index): readonly (readonly [string, string])[] => {
    const owner = reading?.ok ? reading.value.owner : undefined
    return owner === undefined ? [] : [[models[index] ?? '', owner]]
  })
  return new Map(owned)
}

/** Beside a promotion the ledger was read with it; a change that promotes nothing shows what landed unweighed. */
async function generalOf(
  side: GitHubSide,
  of: AskedChange,
  facts: Omit<GitHubFacts, 'ledger'>,
): Promise<GeneralGitHub> {
  const models = of.promotions.length > 0 ? [] : modelsOf(of).slice(0, MOST_MODELS)
  const asked = models.flatMap((model) => of.configuration.environments.map(({ name }) => [name, model] as const))
  const readings = await Promise.all(asked.map(([environment, model]) => side.ledger(environment, model)))
  const states = readings.flatMap((reading): readonly LedgerState[] => (reading.is === 'sound' ? [reading.state] : []))
  const ledger = { is: 'unreadable', because: 'it is not asked about a change that promotes nothing' } as const
  return { facts: { ...facts, ledger }, configuration: of.configuration, states }
}
