import { resolve } from 'node:path'
import { EXIT } from '../cli/command.ts'
import type { Annotation } from '../ports/check-run.ts'
import type { PageAlarm } from '../report/page/page.ts'
import { pageMarkdown } from '../report/page/page-markdown.ts'
import { pageText } from '../report/page/page-text.ts'
import { plain } from '../report/plain-text.ts'
import { type AskedCommand, givenText } from './asked-command.ts'
import { commandLine } from './command-line.ts'
import { refusedAnswer } from './refused-answer.ts'
import { argumentsOf, keepDocument, LOG_COLUMNS, runCommandLine } from './run-command-line.ts'
import type { StepAnswer } from './step-answer.ts'
import type { StepContext } from './step-context.ts'
import { LONGEST_SUMMARY } from './step-summary.ts'

/** A command that measures and judges nothing: its page is the summary, and what its page raises an alarm for is annotated. */
export async function run(asked: AskedCommand, step: StepContext): Promise<StepAnswer> {
  const spec = commandLine(asked.name)
  const ran = await runCommandLine(spec, argumentsOf(spec, asked), step)
  const { document, page } = ran
  if (ran.exit !== EXIT.passed || document === null) return refusedAnswer(ran.complaints, ran.mistakes)
  if (page !== null) for (const line of pageText(page, LOG_COLUMNS)) step.log(line)
  const html = givenText(asked, 'html')
  const alarms = page?.alarms
  return {
    status: 'answered',
    because: plain(page?.lead ?? `${asked.name} is done.`, 500),
    outputs: {
      document: keepDocument(asked.name, document, step),
      ...(html !== undefined && { report: resolve(step.folder, html) }),
      ...(alarms !== undefined && { alarms: String(alarms.filter(({ tone }) => tone === 'bad').length) }),
    },
    summary: page === null ? '' : pageMarkdown(page, LONGEST_SUMMARY),
    annotations: (alarms ?? []).map((alarm) => annotationOf(asked.name, alarm)),
  }
}

/** Of no file: GitHub shows it with the run. */
function annotationOf(command: string, { tone, message }: PageAlarm): Annotation {
  const level = tone === 'bad' ? 'warning' : 'notice'
  return { path: '', startLine: 1, endLine: 1, level, title: `weighbridge ${command}`, message: plain(message) }
}
