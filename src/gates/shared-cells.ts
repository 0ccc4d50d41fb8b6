import { canonicalJson } from '../registry/canonical-json.ts'
import type { GroupKey } from './evidence.ts'

/** Groups across some columns, with how many of something (rows, positives, ...) each has. */
export interface Listing {
  readonly across: readonly string[]
  readonly groups: readonly { readonly group: GroupKey; readonly size: number }[]
  /** Groups shown as one besides: the pool's own number gives their sum away. */
  readonly pools: readonly { readonly group: GroupKey; readonly size: number; readonly members: readonly GroupKey[] }[]
  /** Pairs of which one rate gives the other away, by the disparity between them. */
  readonly links: readonly (readonly [GroupKey, GroupKey])[]
}

/** A group of one listing; `key` tells groups of a listing apart. */
export interface Cell {
  readonly listing: number
  readonly key: string
  readonly group: GroupKey
  readonly size: number
  readonly isSmall: boolean
  /** Shown nowhere, only implied by two listings that share columns. */
  readonly isImplied: boolean
}

/** Text by which a group of a listing is found again. */
export function groupId(group: GroupKey): string {
  return canonicalJson(group)
}

/** Every group of every listing, and those that two listings imply together. */
export function cellsOf(listings: readonly Listing[], floor: number): readonly Cell[] {
  const shown = listings.flatMap(({ groups }, listing) =>
    groups.map(({ group, size }) => ({ listing, group, size, isImplied: false })),
  )
  const implied = impliedColumns(listings).flatMap(({ across, from }, index) =>
    margin(across, listings[from]!).map(({ group, size }) => ({
      listing: listings.length + index,
      group,
      size,
      isImplied: true,
    })),
  )
  return [...shown, ...implied].map((cell) => ({
    ...cell,
    key: groupId(cell.group),
    isSmall: cell.size > 0 && cell.size < floor,
  }))
}

/** Columns that two listings share and that no listing is taken across: their margins agree, shown or not. */
function impliedColumns(
  listings: readonly Listing[],
): readonly { readonly across: readonly string[]; readonly from: number }[] {
  const known = new Set(listings.map(({ across }) => across.toSorted().join('\n')))
  return listings.flatMap((listing, from) =>
    listings.slice(from + 1).flatMap((other) => {
      const across = listing.across.filter((column) => other.across.includes(column)).toSorted()
      const name = across.join('\n')
      if (across.length === 0 || known.has(name)) return []
      known.add(name)
      return [{ across, from }]
    }),
  )
}

function margin(across: readonly string[], { groups }: Listing): readonly { group: GroupKey; size: number }[] {
  const sums = new Map<string, { group: GroupKey; size: number }>()
  for (const { group, size } of groups) {
    const part = projected(group, across)
    const known = sums.get(groupId(part))
    sums.set(groupId(part), { group: part, size: size + (known?.size ?? 0) })
  }
  return [...sums.values()]
}

/** The part of a group that is about some columns only. */
export function projected(group: GroupKey, across: readonly string[]): GroupKey {
  return Object.fromEntries(across.map((column) => [column, group[column] ?? null]))
}
