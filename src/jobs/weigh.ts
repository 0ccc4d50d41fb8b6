import { finding, type Verdict } from '../gates/finding.ts'
import { mistakeFinding } from '../gates/mistake-finding.ts'
import { type GeneralGitHub, judgeGeneral, notAskedOf } from '../policy/judge.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import type { CountedReview } from '../policy/settle.ts'
import { verdictOf } from '../policy/verdict.ts'
import type { Repository } from '../ports.ts'
import type { Change } from '../registry/change.ts'
import { CONFIGURATION_PATH, type Configuration } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import { addedVersionMistakes } from './added-versions.ts'
import { askGitHub, withMemory } from './ask-github.ts'
import type { Audience } from './audience.ts'
import type { CentralPolicy } from './central-policy.ts'
import type { GatherPorts } from './evidence-ports.ts'
import type { GitHubSide } from './github-side.ts'
import { openJob } from './job.ts'
import type { ModelSource, OpenModels } from './model-source.ts'
import { type PullRequest, readPullRequest } from './pull-request.ts'
import { manifestFacts, type ReadChange, readChange } from './read-change.ts'
import { openRegistry } from './registry-reader.ts'
import { type HistorySources, openHistory, type ServingHistory } from './serving-history.ts'
import {
  judgePromotions,
  type PreparedPromotion,
  type PromotionsInput,
  preparePromotions,
  type WeighedPromotion,
} from './weigh-promotions.ts'
import { type WeighedFacts, weighedFacts } from './weighed-facts.ts'

export interface WeighInput {
  readonly repository: Repository
  readonly base: string
  readonly head: string
  readonly now: string
  /** Gates left out on request; the verdict is then inconclusive at best. */
  readonly skip: readonly string[]
  readonly audience: Audience
  readonly shipped: ReadonlyMap<string, PolicyFile>
  readonly openModels: OpenModels
  /** Reads the operator's policy; called only when there is a promotion to weigh. Absent in a checkout. */
  readonly openCentral?: () => Promise<CentralPolicy | null>
  /** Opens the stores that the governed branch configures; called only when there is a promotion to weigh. */
  readonly openPorts: (configuration: Configuration) => Promise<GatherPorts>
  /** What environments served before; default: the first-parent history of Git. */
  readonly openHistory?: (sources: HistorySources) => ServingHistory
  /** What only GitHub knows; absent in a checkout. */
  readonly github?: GitHubSide | null
}

export interface Weighed extends WeighedFacts {
  readonly pull: PullRequest
  /** Where models were read, when not in the repository itself. */
  readonly models: ModelSource | null
  /** The operator's policy, as it was read; null where none judged. */
  readonly central: CentralPolicy | null
  readonly changes: readonly Change[]
  readonly notAsked: readonly string[]
  readonly verdict: Verdict
  /** Its promotions with everything that they were judged by: judging them again is pure. */
  readonly judged: readonly WeighedPromotion[]
  /** Reviews that counted as approvals; none in a checkout. */
  readonly approvals: readonly CountedReview[]
}

/** Weighs a pull request: read, plan by the governed branch's policy, gather, judge. Writes nothing but evidence. */
export async function weigh(input: WeighInput): Promise<Weighed> {
  const pull = await readPullRequest(input.repository, input.base, input.head)
  const configuration = await openRegistry(pull.before).configuration()
  if (configuration === null) return notGoverned(pull, [noConfiguration])
  if (!configuration.ok) return notGoverned(pull, configuration.mistakes)
  const { registry } = configuration.value
  const models = registry === undefined ? null : await input.openModels(registry)
  if (registry !== undefined && models === null) return notGoverned(pull, [noModels(registry)])
  return weighChange(input, pull, configuration.value, models)
}

async function weighChange(
  input: WeighInput,
  pull: PullRequest,
  configuration: Configuration,
  models: ModelSource | null,
): Promise<Weighed> {
  const before = openRegistry(pull.before, models?.snapshot)
  const after = models === null ? openRegistry(pull.after) : openRegistry(pull.after, models.snapshot)
  const change = await readChange(pull, configuration, before, after)
  const history = historyOf(input, pull, configuration, models)
  const added = await addedVersionMistakes({ changes: change.changes, configuration, after, history })
  const read = { ...change, mistakes: [...change.mistakes, ...added] }
  const side = input.github ? withMemory(input.github) : null
  const sources = { configuration, read, before, after, history, now: input.now, ledger: side?.ledger ?? null }
  const prepared = await prepare(input, sources)
  const of = { pull, configuration, models, read, before, promotions: prepared.promotions }
  const facts = weighedFacts(of)
  const asked = await askGitHub(side, of, facts.evidenceKey)
  const judged = await prepared.judge(asked.promotions)
  const { promotions, general, approvals } = await asked.settle(judged)
  return {
    pull,
    models,
    central: prepared.central,
    ...facts,
    ...decided(input, read, promotions, general),
    judged: promotions,
    approvals,
  }
}

/** The promotions of a pull request; stores are opened only when there is one. */
async function prepare(input: WeighInput, sources: PromotionsInput['sources']) {
  const changes = sources.read.changes.filter((change) => change.kind === 'promotion')
  if (changes.length === 0) return { promotions: [], central: null, judge: async () => [] }
  const job = openJob(await input.openPorts(sources.configuration))
  const { shipped, skip, audience } = input
  const central = input.openCentral?.() ?? Promise.resolve(null)
  const promoted = { changes, sources, shipped, central, skip, audience, job }
  const [promotions, judging] = await Promise.all([preparePromotions(promoted), central])
  return {
    promotions,
    central: judging,
    judge: (asked: readonly PreparedPromotion[]) => judgePromotions(promoted, asked),
  }
}

function historyOf(
  input: WeighInput,
  pull: PullRequest,
  configuration: Configuration,
  models: ModelSource | null,
): ServingHistory {
  const own = { repository: input.repository, sha: pull.base }
  return (input.openHistory ?? openHistory)({
    environments: own,
    models: models === null ? own : { repository: models.repository, sha: models.snapshot.sha },
    registryAt: (snapshot) => openRegistry(snapshot, models?.snapshot),
    store: configuration.store,
    configured: configuration.environments,
  })
}

function decided(
  { skip, github }: WeighInput,
  read: ReadChange,
  promotions: readonly WeighedPromotion[],
  onGitHub: GeneralGitHub | undefined,
) {
  const { mistakes, conflicts } = read
  const changes = withRollbacks(read.changes, promotions)
  const isOurs = [changes, mistakes, conflicts, read.strays].some((some) => some.length > 0)
  const reading = { changes, mistakes, conflicts, manifests: otherManifests(read, promotions) }
  const general = isOurs ? judgeGeneral({ ...reading, ...(onGitHub && { github: onGitHub }) }) : []
  const isAsked = github !== undefined && github !== null
  const notAsked = isAsked ? [] : notAskedOf([...promotions.flatMap((promotion) => promotion.findings), ...general])
  const skipped = isOurs ? skip.map((gate) => finding(gate, gate, 'skipped', 'left out on request (--skip)')) : []
  const isKept = ({ gate }: { readonly gate: string }) => !skip.includes(gate)
  const verdict = verdictOf({
    changes,
    promotions: promotions.map((promotion) => ({ ...promotion, findings: promotion.findings.filter(isKept) })),
    general: [...general.filter(isKept), ...skipped],
    notAsked,
    loosened: promotions.flatMap((promotion) => promotion.composed?.loosened ?? []),
    onGitHub: isAsked,
  })
  return { changes, notAsked, verdict: skipped.length === 0 ? verdict : leftOpen(verdict, skip) }
}

/** What passes without some of its gates is not decided. */
function leftOpen(verdict: Verdict, skip: readonly string[]): Verdict {
  if (verdict.status !== 'passed') return verdict
  const because = `not decided: ${skip.join(', ')} left out on request (--skip). ${verdict.because}`
  return { ...verdict, status: 'inconclusive', title: verdict.title.replace(/passed$/, 'held, not decided'), because }
}

/** Changes with promotions that history shows to be rollbacks. */
function withRollbacks(changes: readonly Change[], promotions: readonly WeighedPromotion[]): readonly Change[] {
  const judged = new Map(promotions.map((promotion) => [promotion.original, promotion.change]))
  return changes.map((change) => judged.get(change) ?? change)
}

/** Environments that the change touches without promoting anything there, and strays when nothing is promoted at all. */
function otherManifests(read: ReadChange, promotions: readonly WeighedPromotion[]) {
  const weighed = promotions.filter((promotion) => promotion.composed !== null)
  const promoted = new Set(weighed.map((promotion) => promotion.change.environment))
  const manifests = [...read.environments]
    .filter(([name]) => !promoted.has(name))
    .map(([environment, documents]) => ({ environment, facts: manifestFacts(documents) }))
  if (read.strays.length === 0 || promoted.size > 0) return manifests
  return [...manifests, { environment: 'other folders', facts: { documents: [], strays: read.strays } }]
}

function notGoverned(pull: PullRequest, mistakes: readonly Mistake[]): Weighed {
  const children = mistakes.map((mistake) => mistakeFinding('registry', mistake, 'inconclusive'))
  const because = children.map((child) => child.because).join(' ')
  const registry = finding('registry', 'registry', 'inconclusive', because, { children })
  const root = finding('weighbridge', 'not governed', 'inconclusive', because, { children: [registry] })
  const facts = weighedFacts({ pull, configuration: null, models: null, read: null, promotions: [] })
  const verdict = { ...root, validUntil: null }
  return { pull, models: null, central: null, ...facts, changes: [], notAsked: [], verdict, judged: [], approvals: [] }
}

function mistakeInConfiguration(where: string, what: string, mend: string): Mistake {
  return { path: CONFIGURATION_PATH, line: 1, column: 1, where, what, mend, severity: 'error' }
}

const noConfiguration = mistakeInConfiguration(
  '',
  'no configuration is on the governed branch: nothing can be judged before it is',
  'Merge a configuration first; weighbridge init writes one.',
)

function noModels({ repository }: NonNullable<Configuration['registry']>): Mistake {
  return mistakeInConfiguration(
    'registry.repository',
    `models lie in ${repository}, which is not at hand here`,
    'Check that repository out and name its folder: --registry DIR.',
  )
}
