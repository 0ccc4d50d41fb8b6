import { codeSpan, escapeMarkdown, tableLines } from '../../report/markdown-text.ts'
import type { RepositoryJob } from '../github/job-context.ts'
import { mayAnyWeigh } from '../github/may-any-weigh.ts'
import { type RememberedWeighing, rememberedWeighing } from '../github/remembered-weighing.ts'

const MARKER = '<!-- weighbridge:how-to-waive -->'

/**
 * Answers the button “How to waive” in one comment of each pull request of a commit: who may, and a line to copy.
 *
 * Whoever pressed it must be somebody who may weigh again, and the check must still show what he saw.
 */
export async function tellHowToWaive(job: RepositoryJob, sha: string): Promise<void> {
  const asks = (job.leased.work.asks ?? []).filter(({ kind, check }) => kind === 'how-to-waive' && check !== null)
  if (!(await mayAnyWeigh(job, sha, asks))) return
  for (const { number } of await job.host.pullsWithHead(job.repository, sha)) {
    const shown = rememberedWeighing(job, number, sha)
    if (shown !== null && shown.waivable.length > 0)
      await job.host.comment(job.repository, number, MARKER, bodyOf(shown))
  }
}

function bodyOf(shown: RememberedWeighing): string {
  const all = shown.promotions.flatMap(({ environment, model, waivable }) =>
    waivable.filter(({ gate }) => shown.waivable.includes(gate)).map((terms) => ({ environment, model, ...terms })),
  )
  const rows = all.map(({ gate, model, environment, by, max, count }) => [
    codeSpan(gate, 'cell'),
    escapeMarkdown(`${model} in ${environment}`, 'cell'),
    escapeMarkdown(`role ${by}${count > 1 ? `, ${count} people` : ''}`, 'cell'),
    max ?? 'as long as it says',
  ])
  const lines = [...new Map(all.map((one) => [one.gate, one])).values()].map(
    ({ gate, max }) => `/waive ${gate} until=${max ?? '7d'} reason="..."`,
  )
  return [
    MARKER,
    'What holds this pull request and may be waived, as its policy says:',
    '',
    ...tableLines(['gate', 'of', 'by', 'at most'], rows),
    '',
    'Whoever may writes this in a new comment, with the reason; never the author, the trainer or who asked for it:',
    '',
    '```text',
    ...lines,
    '```',
    '',
    `It holds for the evidence that the check shows now (key \`${shown.evidenceKey.slice(0, 12)}\`), and ends with any change of it.`,
  ].join('\n')
}
