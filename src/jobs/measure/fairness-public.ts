import { groupId, type Listing } from '../../gates/shared-cells.ts'
import { determined } from '../../gates/shared-determined.ts'
import { hiddenGroups } from '../../gates/shared-hidden.ts'
import type { Attribute, FairnessRows } from '../../measuring/group-fairness.ts'
import { pooledKey } from '../../statistics/counted-groups.ts'
import type { Grouping } from '../../statistics/group-rows.ts'

type IsIn = (label: number, prediction: number) => boolean

/** What everybody could count: the rows of a group, and of each label and prediction in it. */
const CELLS: readonly IsIn[] = [
  () => true,
  (label: number, prediction: number) => label === 1 && prediction === 1,
  (label: number, prediction: number) => label === 1 && prediction === 0,
  (label: number, prediction: number) => label === 0 && prediction === 1,
  (label: number, prediction: number) => label === 0 && prediction === 0,
]

/**
 * Attributes with their small groups merged into "(others)", so that no cell under the floor can be told: not read,
 * not had by subtracting what is shown from totals or from other attributes.
 *
 * Groups are merged before anything is measured, so that every number of the document is one of the merged groups.
 *
 * @param floor  cells of 1 to floor - 1 rows are small
 */
export function mergedAttributes(
  attributes: readonly Attribute[],
  rows: FairnessRows,
  floor: number,
): { readonly attributes: readonly Attribute[]; readonly merged: ReadonlyMap<string, number> } {
  const cells = rows.task === 'binary' ? CELLS : CELLS.slice(0, 1)
  const hidden = attributes.map(() => new Set<string>())
  for (const isIn of cells) {
    const listings = attributes.map((attribute) => listingOf(attribute, rows, isIn))
    for (const [index, ids] of hiddenGroups(listings, floor).entries()) for (const id of ids) hidden[index]!.add(id)
  }
  const told = attributes.map((attribute) => cells.map((isIn) => listingOf(attribute, rows, isIn)))
  for (const [index, listings] of told.entries()) fillPool(listings, hidden[index]!, floor)
  const finest = finestOf(attributes, rows, cells)
  while (givesAway(attributes, hidden, finest, floor)) {
    const widest = widestOf(attributes, hidden)
    if (widest === null) break
    hideOne(told[widest]![0]!, hidden[widest]!)
    fillPool(told[widest]!, hidden[widest]!, floor)
  }
  return {
    attributes: attributes.map((attribute, index) => merged(attribute, hidden[index]!)),
    merged: new Map(attributes.map(({ name }, index) => [name, hidden[index]!.size])),
  }
}

/** Groups of all attributes crossed: what is published are sums of these. */
interface Finest {
  /** Of each attribute, the group that each crossed group stands in. */
  readonly groupOf: readonly Int32Array[]
  /** Sizes by kind of cell. */
  readonly sizes: readonly Float64Array[]
}

function finestOf(
  attributes: readonly Attribute[],
  { label, prediction }: FairnessRows,
  cells: readonly IsIn[],
): Finest {
  const codes = new Map<string, number>()
  const indexes = attributes.map(({ grouping }) => grouping.indexOf)
  const of = label.map((_, row) => {
    const name = indexes.map((indexOf) => indexOf[row]).join(' ')
    const code = codes.get(name) ?? codes.size
    codes.set(name, code)
    return code
  })
  const sizes = cells.map((isIn) => {
    const counts = new Float64Array(codes.size)
    for (let row = 0; row < of.length; row++) if (isIn(label[row]!, prediction[row]!)) counts[of[row]!]! += 1
    return counts
  })
  const names = [...codes.keys()].map((name) => name.split(' ').map(Number))
  return { groupOf: attributes.map((_, index) => Int32Array.from(names, (name) => name[index]!)), sizes }
}

/** More crossed groups than this are not worked out: then everything small is held to be given away. */
const MOST_CROSSED = 1000

/** Whether some small cell follows from all that is published, by adding and subtracting. */
function givesAway(
  attributes: readonly Attribute[],
  hidden: readonly ReadonlySet<string>[],
  { groupOf, sizes }: Finest,
  floor: number,
): boolean {
  const crossed = sizes[0]?.length ?? 0
  const isSmall = (cell: number) => sizes.some((size) => size[cell]! > 0 && size[cell]! < floor)
  if (crossed > MOST_CROSSED) return Array.from({ length: crossed }, (_, cell) => cell).some(isSmall)
  const equations = attributes.flatMap(({ grouping }, index) => {
    const sums = new Map<string, Map<number, number>>()
    for (const [cell, group] of groupOf[index]!.entries()) {
      const id = groupId(grouping.groups[group]!)
      const name = hidden[index]!.has(id) ? '' : id
      sums.set(name, (sums.get(name) ?? new Map()).set(cell, 1))
    }
    return [...sums.values()]
  })
  return determined(crossed, equations).some(isSmall)
}

/** The attribute that still shows most groups; null when none shows any beside its pool. */
function widestOf(attributes: readonly Attribute[], hidden: readonly ReadonlySet<string>[]): number | null {
  const shown = attributes.map(({ grouping }, index) => grouping.groups.length - hidden[index]!.size)
  const most = Math.max(...shown)
  return most > 0 ? shown.indexOf(most) : null
}

function hideOne({ groups }: Listing, hidden: Set<string>): void {
  const shown = groups.filter(({ group }) => !hidden.has(groupId(group))).toSorted((a, b) => a.size - b.size)
  if (shown[0] !== undefined) hidden.add(groupId(shown[0].group))
}

/** The pool is shown, so its own cells must not be small either: the smallest groups go into it until none is. */
function fillPool(cells: readonly Listing[], hidden: Set<string>, floor: number): void {
  const [rows] = cells
  const shown = (rows?.groups ?? []).toSorted((a, b) => a.size - b.size).map(({ group }) => groupId(group))
  const isSmall = ({ groups }: Listing) => {
    const size = groups.reduce((sum, one) => sum + (hidden.has(groupId(one.group)) ? one.size : 0), 0)
    return size > 0 && size < floor
  }
  for (const id of shown) {
    if (!cells.some(isSmall)) return
    hidden.add(id)
  }
}

function listingOf({ grouping }: Attribute, { label, prediction }: FairnessRows, isIn: IsIn): Listing {
  const { groups, indexOf } = grouping
  const sizes = new Float64Array(groups.length)
  for (let row = 0; row < indexOf.length; row++) if (isIn(label[row]!, prediction[row]!)) sizes[indexOf[row]!]! += 1
  return {
    across: Object.keys(groups[0] ?? {}),
    groups: groups.map((group, index) => ({ group, size: sizes[index]! })),
    pools: [],
    links: [],
  }
}

function merged(attribute: Attribute, hidden: ReadonlySet<string>): Attribute {
  const { groups, indexOf } = attribute.grouping
  if (hidden.size === 0) return attribute
  const shown = groups.flatMap((group, index) => (hidden.has(groupId(group)) ? [] : [index]))
  const place = new Int32Array(groups.length).fill(shown.length)
  for (const [to, from] of shown.entries()) place[from] = to
  const grouping: Grouping = {
    groups: [...shown.map((index) => groups[index]!), pooledKey(groups[0]!)],
    indexOf: indexOf.map((group) => place[group]!),
  }
  return { ...attribute, grouping }
}
