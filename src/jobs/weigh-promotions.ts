import { turns } from '../adapters/turns.ts'
import type { EvidenceReader } from '../gates/evidence.ts'
import { type Finding, finding } from '../gates/finding.ts'
import type { GateSubject } from '../gates/gate.ts'
import type { LedgerFacts } from '../gates/github-facts.ts'
import { mistakeFinding } from '../gates/mistake-finding.ts'
import type { CentralRules, Composed } from '../policy/compose.ts'
import { validUntilOf } from '../policy/judge.ts'
import { planPromotion } from '../policy/plan.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { settle } from '../policy/settle.ts'
import type { JudgedPromotion } from '../policy/verdict.ts'
import type { Change } from '../registry/change.ts'
import type { Mistake } from '../registry/mistake.ts'
import { type Audience, judgeFor } from './audience.ts'
import { composeFor } from './compose-for.ts'
import { gather } from './gather.ts'
import type { Job } from './job.ts'
import type { ReadChange } from './read-change.ts'
import { readSubject, type SubjectInput } from './subject.ts'

/** How many promotions of one pull request are weighed at once. */
const AT_ONCE = 4

/** A promotion with everything that its key is made of, before anything of it is measured. */
export interface PreparedPromotion {
  /** As the diff was read, before history showed it to be a rollback. */
  readonly original: Change
  readonly change: Change
  /** null when the promoted version could not be read. */
  readonly subject: GateSubject | null
  readonly composed: Composed | null
  readonly ledger: LedgerFacts | null
  /** What can be said of a promotion that cannot be read. */
  readonly unreadable: readonly Finding[]
}

/** A promotion with what its gates found; people and ledger have not had their say. */
export interface JudgedByGates extends PreparedPromotion {
  readonly found: readonly Finding[]
  /** What the gates judged by; null where nothing was gathered. */
  readonly evidence: EvidenceReader | null
}

export interface WeighedPromotion extends JudgedPromotion {
  readonly original: Change
  readonly subject: GateSubject | null
  readonly composed: Composed | null
  /** What the gates judged by, so that judging again asks nobody; null where nothing was gathered. */
  readonly evidence: EvidenceReader | null
}

export interface PromotionsInput {
  readonly changes: readonly Change[]
  readonly sources: Omit<SubjectInput, 'change' | 'job'>
  readonly shipped: ReadonlyMap<string, PolicyFile>
  /** What the operator lays over the repository's rules; null: nothing. */
  readonly central: Promise<CentralRules | null>
  readonly skip: readonly string[]
  readonly audience: Audience
  /** Of one weighing: what two promotions need is fetched and computed once. */
  readonly job: Job
}

/** Reads every promotion of a pull request, with the policy that judges it. */
export async function preparePromotions(input: PromotionsInput): Promise<readonly PreparedPromotion[]> {
  const inTurn = turns(AT_ONCE)
  return Promise.all(input.changes.map((change) => inTurn(() => preparePromotion(input, change))))
}

async function preparePromotion(
  { sources, shipped, central, job }: PromotionsInput,
  change: Change,
): Promise<PreparedPromotion> {
  const reading = await readSubject({ ...sources, change, job })
  if (!reading.ok) return unreadable(change, sources.read, reading.mistakes)
  const { subject, ledger } = reading
  const composed = await composeFor(subject, sources.before, shipped, await central)
  return { original: change, change: subject.change, subject, composed, ledger, unreadable: [] }
}

/** Gathers the evidence of every promotion and lets its gates judge. */
export async function judgePromotions(
  input: PromotionsInput,
  prepared: readonly PreparedPromotion[],
): Promise<readonly JudgedByGates[]> {
  const inTurn = turns(AT_ONCE)
  return Promise.all(prepared.map((promotion) => inTurn(() => judgeOne(input, promotion))))
}

async function judgeOne(
  { skip, audience, job }: PromotionsInput,
  promotion: PreparedPromotion,
): Promise<JudgedByGates> {
  const { subject, composed } = promotion
  if (subject === null || composed === null) return { ...promotion, found: promotion.unreadable, evidence: null }
  const requests = planPromotion(subject, composed).filter(({ kind }) => !skip.includes(gateOf(kind)))
  const evidence = await gather(requests, job)
  return { ...promotion, found: judgeFor(audience, subject, composed, evidence), evidence }
}

/** The findings once people and the ledger have had their say. */
export function settled({ original, change, subject, composed, found, evidence }: JudgedByGates): WeighedPromotion {
  if (subject === null || composed === null) return { original, change, subject, composed, evidence, findings: found }
  return {
    original,
    change,
    subject,
    composed,
    evidence,
    findings: settle(subject, composed, found),
    validUntil: validUntilOf(subject, composed),
  }
}

/** The gate that a kind of evidence is for. */
function gateOf(kind: string): string {
  return { quality: 'data-quality', units: 'metrics' }[kind] ?? kind
}

/** A promotion whose record or model can't be read: nothing of it can be weighed, and it says why. */
function unreadable(change: Change, read: ReadChange, mistakes: readonly Mistake[]): PreparedPromotion {
  const all = [...mistakes, ...read.mistakes].map((mistake) => mistakeFinding('registry', mistake))
  const children = [...new Map(all.map((child) => [`${child.title} ${child.because}`, child])).values()]
  const because = children.map((child) => child.because).join(' ') || 'the promoted version cannot be read'
  const documents = read.environments.get(change.environment ?? '')?.after ?? []
  const manifests = documents
    .filter(({ binding }) => binding === 'unbound' || binding === 'unresolved')
    .map(({ name, binding, what, mend, place }): Finding => {
      const status = binding === 'unbound' ? 'failed' : 'inconclusive'
      return finding('manifest', name, status, `${what}. ${mend}`, { place })
    })
  const registry = finding('registry', 'registry', 'failed', because, { children })
  const nothing = { subject: null, composed: null, ledger: null }
  return { original: change, change, ...nothing, unreadable: [registry, ...manifests] }
}
