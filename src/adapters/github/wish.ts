/** Something to be read of a repository. */
export type Wish =
  /** What stands at a path of a commit, with its text when it is a file. */
  | { readonly kind: 'entry'; readonly sha: string; readonly path: string; readonly withText: boolean }
  /** A folder with what lies three levels below it. */
  | { readonly kind: 'folder'; readonly sha: string; readonly path: string; readonly withText: boolean }
  | { readonly kind: 'blob'; readonly oid: string }
  /** Whether any commit up to this one ever changed a path. */
  | { readonly kind: 'touched'; readonly sha: string; readonly path: string }

/** Texts of one query; more are more queries. */
const MOST_TEXTS = 50
/** Look-ups of one query, with and without text. */
const MOST_WISHES = 150
/** How many files a folder is taken to hold when its texts are asked for. */
const FOLDER_TEXTS = 10
/** A path's history costs GitHub more than a file's text. */
const TOUCHED_TEXTS = 5

export function keyOf(wish: Wish): string {
  return wish.kind === 'blob' ? `blob ${wish.oid}` : `${wish.kind} ${wish.sha} ${wish.path}`
}

/** Each thing once, with its text when anybody wants it. */
export function mergeWishes(wishes: readonly Wish[]): readonly Wish[] {
  const merged = new Map<string, Wish>()
  for (const wish of wishes) {
    const known = merged.get(keyOf(wish))
    if (known === undefined || ('withText' in wish && wish.withText)) merged.set(keyOf(wish), wish)
  }
  return [...merged.values()]
}

/** Wishes that fit into one query each. */
export function inQueries(wishes: readonly Wish[]): readonly (readonly Wish[])[] {
  const queries: Wish[][] = []
  let texts = 0
  for (const wish of wishes) {
    const last = queries.at(-1)
    const weight = weightOf(wish)
    if (last === undefined || last.length === MOST_WISHES || texts + weight > MOST_TEXTS) {
      queries.push([wish])
      texts = weight
    } else {
      last.push(wish)
      texts += weight
    }
  }
  return queries
}

function weightOf(wish: Wish): number {
  if (wish.kind === 'blob') return 1
  if (wish.kind === 'touched') return TOUCHED_TEXTS
  if (!wish.withText) return 0
  return wish.kind === 'folder' ? FOLDER_TEXTS : 1
}

/** The same in smaller pieces, for a query that was too much; null when it is as small as can be. */
export function smaller(wishes: readonly Wish[]): readonly (readonly Wish[])[] | null {
  const heavy = wishes.some((wish) => wish.kind === 'folder' && wish.withText)
  if (heavy) return [wishes.map((wish) => (wish.kind === 'folder' ? { ...wish, withText: false } : wish))]
  if (wishes.length < 2) return null
  const half = Math.ceil(wishes.length / 2)
  return [wishes.slice(0, half), wishes.slice(half)]
}
