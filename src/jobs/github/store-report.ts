import { createHash } from 'node:crypto'
import { Unavailable } from '../../ports.ts'
import type { CheckDocument } from '../../report/check-document.ts'
import { renderHtml } from '../../report/html.ts'
import type { RepositoryJob } from './job-context.ts'

/** Where a report of a repository lies, below its evidence. */
export function reportUri(prefix: string, digest: string): string {
  return `${prefix}reports/${digest}.html`
}

/**
 * Stores a check as a page under the digest of its bytes, and says where people read it; null when no pages are served
 * here or the store takes none now. A page is a comfort: no verdict waits for it.
 */
export function storeReport(job: RepositoryJob, document: CheckDocument): Promise<string | null> {
  return storePage(job, renderHtml(document))
}

/** Stores any page in the same way. */
export async function storePage(job: RepositoryJob, html: string): Promise<string | null> {
  const { repository, pagesUrl, inbox, log } = job
  if (pagesUrl === null) return null
  const bytes = new TextEncoder().encode(html)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const { owner, name, id } = repository
  try {
    const { store, prefix } = job.grounds.evidence(repository)
    await store.put(reportUri(prefix, digest), bytes)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    log.warn({ repository: id }, 'a report could not be stored')
    return null
  }
  rememberId(inbox, `${owner}/${name}`, id)
  return `${pagesUrl}/reports/${owner}/${name}/${digest}`
}

/** Name to id, for pages on localhost, where nobody signs in who could be asked. */
export function rememberedId(inbox: Pick<RepositoryJob['inbox'], 'mark'>, owner: string, name: string): number | null {
  const mark = inbox.mark(markOf(`${owner}/${name}`))
  return mark === null ? null : Number(mark)
}

function rememberId(inbox: RepositoryJob['inbox'], name: string, id: number): void {
  if (inbox.mark(markOf(name)) !== String(id)) inbox.setMark(markOf(name), String(id))
}

function markOf(name: string): string {
  return `repository:${name.toLowerCase()}`
}
