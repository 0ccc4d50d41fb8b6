import { gateNamed } from '../gates/index.ts'
import type { VersionComparison } from '../measuring/version-comparison.ts'
import type { Composed } from '../policy/compose.ts'
import type { VersionRecord } from '../registry/record.ts'
import { stepBetween } from '../registry/semantic-version.ts'
import { requiredStep } from '../registry/version-step.ts'
import { diffBlock } from './diff-block.ts'
import { codeSpan, escapeMarkdown, tableLines } from './markdown-text.ts'

/** A promotion that somebody asked for, with all that its reviewer needs. */
export interface ToldPromotion {
  readonly environment: string
  readonly from: string
  readonly to: string
  /** Why this version, where nobody named one. */
  readonly because: string
  /** The edit of the manifest, as `git diff` shows it. */
  readonly diff: readonly string[]
  readonly asked: Request
  readonly record: VersionRecord
  /** Of the model: rules for other tasks are not asked. */
  readonly task: string
  /** Of the version served now; null when it cannot be read. */
  readonly before: VersionRecord | null
  readonly differences: VersionComparison['recorded']
  /** What the governed branch asks of it. */
  readonly composed: Composed
  readonly notes: readonly string[]
  readonly branch: string
  readonly base: string
  /** Where models lie, and were trained, on GitHub's own site: `https://github.com/acme/risk`. */
  readonly modelsUrl: string
}

/** Who asked, and where. */
export interface Request {
  readonly login: string
  /** Of the comment. */
  readonly url: string
}

/** A table has no more rows, a text no more characters. */
const MOST_ROWS = 40
const MOST_TEXT = 300

/** `Promote churn 1.4.0 to production` */
export function promotionTitle({ record, environment }: Pick<ToldPromotion, 'record' | 'environment'>): string {
  return `Promote ${record.model} ${record.version} to ${environment}`
}

/**
 * The description of a promotion that the app opens: what changes, who asked, what the version is and in what it
 * differs, what it will be held to, whom it waits for, how to take it back and how to repeat it.
 *
 * @returns Markdown; whatever a record, a policy or a person names is escaped, and every list is bounded
 */
export function promotionBody(told: ToldPromotion): string {
  const { environment, from, to, because, asked, record, notes } = told
  const lead = `${codeSpan(environment)} shall serve ${codeSpan(`${record.model} ${to}`)} instead of ${codeSpan(from)} (${escapeMarkdown(because)}).`
  const by = `Asked for by ${codeSpan(asked.login)} in [a comment](${asked.url}): whoever asks does not approve. Merging is the deployment.`
  return [
    lead,
    '',
    by,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escapeMarkdown(note, 'line', MOST_TEXT)}`)]),
    ...section('What changes', diffBlock(told.diff)),
    ...section(`What ${escapeMarkdown(to)} is`, recordLines(told)),
    ...section(`What differs from ${escapeMarkdown(from)}`, differenceLines(told)),
    ...section('What it is held to', gateLines(told)),
    ...section('Whom it waits for', waitLines(told)),
    ...section('How to take it back', backLines(told)),
    ...section('How to repeat it', repeatLines(told)),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines]
}

function cell(text: string): string {
  return escapeMarkdown(text, 'cell', MOST_TEXT)
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const more = rows.length > MOST_ROWS ? ['', `${rows.length - MOST_ROWS} more.`] : []
  return [...tableLines(header, rows.slice(0, MOST_ROWS)), ...more]
}

/** The record as it was written: what is believed of it, the check says. */
function recordLines({ record, modelsUrl }: ToldPromotion): readonly string[] {
  const { created, artifact, training = {}, evaluation, threshold, parent } = record
  const { commit, run, parameters = {}, seed, data = [], compute = {}, environment = {} } = training
  const told: readonly (readonly [string, string | undefined])[] = [
    ['created', cell(created)],
    ['artifact', `${cell(artifact.uri)} ${cell(artifact.digest)}`],
    ['size', artifact.size_bytes === undefined ? undefined : `${artifact.size_bytes} bytes`],
    ['parent', parent && cell(parent)],
    ['trained by', run && `[${cell(run.workflow)} run ${run.id}](${modelsUrl}/actions/runs/${run.id})`],
    ['at commit', commit && `[${cell(commit.slice(0, 12))}](${modelsUrl}/commit/${encodeURIComponent(commit)})`],
    ...Object.entries(parameters).map(([name, value]) => [`parameter ${name}`, cell(String(value))] as const),
    ['seed', seed?.toString()],
    ...data.map(({ name, uri, digest }) => [`data ${name ?? ''}`, `${cell(uri)} ${cell(digest)}`] as const),
    ['trained on', `${cell(evaluation.reference.uri)} ${cell(evaluation.reference.digest)}`],
    ['threshold', threshold?.toString()],
    ...Object.entries(environment).map(([name, value]) => [name, cell(String(value))] as const),
    ...Object.entries(compute).map(([name, value]) => [name, cell(String(value))] as const),
    ...Object.entries(evaluation.claims ?? {}).map(([name, value]) => [`claims ${name}`, String(value)] as const),
  ]
  const rows = told.flatMap(([name, value]) => (value === undefined ? [] : [[cell(name.trim()), value]]))
  const about = 'As its record says. What was recomputed, and who vouches for the run, stands in the check.'
  return [...table(['', 'value'], rows), '', about]
}

function differenceLines({ before, record, differences, from, to }: ToldPromotion): readonly string[] {
  if (before === null) return [`The record of ${escapeMarkdown(from)} cannot be read, so nothing is compared here.`]
  const changed = differences.filter(({ a, b }) => a !== b)
  const rows = changed.map(({ field, a, b }) => [cell(field), cell(a ?? 'none'), cell(b ?? 'none')])
  const { step, reasons } = requiredStep(before, record)
  const why = reasons.length === 0 ? 'all else is equal' : reasons.map(({ what }) => what).join('; ')
  const taken = stepBetween(from, to)
  const steps = `From ${from} to ${to} the step is ${taken}; what changed takes ${step}: ${why}.`
  return [
    ...(rows.length === 0 ? ['The records name no difference.'] : table(['field', from, to].map(cell), rows)),
    '',
    escapeMarkdown(steps, 'line', 1000),
  ]
}

function gateLines({ composed, task }: ToldPromotion): readonly string[] {
  const rows = composed.gates.filter(isShown).flatMap(({ gate, rules }) => {
    const own = rules.filter((one) => isForTask(one, task))
    if (rules.length === 0) return [[cell(gate), 'always']]
    return own.map(({ rule, advisory }) => [cell(gate), `${ruleText(rule)}${advisory ? ' (advisory)' : ''}`])
  })
  const from = composed.sources.length === 0 ? '' : ` (${composed.sources.join(', ')})`
  const mistakes = composed.mistakes.map(({ what, path, line }) => `Not sound: ${path}:${line} ${what}.`)
  return [
    escapeMarkdown(`The policy of the governed branch${from} judges it, whatever this branch holds.`, 'line', 1000),
    '',
    ...table(['gate', 'rule'], rows),
    ...mistakes.slice(0, 5).flatMap((mistake) => ['', escapeMarkdown(mistake, 'line', MOST_TEXT)]),
  ]
}

/** Approvals have a section of their own; a gate without a rule judges only when it always does, or was asked for. */
function isShown({ gate, rules, declared }: Composed['gates'][number]): boolean {
  if (gate === 'approvals') return false
  return rules.length > 0 || declared || gateNamed(gate)?.always === true
}

function isForTask({ tasks, rule }: Composed['gates'][number]['rules'][number], task: string): boolean {
  const wanted = tasks ?? (rule as { readonly tasks?: readonly string[] }).tasks ?? null
  return wanted === null || wanted.includes(task)
}

/** `metric: roc_auc, min: 0.85` */
function ruleText(rule: unknown): string {
  const entries = typeof rule === 'object' && rule !== null ? Object.entries(rule) : []
  const said = entries
    .filter(([key, value]) => value !== undefined && key !== 'tasks' && key !== 'advisory')
    .map(([key, value]) => `${key}: ${valueText(value)}`)
  return said.length === 0 ? 'always' : codeSpan(said.join(', '), 'cell', MOST_TEXT)
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function waitLines({ composed, asked }: ToldPromotion): readonly string[] {
  const rules = composed.gates.find(({ gate }) => gate === 'approvals')?.rules ?? []
  const asks = rules.filter(({ advisory }) => !advisory).map(({ rule }) => approvalText(rule))
  const own = `${codeSpan(asked.login)} asked for it, so an approval by this account counts for nothing.`
  if (asks.length === 0) return [`The policy asks nobody; the check says whom its changes need. ${own}`]
  return [...asks.slice(0, MOST_ROWS).map((one) => `- ${one}`), '', own]
}

function approvalText(rule: unknown): string {
  const { role = '', count = 1, when } = rule as { role?: string; count?: number; when?: string }
  const who = `${count} of role ${role}`
  return escapeMarkdown(when === undefined ? who : `${who}, when ${when}`, 'line', MOST_TEXT)
}

function backLines({ record, from, environment }: ToldPromotion): readonly string[] {
  const back = codeSpan(`/promote ${record.model}@${from} ${environment}`)
  return [
    `Close it before it is merged. Afterwards: ${back}, or revert the merge. A change back to a version that was verified there is read as a rollback: measuring gates only advise then, and no freeze holds it.`,
  ]
}

function repeatLines({ base, branch }: ToldPromotion): readonly string[] {
  const lines = [
    `git fetch origin ${base} ${branch}`,
    `npx weighbridge check --base origin/${base} --head origin/${branch}`,
  ]
  return ['```sh', ...lines, '```']
}
