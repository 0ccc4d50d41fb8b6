import type { ComparedNumber, VersionComparison } from '../../measuring/version-comparison.ts'
import type { Cell, Page, PageFact, PagePart, Tone } from '../page/page.ts'
import { levelText, rangeText, rowsText, valueText } from './metric-text.ts'

/** `compare` as people read it: what is better and what is worse, then every part beside one another. */
export function versionComparisonPage(document: VersionComparison): Page {
  const { a, b, warnings, missing } = document
  return {
    title: `${b.model} ${b.version} (b) against ${a.model} ${a.version} (a)`,
    lead: leadOf(document),
    facts: factsOf(document),
    parts: [
      ...metricParts(document),
      ...fairnessPart(document),
      ...importanceParts(document),
      ...driftPart(document),
      ...latencyPart(document),
      ...recordedPart(document),
    ],
    warnings: [
      ...warnings,
      ...missing
        .filter(({ part }) => part !== 'latency')
        .map(({ part, because, mend }) => ({ code: `no ${part}`, message: `${because}. ${mend}`.trimEnd() })),
    ],
  }
}

type Verdict = 'better' | 'worse' | 'different' | 'alike' | 'unknown'

const TONES: Readonly<Record<Verdict, Tone>> = {
  better: 'good',
  worse: 'bad',
  different: 'quiet',
  alike: 'quiet',
  unknown: 'doubt',
}

/**
 * Better: the whole interval of the difference lies on the good side of 0; worse: on the other. Differences of
 * disparities are folded: of the distance to 0, and of the smaller of a ratio and its inverse.
 */
function verdictOf({ interval, better }: Pick<ComparedNumber, 'interval' | 'better'>): Verdict {
  if (interval === null) return 'unknown'
  const isMore = interval[0] > 0
  if (!isMore && !(interval[1] < 0)) return 'alike'
  if (better === null) return 'different'
  return isMore === (better === 'higher' || better === 'one') ? 'better' : 'worse'
}

function leadOf({ metrics, rows, missing }: VersionComparison): string {
  const named = Object.entries(metrics)
  const of = (verdict: Verdict) => named.filter(([, one]) => verdictOf(one) === verdict).map(([name]) => name)
  const [better, worse] = [of('better'), of('worse')]
  const said = [
    ...(better.length > 0 ? [`better by ${better.join(', ')}`] : []),
    ...(worse.length > 0 ? [`worse by ${worse.join(', ')}`] : []),
  ]
  const why = missing.find(({ part }) => part === 'metrics')?.because
  if (named.length === 0) return `Nothing could be measured on the exam: ${why ?? 'there is none'}.`
  const on = rows === null ? '' : ` on ${rowsText(rows)} of the exam`
  return `${said.length === 0 ? 'b and a cannot be told apart' : `b is ${said.join(' and ')}`}${on}.`
}

function factsOf({ a, b, exam, task, rows, is_same_reference }: VersionComparison): readonly PageFact[] {
  const size = (bytes: number | null) => (bytes === null ? 'unknown' : `${bytes.toLocaleString('en-US')} bytes`)
  const facts: readonly (readonly [string, string | null])[] = [
    ['task', task],
    ['exam', exam === null ? null : exam.uri],
    ['rows', rows === null ? null : rowsText(rows)],
    ['a', `${a.version}, ${a.created.slice(0, 10)}, ${a.digest.slice(0, 19)}, ${size(a.size_bytes)}`],
    ['b', `${b.version}, ${b.created.slice(0, 10)}, ${b.digest.slice(0, 19)}, ${size(b.size_bytes)}`],
    ['trained on', is_same_reference ? 'the same reference set' : 'two reference sets'],
    ['provenance', a.provenance === null && b.provenance === null ? null : `a ${a.provenance}, b ${b.provenance}`],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

const right = (name: string) => ({ name, align: 'right' as const })
const COMPARED = [...['a', 'b', 'b - a', 'interval', 'p'].map(right), { name: 'b is' }]

function comparedCells(one: ComparedNumber): readonly Cell[] {
  const verdict = verdictOf(one)
  return [
    ...[one.a, one.b, one.difference].map(valueText),
    rangeText(one.interval),
    valueText(one.p_value),
    { text: verdict, tone: TONES[verdict] },
  ]
}

function metricParts({ metrics }: VersionComparison): readonly PagePart[] {
  const named = Object.entries(metrics)
  const [first] = named
  if (first === undefined) return []
  const rows = named.map(([name, one]) => [name, ...comparedCells(one)])
  const about = `The difference is b - a, paired row by row, with ${levelText(first[1].confidence)} intervals.`
  return [
    { kind: 'table', title: 'Both on the same rows', about, columns: [{ name: 'metric' }, ...COMPARED], rows },
    ...forest(
      'Differences',
      named.filter(([name]) => !IN_UNITS.includes(name)),
    ),
    ...forest(
      'Differences in the unit of the label',
      named.filter(([name]) => IN_UNITS.includes(name)),
    ),
  ]
}

/** Metrics in the unit of the label would flatten the others. */
const IN_UNITS = ['mae', 'rmse', 'median_absolute_error']

function forest(title: string, named: readonly (readonly [string, ComparedNumber])[]): readonly PagePart[] {
  if (!named.some(([, { difference }]) => difference !== null)) return []
  const bars = named.map(([label, one]) => ({
    label,
    value: one.difference,
    interval: one.interval,
    tone: TONES[verdictOf(one)],
  }))
  const about = 'b - a; an interval that holds 0 tells nothing apart.'
  return [{ kind: 'plot', title, about, plot: { type: 'bars', bars, limit: 0 } }]
}

function fairnessPart({ fairness }: VersionComparison): readonly PagePart[] {
  if (fairness.length === 0) return []
  const rows = fairness.map((one) => [one.across.join(','), one.metric, ...comparedCells(one)])
  const columns = [{ name: 'across' }, { name: 'disparity' }, ...COMPARED]
  const about = 'A disparity is best at 0, a ratio at 1; groups under 30 rows are not counted.'
  return [{ kind: 'table', title: 'Fairness', about, columns, rows }]
}

const MOST_COLUMNS = 15

function importanceParts({ importance }: VersionComparison): readonly PagePart[] {
  if (importance === null) return []
  const { columns, shift, interval, metric, rows } = importance
  const moved = [...columns].sort((one, other) => movement(other) - movement(one)).slice(0, MOST_COLUMNS)
  const moves = shift === null ? '' : ` Together they moved by ${valueText(shift)} ${rangeText(interval)}.`
  const about = `Share of what ${metric} loses when a column is permuted, on ${rowsText(rows)}.${moves}`
  const table = moved.map(({ column, a, b }) => [
    column,
    valueText(a),
    valueText(b),
    valueText(a === null || b === null ? null : b - a),
  ])
  const names = [{ name: 'column' }, ...['a', 'b', 'b - a'].map(right)]
  return [{ kind: 'table', title: 'What moves their answers', about, columns: names, rows: table }]
}

function movement({ a, b }: { readonly a: number | null; readonly b: number | null }): number {
  return Math.abs((b ?? 0) - (a ?? 0))
}

function driftPart({ drift }: VersionComparison): readonly PagePart[] {
  if (drift === null) return []
  const rows = [...drift.columns]
    .sort((one, other) => Number(other.is_drifted) - Number(one.is_drifted))
    .map(({ column, test, score, threshold, is_drifted }): readonly Cell[] => [
      column,
      test,
      valueText(score),
      valueText(threshold),
      is_drifted === null
        ? { text: 'undecided', tone: 'doubt' }
        : { text: is_drifted ? 'differs' : 'alike', tone: is_drifted ? 'doubt' : 'quiet' },
    ])
  const about = `${rowsText(drift.rows.a)} of a's reference against ${rowsText(drift.rows.b)} of b's.`
  const columns = [{ name: 'column' }, { name: 'test' }, right('score'), right('limit'), { name: 'b is' }]
  return [{ kind: 'table', title: 'What they were trained on', about, columns, rows }]
}

function latencyPart({ latency }: VersionComparison): readonly PagePart[] {
  if (latency === null) return []
  const rows = (['p50', 'p95', 'p99'] as const).map((name) => [
    name,
    valueText(latency.a?.[name].value ?? null),
    valueText(latency.b[name].value),
    valueText(latency.ratio?.[name].value ?? null),
    rangeText(latency.ratio?.[name].interval ?? null),
  ])
  const about = `ms a call of one row, ${latency.calls.toLocaleString('en-US')} calls each, timed in turns on this machine.`
  const columns = [{ name: 'percentile' }, ...['a', 'b', 'b / a', 'interval'].map(right)]
  return [{ kind: 'table', title: 'Latency', about, columns, rows }]
}

function recordedPart({ recorded, a, b }: VersionComparison): readonly PagePart[] {
  const operators = operatorRows(a.operators, b.operators)
  const rows = [...recorded.map((one) => [one.field, one.a ?? '-', one.b ?? '-']), ...operators]
  if (rows.length === 0) return []
  const about = 'Parameters, and whatever else their records say differently.'
  return [
    { kind: 'table', title: 'As recorded', about, columns: [{ name: 'field' }, { name: 'a' }, { name: 'b' }], rows },
  ]
}

function operatorRows(
  a: VersionComparison['a']['operators'],
  b: VersionComparison['b']['operators'],
): readonly (readonly string[])[] {
  if (a === null || b === null) return []
  const text = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, nodes]) => `${name} ${nodes}`)
      .join(', ')
  return text(a) === text(b) ? [] : [['operators', text(a), text(b)]]
}
