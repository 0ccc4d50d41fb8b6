import type { RepositoryJob } from './job-context.ts'

/**
 * The newest fact that a command entered in a repository, by the ledger's tip; null when there was none yet. A verdict
 * that was judged before such a fact is not published after it: it is judged again.
 */
export function lastFactEntered({ inbox, repository }: RepositoryJob): string | null {
  return inbox.mark(markOf(repository.id))
}

export function factEntered({ inbox, repository }: RepositoryJob, tip: string): void {
  inbox.setMark(markOf(repository.id), tip)
}

function markOf(repositoryId: number): string {
  return `entered:${repositoryId}`
}
