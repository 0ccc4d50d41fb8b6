import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake, Place } from '../registry/mistake.ts'
import { composedGates } from './composed-gates.ts'
import { type Leaves, leavesOf } from './leaves.ts'
import type { Policy } from './policy.ts'
import type { PolicyFile } from './policy-file.ts'
import type { PolicyGate } from './policy-gate.ts'
import { applyReviewers, optionOf, reviewers } from './reviewers.ts'
import { type Statements, statementsOf } from './statements.ts'
import { type Between, type Leave, type Loosening, NO_LEAVE, unite } from './unite.ts'

/** How many files may stand in one chain of `extends`. */
export const MAX_DEPTH = 5

export interface Composed {
  /** Always-on gates and those that a policy declares, in the order of findings. */
  readonly gates: readonly PolicyGate[]
  readonly evidence: { readonly at_least: 'recomputed' | 'attested'; readonly workflows: readonly string[] }
  /** Roles that rules hand an inconclusive interval to, each with the ids of these rules. */
  readonly onInconclusive: ReadonlyMap<string, readonly string[]>
  readonly privacy: { readonly min_group: number | null }
  /** What may be done about a verdict: waivers, and merging by the app. */
  readonly leaves: Leaves
  readonly loosened: readonly Loosening[]
  /** Keys that describe what happens later (merge, rollout, rollback, waivable): they judge nothing. */
  readonly shown: readonly { readonly key: string; readonly place: Place }[]
  /** Every file that takes part, extended ones first. */
  readonly sources: readonly string[]
  readonly mistakes: readonly Mistake[]
}

export interface Composition {
  /** Policies of the governed branch by path. */
  readonly files: ReadonlyMap<string, PolicyFile>
  /** Policies that the product ships, by name: weighbridge/baseline. */
  readonly shipped: ReadonlyMap<string, PolicyFile>
  /** Paths or names that apply, as the environment says. */
  readonly use: readonly string[]
  readonly modelPolicy?: PolicyFile | undefined
  /** The operator's; absent or null: there is none. */
  readonly central?: CentralRules | null | undefined
  /** What `selectPolicies`, or reading the files, found wrong. */
  readonly mistakes?: readonly Mistake[] | undefined
  /** Roles of the configuration; undefined: not checked. */
  readonly roles?: readonly string[] | undefined
}

/** A policy that the operator of the app lays over a repository's own, from a repository of its own. */
export interface CentralRules {
  /** Where it lies, as people read it: `acme/policies:policies/central.yml`. */
  readonly name: string
  /** Path in its own repository: a key of `files`. */
  readonly path: string
  /** It and what it extends there, by path in that repository. */
  readonly files: ReadonlyMap<string, PolicyFile>
  /** Why it cannot be read wholly. With an error none of it counts, and nothing passes. */
  readonly mistakes: readonly Mistake[]
}

/** What one file with all that it extends says, and what was found on the way. */
interface Resolved {
  readonly statements: Statements
  readonly loosened: readonly Loosening[]
  readonly mistakes: readonly Mistake[]
  readonly files: readonly PolicyFile[]
}

const NOTHING: Statements = { byId: new Map(), declared: new Map() }
const NO_RULES: Resolved = { statements: NOTHING, loosened: [], mistakes: [], files: [] }
const LATER = ['merge', 'rollout', 'rollback', 'waivable'] as const
/** Gates that no `without` switches off. */
const ALWAYS = ['registry', 'manifest', 'integrity']

function unresolved(place: Place, where: string, what: string, mend: string): Resolved {
  return { ...NO_RULES, mistakes: [{ ...place, where, what, mend, severity: 'error' }] }
}

function find({ files, shipped }: Composition, path: string): PolicyFile | undefined {
  return path.startsWith('weighbridge/') ? shipped.get(path) : files.get(path)
}

/** What a file extends, and everything that extends in turn; the trail is the files that led here. */
function resolve(all: Composition, path: string, from: Place, trail: readonly string[]): Resolved {
  const known = [...all.files.keys(), ...all.shipped.keys()].sort()
  const where = trail.length === 0 ? '' : 'extends'
  if (trail.includes(path)) {
    return unresolved(from, where, `${[...trail, path].join(' extends ')}: a circle`, 'Let one of them extend nothing.')
  }
  if (trail.length >= MAX_DEPTH) {
    return unresolved(from, where, `more than ${MAX_DEPTH} policies extend each other`, 'Join some of them.')
  }
  const file = find(all, path)
  if (file === undefined) {
    return unresolved(from, where, `${path} is not there, or has mistakes`, suggest(path, known, 'Policies'))
  }
  if (file.policy.extends === undefined) return extended(file, undefined)
  return extended(file, resolve(all, file.policy.extends, file.place('extends'), [...trail, path]))
}

function leaveOf(file: PolicyFile): Leave {
  const placeIn = (key: 'loosen' | 'without', id: string) => {
    const index = file.policy[key]?.indexOf(id) ?? -1
    return index === -1 ? undefined : file.place(`${key}[${index}]`)
  }
  return {
    loosen: (id) => placeIn('loosen', id),
    without: (id, section) =>
      ALWAYS.includes(id)
        ? undefined
        : (placeIn('without', id) ?? (ALWAYS.includes(section) ? undefined : placeIn('without', section))),
  }
}

/** Ids under `loosen` and `without` that mean nothing: misspelt, or nothing of what is extended. */
function unknownIds(file: PolicyFile, base: Statements): readonly Mistake[] {
  const ids = [...new Set([...[...base.byId.values()].map(({ id }) => id), ...base.declared.keys()])]
  return (['loosen', 'without'] as const).flatMap((key) =>
    (file.policy[key] ?? []).flatMap((id, index): readonly Mistake[] => {
      const place = { ...file.place(`${key}[${index}]`), where: `${key}[${index}]`, severity: 'error' as const }
      if (key === 'without' && ALWAYS.includes(id))
        return [{ ...place, what: `${id} is always on`, mend: 'Remove it.' }]
      const section = id.split('/')[0] ?? ''
      if (ids.includes(id) || (key === 'loosen' && base.declared.has(section))) return []
      return [{ ...place, what: `what this extends has no rule ${id}`, mend: suggest(id, ids, 'Rules there') }]
    }),
  )
}

function extended(file: PolicyFile, base: Resolved | undefined): Resolved {
  const own = statementsOf(file)
  if (base === undefined) return { statements: own, loosened: [], mistakes: [], files: [file] }
  const united = unite(base.statements, own, 'extends', leaveOf(file))
  return {
    statements: united.statements,
    loosened: [...base.loosened, ...united.loosened],
    mistakes: [...base.mistakes, ...unknownIds(file, base.statements), ...united.mistakes],
    files: [...base.files, file],
  }
}

/** Together with an equal, or with a policy that can only tighten. */
function joined(a: Resolved, b: Resolved, between: Between): Resolved {
  const united = unite(a.statements, b.statements, between, NO_LEAVE)
  return {
    statements: united.statements,
    loosened: [...a.loosened, ...b.loosened],
    mistakes: [...a.mistakes, ...b.mistakes, ...united.mistakes],
    files: [...a.files, ...b.files],
  }
}

/** A model's own policy: what it extends would be equal to the environment's, so it extends nothing. */
function ofModel(file: PolicyFile): Resolved {
  const refused = (['extends', 'loosen', 'without'] as const).filter((key) => file.policy[key] !== undefined)
  const what = 'the policy of a model can only add to its environments’ rules'
  const mistakes = refused.map((key): Mistake => {
    return { ...file.place(key), where: key, what, mend: `Remove ${key}.`, severity: 'error' }
  })
  return { statements: statementsOf(file), loosened: [], mistakes, files: [file] }
}

/**
 * The operator's policy by itself. Its files and the repository's never see each other: nothing of the repository can
 * stand in for a file of it, and no `loosen` or `without` of the repository reaches it.
 */
function ofOperator(central: CentralRules, shipped: Composition['shipped']): Resolved {
  const { name, path, files, mistakes } = central
  if (mistakes.some(({ severity }) => severity === 'error')) return { ...NO_RULES, mistakes }
  const own = resolve({ files, shipped, use: [] }, path, { path: name, line: 1, column: 1 }, [])
  return withReviewers({ ...own, mistakes: [...mistakes, ...own.mistakes] })
}

/**
 * The rules of one environment for one model, from all files that take part.
 *
 * Rules are a union by id; of two statements of one id the stricter counts, key by key, whichever file comes first.
 * Looser than what it extends takes `loosen` or `without` in the file that extends, and is listed. Nothing here throws:
 * what can't be composed is a mistake, and a composition with errors judges as inconclusive.
 *
 * The operator's policy stands beside the environment's like an equal; what it leaves unsaid the repository decides.
 *
 * @param all.use  of the governed branch, as `selectPolicies` gave them
 */
export function composePolicy(all: Composition): Composed {
  const start = { path: '.github/weighbridge.yml', line: 1, column: 1 }
  const chains = all.use.map((path) => resolve(all, path, start, [])).map(withReviewers)
  const environment = chains.reduce<Resolved | undefined>(
    (a, b) => (a === undefined ? b : joined(a, b, 'beside')),
    undefined,
  )
  const base =
    environment ?? unresolved(start, 'environments', 'no policy applies', 'Name a policy for this environment.')
  const central = all.central ? ofOperator(all.central, all.shipped) : null
  const governed = central === null ? base : joined(central, base, 'beside')
  const whole =
    all.modelPolicy === undefined ? governed : joined(governed, withReviewers(ofModel(all.modelPolicy)), 'tightens')
  const leaves = leavesOf(chains.map(policiesOf), all.modelPolicy?.policy ?? null, central && policiesOf(central))
  return composed({ ...whole, mistakes: [...(all.mistakes ?? []), ...whole.mistakes] }, leaves, all.roles)
}

function policiesOf({ files }: Resolved): readonly Policy[] {
  return files.map(({ policy }) => policy)
}

function withReviewers(resolved: Resolved): Resolved {
  return { ...resolved, statements: applyReviewers(resolved.statements) }
}

function composed(
  { statements, loosened, mistakes, files }: Resolved,
  leaves: Leaves,
  roles: readonly string[] | undefined,
): Composed {
  const evidence = {
    at_least: (optionOf(statements, 'evidence', 'at_least') ?? 'attested') as 'recomputed' | 'attested',
    workflows: (optionOf(statements, 'evidence', 'workflows') ?? []) as readonly string[],
  }
  const { gates, mistakes: broken } = composedGates(statements, evidence.at_least)
  const shown = files.flatMap((file) =>
    LATER.filter((key) => file.policy[key] !== undefined).map((key) => ({ key, place: file.place(key) })),
  )
  return {
    gates,
    evidence,
    onInconclusive: reviewers(gates),
    privacy: { min_group: (optionOf(statements, 'privacy', 'min_group') ?? null) as number | null },
    leaves,
    loosened,
    shown,
    sources: [...new Set(files.map(({ path }) => path))],
    mistakes: [...mistakes, ...broken, ...(roles === undefined ? [] : unknownRoles(gates, roles))],
  }
}

/** Roles that nobody can hold, so that what they should approve would wait for ever. */
function unknownRoles(gates: readonly PolicyGate[], roles: readonly string[]): readonly Mistake[] {
  return gates.flatMap(({ gate, rules, place: declared }) =>
    rules.flatMap(({ id, review, rule, places }) => {
      const named = [review, gate === 'approvals' ? String((rule as { role?: unknown }).role) : null]
      const place = places[0] ?? declared ?? { path: '', line: 1, column: 1 }
      const severity = place.path.startsWith('weighbridge/') ? ('warning' as const) : ('error' as const)
      return named
        .filter((role) => role !== null && !roles.includes(role))
        .map((role) => ({
          ...place,
          where: id,
          what: `the configuration has no role ${role}`,
          mend: suggest(String(role), roles, 'Roles there'),
          severity,
        }))
    }),
  )
}
