import { countText, exactText, numberText, percentText } from '../../gates/number-text.ts'
import type { DriftColumnDocument, DriftDocument } from '../../measuring/drift.ts'
import type { Cell, Page, PageAlarm, PagePart, Tone } from '../page/page.ts'

/** What the two windows were called. */
export interface DriftSources {
  readonly reference: string
  readonly current: string
}

/** Windows with more drifted columns show pictures of the furthest only. */
const PICTURES = 12

/** Drift as a page: the verdict, the columns by how far they moved, pictures of those that drifted. */
export function driftPage(document: DriftDocument, { reference, current }: DriftSources): Page {
  const { rows, dataset, preset } = document
  const ranked = [...document.columns].sort(byDistance)
  return {
    title: `Drift from ${reference} to ${current}`,
    lead: leadOf(document),
    facts: [
      { name: 'reference', value: `${reference}, ${countText(rows.reference, 'rows')}` },
      { name: 'current', value: `${current}, ${countText(rows.current, 'rows')}` },
      { name: 'decided by', value: preset === null ? ownRule(document) : `the rules of ${preset}` },
      ...(dataset.critical.length === 0 ? [] : [{ name: 'critical', value: dataset.critical.join(', ') }]),
      { name: 'engine', value: document.engine },
    ],
    parts: [
      columnsPart(ranked, document),
      ...distancesPart(ranked),
      ...findingsPart(ranked),
      ...missingPart(ranked),
      ...undecidedPart(ranked),
      ...pictures(ranked),
    ],
    warnings: document.warnings,
    alarms: alarmsOf(document),
  }
}

function alarmsOf(document: DriftDocument): readonly PageAlarm[] {
  const { is_drifted } = document.dataset
  return is_drifted === false ? [] : [{ tone: is_drifted === true ? 'bad' : 'doubt', message: leadOf(document) }]
}

function ownRule({ calibrate, season }: DriftDocument): string {
  const windows = calibrate === 'windows' ? ', and more than windows of the reference differ anyhow' : ''
  const of =
    season === 'none' ? '' : `; reference rows of the same ${season === 'week' ? 'weekdays' : 'days a year before'}`
  return `significant among all columns together and large enough to matter${windows}${of}`
}

function leadOf({ dataset }: DriftDocument): string {
  const answer = {
    true: 'The window drifted',
    false: 'The window did not drift',
    null: 'Whether the window drifted is open',
  }
  const undecided = dataset.undecided === 0 ? '' : ` ${countText(dataset.undecided, 'columns')} could not be decided.`
  return `${answer[`${dataset.is_drifted}`]}: ${dataset.because}.${undecided}`
}

/** Drifted first, then undecided, then the rest; each furthest over its own threshold first. */
function byDistance(a: DriftColumnDocument, b: DriftColumnDocument): number {
  return rankOf(b) - rankOf(a) || reach(b) - reach(a) || (a.column < b.column ? -1 : 1)
}

function rankOf({ is_drifted, findings }: DriftColumnDocument): number {
  if (is_drifted === true) return 3
  return is_drifted === null ? 2 : findings.length > 0 ? 1 : 0
}

function reach({ score, threshold }: DriftColumnDocument): number {
  return score === null ? -1 : score / (threshold || 1)
}

function columnsPart(ranked: readonly DriftColumnDocument[], { preset }: DriftDocument): PagePart {
  const right = (name: string) => ({ name, align: 'right' as const })
  const isOfProfiles = ranked.some(({ statistics_error }) => statistics_error !== undefined)
  const p = preset === null ? 'p is adjusted for all columns together' : 'p is that of the column alone'
  return {
    kind: 'table',
    title: 'Columns',
    about: `Score and threshold are on the scale of the test; ${p}.`,
    columns: [
      { name: 'column' },
      { name: 'drifted' },
      { name: 'test' },
      ...['score', ...(isOfProfiles ? ['off by at most'] : []), 'threshold', 'p'].map(right),
      { name: 'why' },
    ],
    rows: ranked.map((column) => [
      column.column,
      answerCell(column),
      testName(column),
      numberCell(column.score),
      ...(isOfProfiles ? [errorText(column)] : []),
      numberCell(column.threshold),
      chanceText(column.p_adjusted ?? column.p_value),
      whyText(column),
    ]),
  }
}

function answerCell({ is_drifted, reason }: DriftColumnDocument): Cell {
  if (is_drifted === null)
    return { text: reason === 'id_like' ? 'left out' : 'open', tone: reason === 'id_like' ? 'quiet' : 'doubt' }
  return is_drifted ? { text: 'drifted', tone: 'bad' } : { text: 'no', tone: 'good' }
}

/** The default test goes by two names, one a type. */
function testName({ test, type }: DriftColumnDocument): string {
  if (test !== 'default') return test.replaceAll('_', ' ')
  return type === 'number' ? 'ks' : 'total variation'
}

function numberCell(value: number | null): string {
  return value === null ? 'none' : numberText(value, 3)
}

/** Of a score that was taken from profiles. */
function errorText({ test, type, score, statistics_error = {} }: DriftColumnDocument): string {
  const name = test !== 'default' ? test : type === 'number' ? 'ks' : 'total_variation'
  const error = statistics_error[name] ?? null
  return score === null ? 'none' : error === null ? 'unknown' : numberText(error, 2)
}

function chanceText(p: number | null): string {
  if (p === null) return 'none'
  return p < 0.0001 ? '< 0.0001' : numberText(p, 2)
}

/** Other tools give a limit and no reason; ours has one for every answer. */
function whyText(column: DriftColumnDocument): string {
  const { is_drifted, reason, test, p_adjusted, windows } = column
  if (is_drifted === null || reason !== null) return reasonText(column)
  if (test !== 'default') return ''
  if (is_drifted) return windows ? 'more than its own windows' : 'enough to matter'
  if (p_adjusted === null || p_adjusted > 0.05) return ''
  return windows ? 'as its own windows do' : 'too small to matter'
}

const REASONS: Readonly<Record<string, string>> = {
  too_few_rows: 'too few rows',
  all_missing: 'a window holds no value',
  no_rows: 'a window holds no rows',
  type_changed: 'its type changed',
  id_like: 'tells rows apart',
  withheld: 'its values are in no profile',
  not_in_current: 'gone from the current window',
  not_in_reference: 'new in the current window',
  test_of_another_type: 'the test is for the other type',
  no_chunks: 'no chunks to take a threshold from',
}

function reasonText({ reason, rows_needed }: DriftColumnDocument): string {
  const text = REASONS[reason ?? ''] ?? (reason ?? '').replaceAll('_', ' ')
  return rows_needed === null ? text : `${text}: ${exactText(rows_needed)} would do`
}

function distancesPart(ranked: readonly DriftColumnDocument[]): readonly PagePart[] {
  const scored = ranked.filter(({ score, test }) => score !== null && test === 'default')
  if (scored.length < 2) return []
  const bars = scored.map(({ column, score, is_drifted }) => ({
    label: column,
    value: score,
    tone: is_drifted === true ? ('bad' as const) : is_drifted === null ? ('doubt' as const) : ('quiet' as const),
  }))
  const about = 'The largest gap between the distributions (numbers), the share of rows that moved (categories).'
  return [{ kind: 'plot', title: 'How far each column moved', about, plot: { type: 'bars', bars } }]
}

function findingsPart(ranked: readonly DriftColumnDocument[]): readonly PagePart[] {
  const rows = ranked.flatMap(({ column, findings, unseen_values }) =>
    findings.map(({ code, message }): readonly Cell[] => [
      column,
      { text: code.replaceAll('-', ' '), tone: toneOf(code) },
      code === 'unseen' && unseen_values.length > 0 ? `${message}: ${unseen_values.slice(0, 5).join(', ')}` : message,
    ]),
  )
  if (rows.length === 0) return []
  const about = 'What no distance between distributions shows.'
  return [
    {
      kind: 'table',
      title: 'Findings',
      about,
      columns: [{ name: 'column' }, { name: 'kind' }, { name: 'finding' }],
      rows,
    },
  ]
}

function toneOf(code: string): Tone {
  if (code === 'id-like' || code === 'few-rows') return 'quiet'
  return code === 'new-column' || code === 'outliers' ? 'doubt' : 'bad'
}

function missingPart(ranked: readonly DriftColumnDocument[]): readonly PagePart[] {
  const rows = ranked
    .filter(({ missing_share: { reference, current } }) => reference > 0 || current > 0)
    .map(({ column, missing_share: { reference, current } }): readonly Cell[] => [
      column,
      percentText(reference),
      percentText(current),
    ])
  if (rows.length === 0) return []
  const columns = [{ name: 'column' }, ...['reference', 'current'].map((name) => ({ name, align: 'right' as const }))]
  return [{ kind: 'table', title: 'Missing values', columns, rows }]
}

function undecidedPart(ranked: readonly DriftColumnDocument[]): readonly PagePart[] {
  const open = ranked.filter(({ is_drifted, reason }) => is_drifted === null && reason !== 'id_like')
  if (open.length === 0) return []
  const lines = open.map((column) => `${column.column}: ${reasonText(column)}`)
  return [{ kind: 'text', title: 'What could not be told', lines }]
}

function pictures(ranked: readonly DriftColumnDocument[]): readonly PagePart[] {
  return ranked
    .filter(({ is_drifted, shares }) => is_drifted === true && shares !== undefined)
    .slice(0, PICTURES)
    .map(({ column, type, shares }): PagePart => {
      const { bins, reference, current } = shares!
      const about = type === 'number' ? "Shares of rows in the reference's deciles." : 'Shares of rows by value.'
      const series = [
        { name: 'reference', shares: reference },
        { name: 'current', shares: current },
      ]
      return { kind: 'plot', title: column, about, plot: { type: 'histogram', bins, series } }
    })
}
