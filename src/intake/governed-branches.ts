import type { Inbox } from '../ports/inbox.ts'

/** Name of the mark that holds a repository's governed branches besides its default one, as a JSON list. */
function governedMark(repositoryId: number): string {
  return `governed:${repositoryId}`
}

/**
 * What the last reading of a repository's configuration said; null when there was none, or when the mark is none of ours.
 */
export function governedBranches(inbox: Pick<Inbox, 'mark'>, repositoryId: number): readonly string[] | null {
  try {
    const found: unknown = JSON.parse(inbox.mark(governedMark(repositoryId)) ?? 'null')
    return Array.isArray(found) && found.every((one) => typeof one === 'string') ? found : null
  } catch {
    return null
  }
}
