const LONGEST = 64

/**
 * How many slips of the finger lie between two words.
 *
 * Damerau-Levenshtein in the optimal-string-alignment form: insertions, deletions, substitutions and swaps of
 * neighbours count one each; no part is edited twice.
 *
 * @returns 0 or more; symmetric
 * @see Boytsov, Indexing methods for approximate dictionary searching (2011), section 2.1
 * @example editDistance('paramters', 'parameters') // => 1
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length]!
}

const plain = (word: string) => word.toLowerCase().replace(/[-_. ]/g, '')

/**
 * The known word that was probably meant, or null when none is near.
 *
 * Case, hyphens and underscores are free; besides that one slip for every three letters. Of equally near words the
 * first of `known` wins. Words over 64 characters are never near anything, so hostile input costs nothing.
 *
 * @example didYouMean('max_ms', ['minMs', 'maxMs']) // => 'maxMs'
 */
export function didYouMean(word: string, known: readonly string[]): string | null {
  if (word.length > LONGEST) return null
  const meant = plain(word)
  let best: string | null = null
  let least = Math.max(1, Math.floor(meant.length / 3)) + 1
  for (const candidate of known) {
    const other = plain(candidate)
    if (candidate.length > LONGEST || Math.abs(other.length - meant.length) >= least) continue
    const distance = editDistance(meant, other)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** `Did you mean churn? Models here: churn, fraud.`, the first sentence only when one is near. */
export function suggest(word: string, known: readonly string[], called: string): string {
  const near = didYouMean(word, known)
  const shown = known.slice(0, 20).join(', ') + (known.length > 20 ? `, and ${known.length - 20} more` : '')
  const list = known.length === 0 ? `${called}: none.` : `${called}: ${shown}.`
  return near === null ? list : `Did you mean ${near}? ${list}`
}
