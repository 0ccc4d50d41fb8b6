import type { Page } from '../../report/page/page.ts'
import { pageHtml } from '../../report/page/page-html.ts'
import { pageMarkdown } from '../../report/page/page-markdown.ts'
import { storePage } from '../github/store-report.ts'
import type { CommentJob, EffectAnswer } from './comment-job.ts'

/** An answer has room for other commands' words beside it; bytes. */
const MOST_TEXT = 25_000

/** A page as an answer: as much of it as an answer holds, and a link to the whole `comparison`. */
export async function pageAnswer(job: CommentJob, page: Page, called: string): Promise<EffectAnswer> {
  const url = await storePage(job, pageHtml(page))
  const link = url === null ? '' : `\n\n[The whole ${called}](${url})`
  return { is: 'done', text: `${pageMarkdown(page, MOST_TEXT)}${link}` }
}
