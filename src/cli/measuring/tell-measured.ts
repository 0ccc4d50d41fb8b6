import type { Page } from '../../report/page/page.ts'
import { pageHtml } from '../../report/page/page-html.ts'
import { pageText } from '../../report/page/page-text.ts'
import { type CommandInput, EXIT } from '../command.ts'
import { writePage } from '../write-page.ts'

/**
 * The answer of a measuring command: JSON, else text; the HTML page besides. It has answered, so it exits with 0.
 *
 * @throws {InvalidCommand} when the page cannot be written; nothing has been printed then
 */
export async function tellMeasured(input: CommandInput, document: object, page: () => Page): Promise<number> {
  writePage(input, () => pageHtml(page()))
  const { terminal } = input
  terminal.progress(null)
  terminal.page?.(page())
  if (input.json) terminal.document(document)
  else for (const line of pageText(page(), terminal.columns, terminal.style)) terminal.line(line)
  return EXIT.passed
}
