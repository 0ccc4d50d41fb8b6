import { createHash } from 'node:crypto'
import { countsLooks } from '../gates/evaluation.ts'
import type { Waivable } from '../gates/waiver.ts'
import { approvalKey, ourPaths, policyDigest } from '../policy/approval-key.ts'
import type { MergeTerms } from '../policy/leaves.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { ChangeKind } from '../registry/change.ts'
import type { Configuration } from '../registry/configuration.ts'
import { classifyPath } from '../registry/registry-path.ts'
import type { ModelSource } from './model-source.ts'
import type { PullRequest } from './pull-request.ts'
import type { ReadChange } from './read-change.ts'
import type { PreparedPromotion } from './weigh-promotions.ts'

/** One promotion of a weighing, as the ledger tells it. */
export interface PromotionFacts {
  readonly environment: string
  readonly model: string
  readonly from: string | null
  readonly to: string
  readonly kind: ChangeKind
  readonly artifactDigest: string | null
  /** Artifact of the version that is left. */
  readonly fromDigest: string | null
  readonly evaluationDigest: string | null
  readonly firstHere: boolean
  /** Its policy counts how many versions were judged on one exam. */
  readonly countsLooks: boolean
  /** Gates that its policy lets somebody waive, and on which terms. */
  readonly waivable: readonly (Waivable & { readonly gate: string })[]
}

/** What a weighing concerns: another push that touches any of it makes its verdict stale. */
export interface Concerns {
  readonly models: readonly string[]
  readonly environments: readonly string[]
  /** It changes a policy or the configuration, which concerns everything. */
  readonly policy: boolean
}

/** What a weighing is bound to, beside its verdict. */
export interface WeighedFacts {
  /** Digest of everything that an approval covers, 64 hexadecimal digits. */
  readonly evidenceKey: string
  /** Digest of the policies that judged. */
  readonly policyDigest: string
  /** How the app may merge it; null where it promotes nothing. */
  readonly merge: MergeTerms | null
  readonly promotions: readonly PromotionFacts[]
  readonly concerns: Concerns
  readonly touchesWorkflows: boolean
}

export interface FactsInput {
  readonly pull: PullRequest
  readonly configuration: Configuration | null
  readonly models: ModelSource | null
  readonly read: ReadChange | null
  readonly promotions: readonly PreparedPromotion[]
}

/** Everything about a weighing that does not depend on how it was decided. */
export function weighedFacts(input: FactsInput): WeighedFacts {
  const { pull, configuration, models, read, promotions } = input
  return {
    evidenceKey: approvalKey({
      changed: pull.changed,
      changes: read?.changes ?? [],
      configuration,
      registrySha: models?.snapshot.sha ?? null,
      promotions,
    }),
    policyDigest: policiesDigest(promotions),
    merge: mergeOf(promotions),
    promotions: promotions.map(promotionFacts),
    concerns: concernsOf(input),
    touchesWorkflows: pull.changed.some(({ path }) => path.startsWith('.github/workflows/')),
  }
}

function policiesDigest(promotions: readonly PreparedPromotion[]): string {
  const digests = promotions.flatMap(({ composed }) => (composed === null ? [] : [policyDigest(composed)]))
  return createHash('sha256').update(canonicalJson(digests.sort())).digest('hex')
}

/** Every promotion must allow it, in one way. */
function mergeOf(promotions: readonly PreparedPromotion[]): MergeTerms | null {
  const [first, ...others] = promotions.map(({ composed }): MergeTerms => {
    const unread = { automatic: false, method: 'squash' as const, because: 'a promotion cannot be read' }
    return composed?.leaves.merge ?? unread
  })
  if (first === undefined) return null
  const manual = [first, ...others].find(({ automatic }) => !automatic)
  if (manual !== undefined) return manual
  const isOneWay = others.every(({ method }) => method === first.method)
  return isOneWay ? first : { ...first, automatic: false, because: 'its promotions ask for different merge methods' }
}

function promotionFacts({ change, subject, composed }: PreparedPromotion): PromotionFacts {
  return {
    environment: change.environment ?? '',
    model: change.model ?? '',
    from: change.from ?? null,
    to: change.to ?? '',
    kind: change.kind,
    artifactDigest: subject?.candidate.record.artifact.digest ?? null,
    fromDigest: subject?.incumbent?.record.artifact.digest ?? null,
    evaluationDigest: subject?.exam?.data.digest ?? null,
    firstHere: subject?.history.firstHere ?? false,
    countsLooks:
      composed?.gates.some(({ gate, rules }) => gate === 'evaluation' && rules.some(({ rule }) => countsLooks(rule))) ??
      false,
    waivable: [...(composed?.leaves.waivable ?? [])].map(([gate, terms]) => ({ gate, ...terms })),
  }
}

/** By path as well as by what was read, so that what cannot be read concerns all the same. */
function concernsOf({ pull, configuration, read, promotions }: FactsInput): Concerns {
  const changes = read?.changes ?? []
  const kinds = ourPaths({ changed: pull.changed, changes, configuration }).map(({ path }) =>
    classifyPath(path, configuration),
  )
  const models = kinds.flatMap((is) => ('model' in is ? [is.model] : []))
  const environments = kinds.flatMap((is) => ('environment' in is ? [is.environment] : []))
  const earlier = promotions.flatMap(({ subject }) => subject?.environment.after ?? [])
  const unique = (names: readonly string[]) => [...new Set(names)].sort()
  const judging = ['policy', 'configuration', 'workflow']
  return {
    models: unique([...models, ...changes.flatMap(({ model }) => model ?? [])]),
    environments: unique([...environments, ...earlier, ...changes.flatMap(({ environment }) => environment ?? [])]),
    policy: kinds.some(({ kind }) => judging.includes(kind)),
  }
}
