import type { LandingIssue } from '../../merging/landing-messages.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import type { RepositoryJob } from './job-context.ts'
import { makeOnce } from './make-once.ts'

/** Keeps one open issue about something, found again by its marker; nothing of its plain text can become Markdown. */
export async function openIssue(job: RepositoryJob, { marker, title, lines }: LandingIssue): Promise<void> {
  const issue = { title, body: markdownOf(lines), labels: ['weighbridge'] }
  await makeOnce(job, `issue ${marker}`, () => job.host.issue(job.repository, hidden(marker), issue))
}

export function markdownOf(lines: readonly string[]): string {
  return lines.map((line) => escapeMarkdown(line)).join('\n\n')
}

/** A marker that we find again and nobody sees. */
export function hidden(marker: string): string {
  return `<!-- ${marker.replaceAll('>', '')} -->`
}
