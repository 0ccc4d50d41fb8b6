import { type Cell, cellsOf, groupId, type Listing, projected } from './shared-cells.ts'
import { determined, type Equation } from './shared-determined.ts'

/** More groups than this are not worked out: a small one among them hides them all. */
const MOST_GROUPS = 80

/** Cells that add up to a number which everybody knows (`total` null), or to another cell. */
interface Sum {
  readonly cells: readonly Cell[]
  readonly total: Cell | null
}

/**
 * Which groups of each listing must not be shown, so that no number of a small group can be had: not by reading it, not
 * by subtracting what is shown from totals, from other listings or from pools, not through a disparity.
 *
 * Starts from the groups under the floor and hides companions, smallest first, until no small group is determined by
 * the linear equations between all numbers, and no sum of hidden groups is itself under the floor.
 *
 * @param floor  groups with 1 to floor - 1 members are small; an empty group has nobody to hide
 * @returns ids of hidden groups, one set a listing, same order
 */
export function hiddenGroups(listings: readonly Listing[], floor: number): readonly ReadonlySet<string>[] {
  const cells = cellsOf(listings, floor)
  const hidden = new Set(cells.filter((cell) => cell.isSmall || cell.isImplied))
  const crowded = crowdedListings(listings, cells)
  for (const cell of cells) if (crowded.has(cell.listing)) hidden.add(cell)
  if (cells.some((cell) => cell.isSmall)) {
    const sums = sumsOf(listings, cells, floor)
    for (const { total } of sums) if (total?.isSmall) hidden.add(total)
    const links = linksOf(listings, cells)
    while (hideOneMore(hidden, sums, links, floor)) {}
  }
  return listings.map(
    (_, listing) => new Set([...hidden].filter((cell) => cell.listing === listing).map((cell) => cell.key)),
  )
}

function crowdedListings(listings: readonly Listing[], cells: readonly Cell[]): ReadonlySet<number> {
  const small = new Set(cells.filter((cell) => cell.isSmall).map((cell) => cell.listing))
  return new Set(
    listings.flatMap(({ groups }, index) => (groups.length > MOST_GROUPS && small.has(index) ? [index] : [])),
  )
}

function sumsOf(listings: readonly Listing[], cells: readonly Cell[], floor: number): readonly Sum[] {
  const byListing = Map.groupBy(cells, (cell) => cell.listing)
  const totals = listings.map((_, index) => ({ cells: byListing.get(index) ?? [], total: null }))
  const pools = listings.flatMap((listing, index) => poolsOf(listing, byListing.get(index) ?? [], floor))
  return [...totals, ...pools, ...marginsOf([...byListing.values()])].filter((sum) => sum.cells.length > 0)
}

function poolsOf({ pools }: Listing, cells: readonly Cell[], floor: number): readonly Sum[] {
  return pools.map(({ group, size, members }) => {
    const ids = new Set(members.map(groupId))
    const listing = cells[0]?.listing ?? 0
    const isSmall = size > 0 && size < floor
    const total = { listing, group, key: groupId(group), size, isSmall, isImplied: false }
    return { cells: cells.filter((cell) => ids.has(cell.key)), total }
  })
}

/** Each group of a listing is the sum of its parts in every finer one. */
function marginsOf(byListing: readonly (readonly Cell[])[]): readonly Sum[] {
  return byListing.flatMap((coarse) =>
    byListing.flatMap((fine) => {
      const across = Object.keys(coarse[0]?.group ?? {})
      const finer = Object.keys(fine[0]?.group ?? {})
      if (coarse === fine || !across.every((column) => finer.includes(column))) return []
      const parts = Map.groupBy(fine, (cell) => groupId(projected(cell.group, across)))
      return coarse.map((total) => ({ cells: parts.get(total.key) ?? [], total }))
    }),
  )
}

function linksOf(listings: readonly Listing[], cells: readonly Cell[]): readonly (readonly [Cell, Cell])[] {
  return listings.flatMap(({ links }, index) =>
    links.flatMap((pair) => {
      const found = pair.flatMap((group) =>
        cells.filter((cell) => cell.listing === index && cell.key === groupId(group)),
      )
      return found.length === 2 ? [[found[0]!, found[1]!] as const] : []
    }),
  )
}

type Links = readonly (readonly [Cell, Cell])[]

/** Hides one companion where a small group could still be worked out; false when none can. */
function hideOneMore(hidden: Set<Cell>, sums: readonly Sum[], links: Links, floor: number): boolean {
  const open = sums.find((sum) => isTooThin(sum, hidden, floor)) ?? givingAway(hidden, sums, links)
  const companion = open && companionIn(open, hidden, links)
  if (companion === undefined) return false
  hidden.add(companion)
  return true
}

/** A known sum of hidden groups that is itself too small to be told. */
function isTooThin({ cells, total }: Sum, hidden: ReadonlySet<Cell>, floor: number): boolean {
  if (total !== null && hidden.has(total)) return false
  const inside = cells.filter((cell) => hidden.has(cell))
  const size = inside.reduce((sum, cell) => sum + cell.size, 0)
  return size > 0 && size < floor && (inside.length < cells.length || total !== null)
}

/** A sum in which another group must be hidden, because its small group is determined by all that is shown. */
function givingAway(hidden: ReadonlySet<Cell>, sums: readonly Sum[], links: Links): Sum | undefined {
  const unknowns = [...hidden]
  const index = new Map(unknowns.map((cell, place) => [cell, place]))
  const equations: Equation[] = [
    ...sums.map(({ cells, total }) =>
      coefficients(
        index,
        cells.map((cell) => [cell, 1]),
        total,
      ),
    ),
    ...links.map(([a, b], place) =>
      coefficients(
        index,
        [
          [a, 1],
          [b, 7919 + 31 * place],
        ],
        null,
      ),
    ),
  ]
  const known = determined(unknowns.length, equations).map((place) => unknowns[place]!)
  const open = known.filter((cell) => cell.isSmall)
  if (open.length === 0) return undefined
  const visible = sums.filter((sum) => everyone(sum).some((cell) => !hidden.has(cell)))
  return visible.find((sum) => everyone(sum).some((cell) => open.includes(cell))) ?? visible[0]
}

function everyone({ cells, total }: Sum): readonly Cell[] {
  return total === null ? cells : [...cells, total]
}

function coefficients(
  index: ReadonlyMap<Cell, number>,
  terms: readonly (readonly [Cell, number])[],
  total: Cell | null,
): Equation {
  const all = total === null ? terms : [...terms, [total, -1] as const]
  return new Map(all.flatMap(([cell, times]) => (index.has(cell) ? [[index.get(cell)!, times] as const] : [])))
}

/** The smallest group that is still shown; one that a disparity would give away, or the sum itself, only when there is no other. */
function companionIn(sum: Sum, hidden: ReadonlySet<Cell>, links: Links): Cell | undefined {
  const linked = new Set(links.flat())
  const last = (cell: Cell) => (cell === sum.total ? 2 : linked.has(cell) ? 1 : 0)
  const shown = everyone(sum).filter((cell) => !hidden.has(cell) && cell.size > 0)
  return shown.toSorted((a, b) => last(a) - last(b) || a.size - b.size)[0]
}
