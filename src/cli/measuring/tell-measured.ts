import { stat, writeFile } from 'node:fs/promises'
import type { Page } from '../../report/page/page.ts'
import { pageHtml } from '../../report/page/page-html.ts'
import { pageText } from '../../report/page/page-text.ts'
import { type CommandInput, EXIT, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'

/**
 * The answer of a measuring command: JSON, else text; the HTML page besides. It has answered, so it exits with 0.
 *
 * @throws {InvalidCommand} when the page cannot be written; nothing has been printed then
 */
export async function tellMeasured(input: CommandInput, document: object, page: () => Page): Promise<number> {
  const html = input.text('html')
  if (html !== undefined) await writePage(html, pathFrom(input.calledFrom, html), pageHtml(page()))
  const { terminal } = input
  terminal.progress(null)
  terminal.page?.(page())
  if (input.json) terminal.document(document)
  else for (const line of pageText(page(), terminal.columns, terminal.style)) terminal.line(line)
  return EXIT.passed
}

const MENDS: Readonly<Record<string, string>> = {
  ENOENT: 'Make its folder first.',
  ENOTDIR: 'A part of the path is a file; name another place.',
  EACCES: 'Check who may write there.',
  EROFS: 'Name a place that can be written.',
  ENOSPC: 'Make room on the disk.',
}

async function writePage(called: string, path: string, html: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory() === true)
    throw new InvalidCommand(`--html ${called} is a folder`, 'Name the file that the page is written to.')
  await writeFile(path, html).catch((error: NodeJS.ErrnoException) => {
    const mend = MENDS[error.code ?? ''] ?? 'Name a file that can be written.'
    throw new InvalidCommand(`--html ${called} cannot be written: ${error.code ?? error.message}`, mend)
  })
}
