import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { Evidence, EvidenceReader, EvidenceRequest, FactsOf } from '../gates/evidence.ts'
import { countText, exactText, roundedDown, roundedUp } from '../gates/number-text.ts'
import type { PlannedRule } from '../gates/plan-rules.ts'
import type { PlannedLimit } from '../gates/planned-limit.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { type Snapshot, Unavailable } from '../ports.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { EvidenceCache } from './evidence-ports.ts'
import { neverAsked } from './gather.ts'
import { planModel } from './plan-model.ts'

/** Under this an equally good model is held more often than not. */
const TOO_SELDOM = 0.5

export interface SeldomInput {
  readonly snapshot: Snapshot
  readonly shipped: ReadonlyMap<string, PolicyFile>
  readonly engine: string
  readonly now: string
  /** What was measured before; nothing is measured here. */
  readonly evidence: Pick<EvidenceCache, 'get'>
}

/** Rules that an equally good model would fail more often than not, by evidence that is there already: warnings. */
export async function seldomRules(input: SeldomInput): Promise<readonly Mistake[]> {
  const paths = (await input.snapshot.list('models')).map((entry) => entry.path)
  const models = [...new Set(paths.flatMap((path) => /^models\/([^/]+)\/model\.yml$/.exec(path)?.[1] ?? []))]
  const plans = await Promise.all(models.map((model) => planned(input, model)))
  return plans.flatMap((plan, index) =>
    (plan?.environments ?? []).flatMap(({ rules }) => rules.flatMap((rule) => warningOn(rule, models[index]!))),
  )
}

/** A registry that cannot be planned has mistakes that are told in their place. */
function planned({ snapshot, shipped, engine, now, evidence }: SeldomInput, model: string) {
  const gather = (requests: readonly EvidenceRequest[]) => kept(requests, engine, evidence)
  return planModel({ snapshot, model, environment: null, policy: null, shipped, engine, now, gather, job: null }).catch(
    (error: unknown) => {
      if (error instanceof Unavailable) return null
      throw error
    },
  )
}

/** Answers that lie sealed in the cache; every other request has none. */
async function kept(
  requests: readonly EvidenceRequest[],
  engine: string,
  evidence: SeldomInput['evidence'],
): Promise<EvidenceReader> {
  const keyOf = (request: EvidenceRequest) => evidenceKey({ engine, request })
  const found = new Map(
    await Promise.all(requests.map(async (request) => [keyOf(request), await evidence.get(keyOf(request))] as const)),
  )
  return {
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) => {
      const key = keyOf(request)
      const answer = found.get(key)
      if (answer?.status !== 'sealed') return neverAsked(request.kind, key) as Evidence<Kind>
      return { kind: request.kind, status: 'present', key, facts: answer.document, cache: 'sealed' } as Evidence<Kind>
    },
  }
}

function warningOn({ id, chance, limits, advisory, place }: PlannedRule, model: string): readonly Mistake[] {
  if (place === null || advisory || chance === null || chance >= TOO_SELDOM) return []
  const [worst] = limits.toSorted((a, b) => a.chance - b.chance)
  const on = worst?.n == null ? 'this exam' : countText(worst.n, worst.of)
  const what = `an equally good ${model} passes this rule ${Math.floor(100 * chance)} times in 100 on ${on}`
  const mend = `${worst === undefined ? '' : wayOut(worst)} See: weighbridge plan ${model}`.trim()
  return [{ ...place, where: id, what, mend, severity: 'warning' }]
}

function wayOut({ key, passable, enough, of }: PlannedLimit): string {
  const limit = exactText(key === 'min' ? roundedDown(passable, 2) : roundedUp(passable, 2))
  const rows = enough === null ? '' : `, or ${countText(roundedUp(enough, 2), of)},`
  return `${key} ${limit}${rows} would make it 80.`
}
