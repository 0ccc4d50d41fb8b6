import { type Finding, finding } from '../gates/finding.ts'
import { mistakeFinding } from '../gates/mistake-finding.ts'
import type { Composed } from '../policy/compose.ts'
import { validUntilOf } from '../policy/judge.ts'
import { planPromotion } from '../policy/plan.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import type { JudgedPromotion } from '../policy/verdict.ts'
import type { Change } from '../registry/change.ts'
import type { Mistake } from '../registry/mistake.ts'
import { type Audience, judgeFor } from './audience.ts'
import { composeFor } from './compose-for.ts'
import { gather } from './gather.ts'
import { type Job, turns } from './job.ts'
import type { ReadChange } from './read-change.ts'
import { readSubject, type SubjectInput } from './subject.ts'

/** How many promotions of one pull request are weighed at once. */
const AT_ONCE = 4

export interface WeighedPromotion extends JudgedPromotion {
  /** As the diff was read, before history showed it to be a rollback. */
  readonly original: Change
  /** null when the promoted version could not be read. */
  readonly composed: Composed | null
}

export interface PromotionsInput {
  readonly changes: readonly Change[]
  readonly openJob: () => Promise<Job>
  readonly sources: Omit<SubjectInput, 'change' | 'job'>
  readonly shipped: ReadonlyMap<string, PolicyFile>
  readonly skip: readonly string[]
  readonly audience: Audience
}

/** Weighs every promotion of a pull request; what two of them need is fetched and computed once. */
export async function weighPromotions(input: PromotionsInput): Promise<readonly WeighedPromotion[]> {
  if (input.changes.length === 0) return []
  const job = await input.openJob()
  const inTurn = turns(AT_ONCE)
  return Promise.all(input.changes.map((change) => inTurn(() => weighPromotion(input, change, job))))
}

async function weighPromotion(input: PromotionsInput, change: Change, job: Job): Promise<WeighedPromotion> {
  const { sources, skip } = input
  const reading = await readSubject({ ...sources, change, job })
  if (!reading.ok) return unreadable(change, sources.read, reading.mistakes)
  const { subject } = reading
  const composed = await composeFor(subject, sources.before, input.shipped)
  const requests = planPromotion(subject, composed).filter(({ kind }) => !skip.includes(gateOf(kind)))
  const evidence = await gather(requests, job)
  return {
    original: change,
    change: subject.change,
    findings: judgeFor(input.audience, subject, composed, evidence),
    validUntil: validUntilOf(subject, composed),
    composed,
  }
}

/** The gate that a kind of evidence is for. */
function gateOf(kind: string): string {
  return { quality: 'data-quality', units: 'metrics' }[kind] ?? kind
}

/** A promotion whose record or model can't be read: nothing of it can be weighed, and it says why. */
function unreadable(change: Change, read: ReadChange, mistakes: readonly Mistake[]): WeighedPromotion {
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
  return { original: change, change, composed: null, findings: [registry, ...manifests] }
}
