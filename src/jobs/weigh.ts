import type { Finding, Verdict } from '../gates/finding.ts'
import { finding } from '../gates/finding.ts'
import type { GateSubject } from '../gates/gate.ts'
import { mistakeFinding } from '../gates/mistake-finding.ts'
import { type Composed, composePolicy } from '../policy/compose.ts'
import { judgeGeneral, judgePromotion, notAskedOf, validUntilOf } from '../policy/judge.ts'
import { planPromotion } from '../policy/plan.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { selectPolicies } from '../policy/select-policies.ts'
import { type JudgedPromotion, verdictOf } from '../policy/verdict.ts'
import type { Repository } from '../ports.ts'
import type { Change } from '../registry/change.ts'
import { CONFIGURATION_PATH, type Configuration } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gather } from './gather.ts'
import { type PullRequest, readPullRequest } from './pull-request.ts'
import { type ReadChange, readChange } from './read-change.ts'
import { openRegistry, type RegistryReader } from './registry-reader.ts'
import { openHistory } from './serving-history.ts'
import { readSubject } from './subject.ts'

export interface WeighInput {
  readonly repository: Repository
  readonly base: string
  readonly head: string
  readonly now: string
  /** Gates left out on request; the verdict is then inconclusive at best. */
  readonly skip: readonly string[]
  readonly shipped: ReadonlyMap<string, PolicyFile>
  /** Opens the stores that the governed branch configures; called only when there is a promotion to weigh. */
  readonly openPorts: (configuration: Configuration) => Promise<GatherPorts>
}

export interface Weighed {
  readonly pull: PullRequest
  readonly changes: readonly Change[]
  readonly notAsked: readonly string[]
  readonly verdict: Verdict
}

/** Weighs a pull request: read, plan by the governed branch's policy, gather, judge. Writes nothing but evidence. */
export async function weigh(input: WeighInput): Promise<Weighed> {
  const pull = await readPullRequest(input.repository, input.base, input.head)
  const before = openRegistry(pull.before)
  const after = openRegistry(pull.after)
  const configuration = await before.configuration()
  if (configuration === null) return notGoverned(pull, 'inconclusive', [noConfiguration])
  if (!configuration.ok) return notGoverned(pull, 'inconclusive', configuration.mistakes)
  const read = await readChange(pull, configuration.value, before, after)
  const promotions = await Promise.all(
    read.changes
      .filter((change) => change.kind === 'promotion')
      .map((change) => weighPromotion(input, change, configuration.value, read, before, after)),
  )
  const manifests = untouchedByPromotions(read, promotions)
  const asked =
    read.changes.length > 0 || read.mistakes.length > 0 || read.strays.length > 0 || read.conflicts.length > 0
  const general = asked
    ? judgeGeneral({ changes: read.changes, mistakes: read.mistakes, conflicts: read.conflicts, manifests })
    : []
  const notAsked = notAskedOf([...promotions.flatMap((promotion) => promotion.findings), ...general])
  const skipped = input.skip.map((gate) => finding(gate, gate, 'inconclusive', 'left out on request (--skip)'))
  const verdict = verdictOf({
    changes: promotions.length === 0 ? read.changes : promotedChanges(read.changes, promotions),
    promotions: promotions.map((promotion) => ({
      ...promotion,
      findings: promotion.findings.filter((one) => !input.skip.includes(one.gate)),
    })),
    general: [...general.filter((one) => !input.skip.includes(one.gate)), ...skipped],
    notAsked,
    loosened: promotions.flatMap((promotion) => promotion.composed?.loosened ?? []),
  })
  return { pull, changes: promotedChanges(read.changes, promotions), notAsked, verdict }
}

const noConfiguration: Mistake = {
  path: CONFIGURATION_PATH,
  line: 1,
  column: 1,
  where: '',
  what: 'is not on the governed branch: nothing can be judged before it is',
  mend: 'Merge a configuration first; weighbridge init writes one.',
  severity: 'error',
}

function notGoverned(pull: PullRequest, status: 'inconclusive', mistakes: readonly Mistake[]): Weighed {
  const children = mistakes.map((mistake) => mistakeFinding('registry', mistake, status))
  const because = children.map((child) => child.because).join(' ')
  const registry = finding('registry', 'registry', status, because, { children })
  const verdict = {
    ...finding('weighbridge', 'not governed', status, because, { children: [registry] }),
    validUntil: null,
  }
  return { pull, changes: [], notAsked: [], verdict }
}

interface WeighedPromotion extends JudgedPromotion {
  readonly original: Change
  readonly composed: Composed | null
}

async function weighPromotion(
  input: WeighInput,
  change: Change,
  configuration: Configuration,
  read: ReadChange,
  before: RegistryReader,
  after: RegistryReader,
): Promise<WeighedPromotion> {
  const ports = await input.openPorts(configuration)
  const history = openHistory(input.repository, before.snapshot.sha, configuration.store)
  const reading = await readSubject({
    change,
    configuration,
    read,
    before,
    after,
    history,
    now: input.now,
    store: ports.store,
    folder: ports.folder,
  })
  if (!reading.ok) return unreadable(change, read, reading.mistakes)
  const composed = await composeFor(reading.subject, before, input.shipped)
  const requests = planPromotion(reading.subject, composed)
  const evidence = await gather(
    requests.filter((request) => !input.skip.includes(gateOf(request.kind))),
    ports,
  )
  return {
    original: change,
    change: reading.subject.change,
    findings: judgePromotion(reading.subject, composed, evidence),
    validUntil: validUntilOf(reading.subject, composed),
    composed,
  }
}

function gateOf(kind: string): string {
  return kind === 'quality' ? 'data-quality' : kind
}

/** The rules of the governed branch for this environment and model. */
async function composeFor(
  subject: GateSubject,
  before: RegistryReader,
  shipped: WeighInput['shipped'],
): Promise<Composed> {
  const selected = selectPolicies(subject.environment, subject.model)
  const readings = await before.policies()
  const own = await before.modelPolicy(subject.model.model)
  const files = new Map(
    [...readings].flatMap(([path, reading]) =>
      reading.ok
        ? [[path, { path, policy: reading.value, place: (field: string) => reading.place(field) }] as const]
        : [],
    ),
  )
  const broken = [...readings].flatMap(([path, reading]) =>
    !reading.ok && selected.use.includes(path) ? reading.mistakes : [],
  )
  const composed = composePolicy({
    files,
    shipped,
    use: selected.use,
    ...(own?.ok
      ? {
          modelPolicy: {
            path: `models/${subject.model.model}/policy.yml`,
            policy: own.value,
            place: (field: string) => own.place(field),
          },
        }
      : {}),
    ...(subject.configuration.roles === undefined ? {} : { roles: Object.keys(subject.configuration.roles) }),
  })
  const ownMistakes = own !== null && !own.ok ? own.mistakes : []
  return { ...composed, mistakes: [...selected.mistakes, ...broken, ...ownMistakes, ...composed.mistakes] }
}

/** A promotion whose record or model can't be read: nothing of it can be weighed, and it says why. */
function unreadable(change: Change, read: ReadChange, mistakes: readonly Mistake[]): WeighedPromotion {
  const children = [...mistakes, ...read.mistakes].map((mistake) => mistakeFinding('registry', mistake))
  const because = children.map((child) => child.because).join(' ') || 'the promoted version cannot be read'
  const documents = read.environments.get(change.environment ?? '')?.after ?? []
  const unbound = documents.filter((document) => document.binding === 'unbound' || document.binding === 'unresolved')
  const manifest: Finding[] = unbound.map((document) =>
    finding(
      'manifest',
      document.name,
      document.binding === 'unbound' ? 'failed' : 'inconclusive',
      `${document.what}. ${document.mend}`,
      { place: document.place },
    ),
  )
  return {
    original: change,
    change,
    composed: null,
    findings: [finding('registry', 'registry', 'failed', because, { children }), ...manifest],
  }
}

/** Environments that the change touches without promoting anything there, and strays when nothing is promoted at all. */
function untouchedByPromotions(read: ReadChange, promotions: readonly WeighedPromotion[]) {
  const promoted = new Set(
    promotions.filter((promotion) => promotion.composed !== null).map((promotion) => promotion.change.environment),
  )
  const environments = [...read.environments].filter(([name]) => !promoted.has(name))
  const manifests = environments.map(([environment, { after }]) => ({
    environment,
    facts: { documents: after, strays: [] },
  }))
  if (read.strays.length === 0 || promoted.size > 0) return manifests
  return [...manifests, { environment: 'other folders', facts: { documents: [], strays: read.strays } }]
}

/** Changes with promotions that history shows to be rollbacks. */
function promotedChanges(changes: readonly Change[], promotions: readonly WeighedPromotion[]): readonly Change[] {
  const judged = new Map(promotions.map((promotion) => [promotion.original, promotion.change]))
  return changes.map((change) => judged.get(change) ?? change)
}
