import { resolve } from 'node:path'
import { EXIT } from '../cli/command.ts'
import type { Page } from '../report/page/page.ts'
import { pageMarkdown } from '../report/page/page-markdown.ts'
import { pageText } from '../report/page/page-text.ts'
import { type AskedCommand, givenText } from './asked-command.ts'
import { commandLine } from './command-line.ts'
import { refusedAnswer } from './refused-answer.ts'
import { argumentsOf, keepDocument, LOG_COLUMNS, runCommandLine } from './run-command-line.ts'
import type { StepAnswer } from './step-answer.ts'
import type { StepContext } from './step-context.ts'
import { LONGEST_SUMMARY } from './step-summary.ts'

/** `register --json`, as far as the summary shows it. */
interface RegistrationDocument {
  readonly model: string
  readonly dry_run: boolean
  readonly proposal_file: string | null
  readonly record_file: string | null
  readonly proposal: { readonly record: { readonly artifact: { readonly digest: string } } }
  readonly objects: readonly { readonly field: string; readonly uri: string; readonly size_bytes: number }[]
  readonly notes: readonly string[]
}

/** Stores what a training job made; later steps upload the proposal. */
export async function run(asked: AskedCommand, step: StepContext): Promise<StepAnswer> {
  const spec = commandLine('register')
  const ran = await runCommandLine(spec, argumentsOf(spec, asked), step)
  if (ran.exit !== EXIT.passed || ran.document === null) return refusedAnswer(ran.complaints, ran.mistakes)
  const document = ran.document as RegistrationDocument
  const page = registrationPage(document)
  for (const line of pageText(page, LOG_COLUMNS)) step.log(line)
  const repository = resolve(step.folder, givenText(asked, 'repo') ?? '.')
  const proposal = resolve(step.folder, givenText(asked, 'out') ?? 'proposal.json')
  return {
    status: 'answered',
    because: page.lead,
    outputs: {
      document: keepDocument('register', document, step),
      ...(!document.dry_run && { proposal }),
      ...(document.record_file !== null && { record: resolve(repository, document.record_file) }),
    },
    summary: pageMarkdown(page, LONGEST_SUMMARY),
    annotations: [],
  }
}

function registrationPage({ model, dry_run, proposal, objects, notes, ...files }: RegistrationDocument): Page {
  const rows = objects.map(({ field, uri, size_bytes }) => [field, String(size_bytes), uri])
  const written = [files.proposal_file, files.record_file].filter((one) => one !== null)
  return {
    title: `Registered ${model}`,
    lead: dry_run ? `${model}: nothing was uploaded or written.` : `${model} is proposed in ${written.join(' and ')}.`,
    facts: [{ name: 'artifact', value: proposal.record.artifact.digest }],
    parts: [
      {
        kind: 'table',
        title: 'objects',
        columns: [{ name: 'object' }, { name: 'bytes', align: 'right' }, { name: 'where' }],
        rows,
      },
    ],
    warnings: notes.map((message) => ({ code: 'note', message: `${message}.` })),
  }
}
