import { mergeInto } from '../adapters/checkout/new-repository.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { makeRepository, openBranch, STORIES } from '../demo/stories.ts'
import { checkCheckout } from '../jobs/check-checkout.ts'
import { renderTerminal } from '../report/terminal.ts'

const SHOWN_GATES = ['metrics', 'fairness']

/** The check of the demo's second story as a terminal shows it: the decision, and the gates that tell the story. */
export async function checkExcerpt(): Promise<string> {
  const folder = openJobFolder()
  try {
    await makeRepository(folder.path)
    const [first, second] = STORIES
    if (first === undefined || second === undefined) throw new Error('the demo has no second story')
    await openBranch(folder.path, first)
    await mergeInto(folder.path, first.branch)
    await openBranch(folder.path, second)
    const check = await checkCheckout({
      folder: folder.path,
      base: 'main',
      head: second.branch,
      now: '2026-11-18T10:00:00Z',
      skip: [],
      progress: () => undefined,
    })
    return excerptOf(renderTerminal(check, (_, text) => text))
  } finally {
    folder.close()
  }
}

function excerptOf(lines: readonly string[]): string {
  const paragraphs = lines.join('\n').split('\n\n')
  const isShown = (text: string) => SHOWN_GATES.some((gate) => new RegExp(`^\\S ${gate} `).test(text))
  const plot = paragraphs.findLast((text) => /^ +selection.rate by /.test(text))
  const parts = [paragraphs[0] ?? '', ...paragraphs.filter(isShown), ...(plot === undefined ? [] : [plot])]
  return `\`\`\`text\n${parts.join('\n\n')}\n\`\`\``
}
