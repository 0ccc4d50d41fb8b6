import { createHash } from 'node:crypto'
import type { GateSubject } from '../gates/gate.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { Change, ChangedPath } from '../registry/change.ts'
import type { Configuration } from '../registry/configuration.ts'
import { JUDGING_FIELDS } from '../registry/model.ts'
import { classifyPath } from '../registry/registry-path.ts'
import type { Composed } from './compose.ts'

/** What an approval of a pull request covers. */
export interface KeyFacts {
  /** Merge base to head. */
  readonly changed: readonly ChangedPath[]
  /** As the diff was read; a workflow's path is ours where one of them names it. */
  readonly changes: readonly Change[]
  /** Of the governed branch; null when it has none. */
  readonly configuration: Configuration | null
  /** Tip of the repository that models are read from, where it is another one. */
  readonly registrySha: string | null
  readonly promotions: readonly {
    readonly change: Change
    /** null when the promoted version could not be read. */
    readonly subject: GateSubject | null
    readonly composed: Composed | null
  }[]
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/**
 * Paths that are ours: what lies in our folders, and workflows that judge or train.
 *
 * @param configuration  of the governed branch; null when there is none, then no path is a manifest
 */
export function ourPaths({
  changed,
  changes,
  configuration,
}: Pick<KeyFacts, 'changed' | 'changes' | 'configuration'>): readonly ChangedPath[] {
  const named = new Set(changes.map(({ path }) => path))
  return changed.filter(({ path }) => {
    const { kind } = classifyPath(path, configuration)
    return named.has(path) || (kind !== 'other' && kind !== 'workflow')
  })
}

/**
 * What a composition judges by, whatever its files look like: comments and the order of keys do not count.
 *
 * @returns 64 hexadecimal digits
 */
export function policyDigest(composed: Composed): string {
  const { evidence, privacy, leaves, mistakes } = composed
  const gates = composed.gates.map(({ gate, declared, required, atLeast, rules }) => {
    const own = rules.map(({ id, rule, advisory, review, tasks }) => ({ id, rule, advisory, review, tasks }))
    return { gate, declared, required, atLeast, rules: own }
  })
  const said = mistakes.map(({ path, where, what }) => ({ path, where, what }))
  return sha256({ gates, evidence, privacy, waivable: [...leaves.waivable], merge: leaves.merge, mistakes: said })
}

function promotionFacts({ change, subject, composed }: KeyFacts['promotions'][number]) {
  const { environment = null, model = null, to = null } = change
  if (subject === null) return { environment, model, to }
  const terms = Object.fromEntries(JUDGING_FIELDS.map((field) => [field, subject.model[field]]))
  return {
    environment,
    model,
    to,
    candidate: subject.candidate.record,
    exam: subject.exam?.data.digest ?? null,
    incumbent: subject.incumbent?.record.artifact.digest ?? null,
    terms,
    policy: composed === null ? null : policyDigest(composed),
  }
}

/**
 * The digest of everything that an approval, a review or a waiver covers: our changed paths with modes and blobs, and of
 * each promotion the candidate, its artifact, the exam, the incumbent, the terms and the policy; the configuration, and
 * where models lie elsewhere that repository's tip. Neither base nor head is in it: prose and base updates may change.
 *
 * @returns 64 hexadecimal digits
 */
export function approvalKey(facts: KeyFacts): string {
  const paths = ourPaths(facts).map(({ path, mode, oid }) => ({ path, mode: mode.to, oid: oid.to }))
  return sha256({
    paths: paths.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    configuration: facts.configuration,
    registry: facts.registrySha,
    promotions: facts.promotions.map(promotionFacts).map(canonicalJson).sort(),
  })
}
