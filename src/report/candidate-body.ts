import type { VersionComparison } from '../measuring/version-comparison.ts'
import { type CardLine, cardDiff } from '../registry/card-diff.ts'
import type { VersionRecord } from '../registry/record.ts'
import { codeSpan, escapeMarkdown, fencedLines, tableLines } from './markdown-text.ts'
import { rangeText, valueText } from './measured/metric-text.ts'

/** Everything that a reviewer of a candidate needs. */
export interface CandidateFacts {
  readonly record: VersionRecord
  /** Text of the record's file. */
  readonly recordText: string
  readonly parent: VersionRecord | null
  /** Why the number is this one, raw. */
  readonly numbered: string
  readonly comparison:
    | { readonly is: 'compared'; readonly document: VersionComparison; readonly page: string | null }
    | { readonly is: 'absent'; readonly because: string }
  readonly run: { readonly url: string; readonly correlation: string }
  /** `0.2 GPU hours`, raw. */
  readonly took: string
  /** Link to the comment that asked for it. */
  readonly askedAt: string
  /** Environments that it can be promoted to. */
  readonly environments: readonly string[]
  /** Of a search: Markdown about all its trials. */
  readonly search: string | null
}

/**
 * Body of a candidate's pull request.
 *
 * @returns Markdown in which everything that a run or a model names is escaped
 */
export function candidateBody(facts: CandidateFacts): string {
  const { record, parent, run, askedAt, took, search } = facts
  const after = parent === null ? 'the first version' : `after ${codeSpan(parent.version)}`
  const lines = [
    `${escapeMarkdown(record.model)} ${codeSpan(record.version)}, ${after}: ${escapeMarkdown(facts.numbered)}.`,
    `Trained by [this run](${run.url}) as ${codeSpan(run.correlation)}, [asked for here](${askedAt}). It took ${escapeMarkdown(took)}. Whoever asked for it does not count as an approver.`,
    ...comparisonPart(facts),
    ...(search === null ? [] : ['### The search', search]),
    ...cardPart(parent, record),
    ...promotePart(facts),
    // of many files it is long, and the end of a text that is too long is left out
    '### The record',
    fencedLines(facts.recordText.trimEnd().split('\n')).join('\n'),
  ]
  return lines.join('\n\n')
}

function comparisonPart({ comparison, parent }: CandidateFacts): readonly string[] {
  const title = parent === null ? '### On the exam' : `### Against ${codeSpan(parent.version)} on the exam`
  if (comparison.is === 'absent') return [title, `Not compared: ${escapeMarkdown(comparison.because)}.`]
  const { document, page } = comparison
  const rows = Object.entries(document.metrics).map(([name, one]) => [
    codeSpan(name, 'cell'),
    ...[valueText(one.a), valueText(one.b), valueText(one.difference), rangeText(one.interval)].map((text) =>
      escapeMarkdown(text, 'cell'),
    ),
  ])
  const why = document.missing.filter(({ part }) => part === 'metrics').map(({ because }) => escapeMarkdown(because))
  const link = page === null ? [] : [`[The whole comparison](${page})`]
  const head = ['metric', 'before', 'candidate', 'difference', 'interval']
  return [
    title,
    rows.length === 0 ? `Nothing was measured: ${why.join('; ')}.` : tableLines(head, rows).join('\n'),
    ...link,
  ]
}

function cardPart(parent: VersionRecord | null, record: VersionRecord): readonly string[] {
  const lines = cardDiff(parent, record)
  if (lines.length === 0) return ['### What changed', 'Nothing that the records say of how they were made.']
  const cell = (text: CardLine['before']) => (text === null ? '' : codeSpan(text, 'cell', 160))
  const rows = lines.map(({ field, before, after }) => [codeSpan(field, 'cell', 120), cell(before), cell(after)])
  return ['### What changed', tableLines(['field', 'before', 'candidate'], rows).join('\n')]
}

function promotePart({ record, environments }: CandidateFacts): readonly string[] {
  if (environments.length === 0) return []
  const commands = environments.map((name) => `/promote ${record.model}@${record.version} ${name}`)
  return ['### Next', 'Once this is merged, ask for its promotion in a comment:', fencedLines(commands).join('\n')]
}
