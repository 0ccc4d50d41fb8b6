import type { VersionLineage } from '../jobs/version-lineage.ts'

/** A branch of the tree: what it says, and what hangs below it. */
interface Branch {
  readonly text: string
  readonly below: readonly Branch[]
}

/** The lineage of a version as a tree for a terminal. */
export function lineageLines(lineage: VersionLineage): readonly string[] {
  const { model, version, created, artifact } = lineage
  const branches = [
    training(lineage),
    data(lineage),
    evaluation(lineage),
    leafy('comes from', ancestry(lineage)),
    leafy('trained from it', descendants(lineage)),
    leafy('served', served(lineage)),
  ].filter((branch) => branch.below.length > 0)
  return [`${model} ${version}, ${created.slice(0, 10)}, ${artifact.digest}`, ...drawn(branches, '')]
}

function leaf(text: string): Branch {
  return { text, below: [] }
}

function leafy(text: string, leaves: readonly string[]): Branch {
  return { text, below: leaves.map(leaf) }
}

function drawn(branches: readonly Branch[], indent: string): readonly string[] {
  return branches.flatMap(({ text, below }, at) => {
    const isLast = at === branches.length - 1
    return [`${indent}${isLast ? '└─ ' : '├─ '}${text}`, ...drawn(below, `${indent}${isLast ? '   ' : '│  '}`)]
  })
}

function training({ training, changed_parameters }: VersionLineage): Branch {
  const { commit, run, parameters, seed, environment, compute, features } = training ?? {}
  const parametersText = pairs(parameters ?? {})
  const said = [
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    ...(run === undefined
      ? []
      : [`run ${run.id} of ${run.workflow}${run.attempt === undefined ? '' : `, attempt ${run.attempt}`}`]),
    ...(parametersText === '' ? [] : [`parameters ${parametersText}`]),
    ...(changed_parameters.length === 0 ? [] : [`changed since its parent: ${changes(changed_parameters)}`]),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(environment === undefined ? [] : [`environment ${pairs(environment)}`]),
    ...(compute === undefined ? [] : [`compute ${pairs(compute)}`]),
    ...(features ?? []).map(({ store, view, digest }) => `features ${store} ${view} ${digest ?? ''}`.trimEnd()),
  ]
  return leafy('trained by', said)
}

function changes(changed: VersionLineage['changed_parameters']): string {
  return changed.map(({ name, from, to }) => `${name} ${from ?? 'none'} to ${to ?? 'none'}`).join(', ')
}

function pairs(of: Readonly<Record<string, unknown>>): string {
  return Object.entries(of)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

function data({ training, evaluation: { reference } }: VersionLineage): Branch {
  const sets = (training?.data ?? []).map(({ name, uri, digest, dvc }) => ({
    text: `${name === undefined ? '' : `${name}: `}${uri}`,
    below: [leaf(digest), ...(dvc === undefined ? [] : [leaf(`DVC ${dvc}`)])],
  }))
  return { text: 'on data', below: [...sets, { text: `reference: ${reference.uri}`, below: [leaf(reference.digest)] }] }
}

function evaluation({ evaluation: { data: set, claims } }: VersionLineage): Branch {
  const claimed = Object.entries(claims ?? {}).map(([name, value]) => `${name} ${value} (claimed)`)
  const sets = set === undefined ? [] : [{ text: set.uri, below: [leaf(set.digest)] }]
  return { text: 'evaluated on', below: [...sets, ...claimed.map(leaf)] }
}

/** Longer lines of parents end in a count; --json has all. */
const MOST_PARENTS = 20

function ancestry({ ancestors }: VersionLineage): readonly string[] {
  const more = ancestors.length - MOST_PARENTS
  const shown = ancestors
    .slice(0, MOST_PARENTS)
    .map(({ version, is_recorded, created, commit }) =>
      is_recorded
        ? `${version}, ${created?.slice(0, 10)}${commit === null ? '' : `, commit ${commit.slice(0, 12)}`}`
        : `${version}, not recorded here`,
    )
  return more > 0 ? [...shown, `and ${more} more`] : shown
}

function descendants({ descendants: found }: VersionLineage): readonly string[] {
  return found.map(({ version, parent, depth }) => (depth === 1 ? version : `${version}, from ${parent}`))
}

function served({ served: periods }: VersionLineage): readonly string[] {
  return (periods ?? []).map(
    ({ environment, since, until, commit }) =>
      `${environment} from ${since.slice(0, 10)} ${until === null ? 'until now' : `to ${until.slice(0, 10)}`}, commit ${commit.slice(0, 12)}`,
  )
}
