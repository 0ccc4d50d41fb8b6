import type { GateSubject } from '../gates/gate.ts'
import { ledgerStateOf } from '../gates/ledger-findings.ts'
import { type CentralRules, type Composed, composePolicy } from '../policy/compose.ts'
import { validUntilOf } from '../policy/judge.ts'
import { planPromotion } from '../policy/plan.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { type JudgeGates, judgeSupposed, type Supposed, withoutApprovals } from '../policy/what-if.ts'
import type { Configuration } from '../registry/configuration.ts'
import { judgeFor } from './audience.ts'
import { composeFor } from './compose-for.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { examOf } from './governing-exam.ts'
import { recordFile } from './record-file.ts'
import type { RegistryReader } from './registry-reader.ts'
import { supposedEvidence } from './supposed-evidence.ts'
import type { WeighedPromotion } from './weigh-promotions.ts'

/** One supposition about a promotion, and what would come of it. */
export interface WhatIf {
  /** `against no incumbent`, `under weighbridge/strict` */
  readonly title: string
  /** null: it would take a weighing of its own; `because` says why. */
  readonly supposed: Supposed | null
  readonly because?: string
}

export interface WhatIfGround {
  /** The governed branch. */
  readonly before: RegistryReader
  readonly shipped: ReadonlyMap<string, PolicyFile>
  /** What the operator lays over every policy; null: nothing. */
  readonly central: CentralRules | null
  /** Opens the stores that the governed branch configures, where kept scores may answer more; null: they are not asked. */
  readonly openPorts: ((configuration: Configuration) => Promise<GatherPorts>) | null
}

type Judged = WeighedPromotion & { readonly subject: GateSubject; readonly composed: Composed }

/** A promotion that is otherwise in one thing, or why nobody can say what would come of it. */
type Supposition =
  | ({ readonly title: string } & Pick<Judged, 'subject' | 'composed'>)
  | { readonly title: string; readonly because: string }

/** Earlier incumbents that are tried, and ends of freezes that are looked for. */
const MOST_INCUMBENTS = 2
const MOST_MOMENTS = 8

/**
 * A weighed promotion judged again: without approvals, under the policies of other environments and those that are
 * shipped, against earlier incumbents and none, and once a freeze has ended. By the evidence of its weighing, and by
 * what follows from scores that are kept: no model runs for it.
 */
export async function whatIfs(promotion: WeighedPromotion, ground: WhatIfGround): Promise<readonly WhatIf[]> {
  const { subject, composed, evidence } = promotion
  if (subject === null || composed === null || evidence === null) return []
  const judged: Judged = { ...promotion, subject, composed }
  const others = [...(await otherPolicies(judged, ground)), ...(await otherIncumbents(judged, ground))]
  const asked = others.flatMap((one) => ('because' in one ? [] : planPromotion(one.subject, one.composed)))
  const weighedBy = { reader: evidence, requests: planPromotion(subject, composed) }
  const { openPorts } = ground
  const open = openPorts && (() => openPorts(subject.configuration))
  const reader = await supposedEvidence(weighedBy, asked, open)
  // nobody sees more of small groups by supposing another policy
  const floorOf = (rules: Composed) => Math.max(composed.privacy.min_group ?? 0, rules.privacy.min_group ?? 0) || null
  const judge: JudgeGates = (one, rules, answers) =>
    judgeFor('shared', one, { ...rules, privacy: { min_group: floorOf(rules) } }, answers)
  const suppose: Suppose = (one) =>
    'because' in one ? { ...one, supposed: null } : { title: one.title, supposed: judgeSupposed(one, reader, judge) }
  const asItIs = judgeSupposed(judged, reader, judge)
  return [
    { title: 'without anybody’s approval', supposed: withoutApprovals(asItIs) },
    ...others.map(suppose),
    ...afterFreeze(judged, suppose),
  ]
}

type Suppose = (one: Supposition) => WhatIf

async function otherPolicies(
  { subject }: Judged,
  { before, shipped, central }: WhatIfGround,
): Promise<readonly Supposition[]> {
  const { configuration, environment, model } = subject
  const others = configuration.environments.filter(({ name }) => name !== environment.name)
  const own = others.map(async (other) => ({
    title: `under the policy of ${other.name}`,
    subject,
    composed: await composeFor({ model, environment: other, configuration }, before, shipped, central),
  }))
  const roles = Object.keys(configuration.roles ?? {})
  const ready = [...shipped.keys()].map((name) => ({
    title: `under ${name}`,
    subject,
    composed: composePolicy({ files: new Map(), shipped, use: [name], roles, central }),
  }))
  return [...(await Promise.all(own)), ...ready]
}

async function otherIncumbents(
  { subject, composed }: Judged,
  { before }: WhatIfGround,
): Promise<readonly Supposition[]> {
  const { model, incumbent, candidate, exam } = subject
  const known = [incumbent?.record.version, candidate.record.version]
  const deployed = (ledgerStateOf(subject)?.deployed ?? []).toReversed().map(({ version }) => version)
  const earlier = [...new Set(deployed)].filter((version) => !known.includes(version)).slice(0, MOST_INCUMBENTS)
  const readings = earlier.map(async (version): Promise<Supposition> => {
    const title = `against ${version}`
    const reading = await before.record(model.model, version)
    if (!reading?.ok) return { title, because: 'its record cannot be read' }
    const file = recordFile(model.model, version, reading)
    const other = examOf(model, file, model, candidate.record)
    if (other?.data.digest !== exam?.data.digest) return { title, because: 'its exam is another' }
    return { title, subject: { ...subject, incumbent: file, incumbentSource: 'last-served' }, composed }
  })
  if (incumbent === null) return Promise.all(readings)
  const alone = examOf(model, null, model, candidate.record)
  const title = 'against no incumbent'
  const none: Supposition =
    alone?.data.digest === exam?.data.digest
      ? { title, subject: { ...subject, incumbent: null, incumbentSource: 'none' }, composed }
      : { title, because: 'the incumbent sets the exam' }
  return [...(await Promise.all(readings)), none]
}

/** The first moment at which no freeze holds it; none where none does. */
function afterFreeze({ subject, composed, findings }: Judged, suppose: Suppose): readonly WhatIf[] {
  const isFrozen = findings.some(({ gate, status, advisory }) => gate === 'freeze' && status === 'failed' && !advisory)
  if (!isFrozen) return []
  let now: string | null = subject.now
  for (let step = 0; step < MOST_MOMENTS; step++) {
    now = validUntilOf({ ...subject, now }, composed)
    if (now === null) break
    const then = suppose({ title: `when the freeze has ended, at ${now}`, subject: { ...subject, now }, composed })
    const isOver = then.supposed?.findings.every(({ gate, status }) => gate !== 'freeze' || status !== 'failed')
    if (isOver === true) return [then]
  }
  return [{ title: 'when the freeze has ended', supposed: null, because: 'no end of it is known' }]
}
