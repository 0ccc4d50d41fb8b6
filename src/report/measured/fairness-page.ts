import { exactText, intervalText, numberText, percentText } from '../../gates/number-text.ts'
import type {
  AttributeFairness,
  DisparityFairness,
  FairnessDocument,
  GroupFairness,
} from '../../measuring/fairness-document.ts'
import type { Cell, Page, PageAlarm, PagePart, PlotPart, TablePart } from '../page/page.ts'
import { groupLabel } from './fairness-group-label.ts'
import { scoreParts } from './fairness-score-parts.ts'

/** The page of `fairness`: for each attribute its disparities, its groups, and how scores treat them. */
export function fairnessPage(document: FairnessDocument, called: string): Page {
  const names = Object.keys(document.attributes)
  return {
    title: `Fairness of ${called}`,
    lead: leadOf(document),
    facts: [
      { name: 'table', value: called },
      { name: 'rows', value: exactText(document.rows) },
      ...(document.positive === null
        ? []
        : [
            {
              name: 'positive',
              value: `${document.positive}${document.task === 'multiclass' ? ', against all other classes' : ''}`,
            },
          ]),
      ...(document.threshold === null
        ? []
        : [{ name: 'threshold', value: `score > ${exactText(document.threshold)}` }]),
      { name: 'intervals', value: `two-sided, ${percentText(document.confidence)}` },
      { name: 'counted', value: `groups with ${exactText(document.min_rows)} rows or more in each rate` },
      ...(document.unit === null ? [] : [{ name: 'unit', value: document.unit }]),
      ...(document.weights === null ? [] : [{ name: 'weights', value: document.weights }]),
      ...(document.where === null ? [] : [{ name: 'where', value: document.where }]),
      ...(document.min_cell === null ? [] : [{ name: 'smallest cell', value: exactText(document.min_cell) }]),
      { name: 'engine', value: document.engine },
    ],
    parts: names.flatMap((name) => attributeParts(name, document.attributes[name]!, document.task)),
    warnings: document.warnings,
    alarms: names.flatMap((name) => alarmsOf(name, document.attributes[name]!)),
  }
}

/** Disparities that were given a limit and do not lie inside of it with all of their interval. */
function alarmsOf(name: string, { disparities }: AttributeFairness): readonly PageAlarm[] {
  return Object.entries(disparities).flatMap(([metric, { value, interval, limit }]): readonly PageAlarm[] => {
    if (limit === undefined || limit.interval_lies === 'inside') return []
    const number = `${value === null ? 'none' : numberText(value)}${interval === null ? '' : ` ${intervalText(interval)}`}`
    const beside = limitText(limit.limit)
    return limit.interval_lies === 'outside'
      ? [{ tone: 'bad', message: `${name}: ${metric} ${number} lies outside of its limit, ${beside}.` }]
      : [{ tone: 'doubt', message: `${name}: whether ${metric} ${number} keeps its limit, ${beside}, cannot be told.` }]
  })
}

function limitText({ min, max }: { readonly min?: number; readonly max?: number }): string {
  return min === undefined ? `max ${exactText(max ?? 0)}` : `min ${exactText(min)}`
}

/** The widest gap, and the ratio that the four-fifths rule is about. */
function leadOf({ attributes, task }: FairnessDocument): string {
  const metric = task !== 'regression' ? 'disparate_impact' : 'mae_difference'
  const said = Object.entries(attributes).map(([name, { disparities }]) => {
    const { value, interval, between } = disparities[metric] ?? {}
    if (value === null || value === undefined) return `${name}: ${metric} does not exist here`
    const groups = between ? ` between ${between.map(groupLabel).join(' and ')}` : ''
    return `${name}: ${metric} ${numberText(value)}${interval ? ` ${intervalText(interval)}` : ''}${groups}`
  })
  return `${said.join('; ')}. Nothing is judged here; a policy says what may pass.`
}

function attributeParts(name: string, fairness: AttributeFairness, task: FairnessDocument['task']): PagePart[] {
  return [
    disparityTable(name, fairness),
    groupTable(name, fairness.groups, task),
    ...(fairness.groups.length > 30 ? [] : ratePlots(name, fairness.groups, task)),
    ...byGroupTable(name, fairness),
    ...definitionTable(name, fairness),
    ...scoreParts(name, fairness),
  ]
}

function disparityTable(name: string, { disparities, privileged }: AttributeFairness): TablePart {
  const isLimited = Object.values(disparities).some(({ limit }) => limit !== undefined)
  const against = privileged === null ? 'all groups with each other' : `against ${groupLabel(privileged)}`
  return {
    kind: 'table',
    title: `${name}: disparities`,
    about: `Compared: ${against}. Intervals know that the extreme groups were searched for.`,
    columns: [
      { name: 'disparity' },
      { name: 'value', align: 'right' },
      { name: 'interval', align: 'right' },
      { name: 'between' },
      { name: 'left out', align: 'right' },
      ...(isLimited ? [{ name: 'beside the limit' }] : []),
    ],
    rows: Object.entries(disparities).map(([metric, one]) => [
      metric,
      one.value === null ? doubt('none') : numberText(one.value),
      one.interval === null ? '' : intervalText(one.interval),
      one.between === null ? (one.because ?? '') : one.between.map(groupLabel).join(' > '),
      one.left_out.groups.length === 0 ? '' : exactText(one.left_out.groups.length),
      ...(isLimited ? [limitCell(one)] : []),
    ]),
  }
}

function limitCell({ limit }: DisparityFairness): Cell {
  if (limit === undefined) return ''
  const text = limitText(limit.limit)
  if (limit.interval_lies === 'inside') return { text: `${text}: inside`, tone: 'good' }
  if (limit.interval_lies === 'outside') return { text: `${text}: outside`, tone: 'bad' }
  if (limit.interval_lies === null) return doubt(`${text}: no interval`)
  return doubt(`${text}: cannot be told${limit.decides ? `; ${limit.decides.because}` : ''}`)
}

function doubt(text: string): Cell {
  return { text, tone: 'doubt' }
}

function groupTable(name: string, groups: readonly GroupFairness[], task: FairnessDocument['task']): TablePart {
  const rates = Object.keys(groups[0]?.metrics ?? {})
  const counts = task !== 'regression' ? (['positives', 'predicted_positives'] as const) : []
  return {
    kind: 'table',
    title: `${name}: groups`,
    columns: [
      { name },
      { name: 'rows', align: 'right' },
      ...counts.map((count) => ({ name: count.replaceAll('_', ' '), align: 'right' as const })),
      ...rates.map((rate) => ({ name: rate.replaceAll('_', ' '), align: 'right' as const })),
    ],
    rows: groups.map((group) => [
      group.counted ? groupLabel(group.group) : { text: `${groupLabel(group.group)} (too small)`, tone: 'quiet' },
      exactText(group.rows),
      ...counts.map((count) => exactText(group.counts[count])),
      ...rates.map((rate) => {
        const value = group.metrics[rate] ?? null
        return value === null ? doubt('0/0') : numberText(value)
      }),
    ]),
  }
}

function ratePlots(name: string, groups: readonly GroupFairness[], task: FairnessDocument['task']): PlotPart[] {
  const rates =
    task !== 'regression'
      ? ['selection_rate', 'true_positive_rate', 'false_positive_rate', 'precision']
      : ['mean_error', 'mean_absolute_error']
  return rates.map((rate) => ({
    kind: 'plot',
    title: `${name}: ${rate.replaceAll('_', ' ')}`,
    plot: {
      type: 'bars',
      bars: groups.map((group) => ({
        label: groupLabel(group.group),
        value: group.metrics[rate] ?? null,
        interval: group.intervals[rate] ?? null,
        ...(group.counted ? {} : { tone: 'quiet' as const }),
      })),
    },
  }))
}

/** With a privileged group and several others: each of them, with its sign. */
function byGroupTable(name: string, { disparities, privileged }: AttributeFairness): TablePart[] {
  const all = Object.entries(disparities).flatMap(([metric, { by_group }]) =>
    (by_group ?? []).map((one) => ({ metric, ...one })),
  )
  const groups = [...new Set(all.map(({ group }) => groupLabel(group)))]
  if (privileged === null || groups.length < 2) return []
  return [
    {
      kind: 'table',
      title: `${name}: each group against ${groupLabel(privileged)}`,
      columns: [{ name: 'disparity' }, ...groups.map((group) => ({ name: group, align: 'right' as const }))],
      rows: Object.keys(disparities).map((metric) => [
        metric,
        ...groups.map((group) => {
          const found = all.find((one) => one.metric === metric && groupLabel(one.group) === group)
          return found === undefined ? '' : numberText(found.value)
        }),
      ]),
    },
  ]
}

/** What fairlearn and AIF360 would print for the same rows. */
function definitionTable(name: string, { definitions, privileged }: AttributeFairness): TablePart[] {
  if (definitions === null) return []
  const { between_groups, to_overall } = definitions.fairlearn
  const shown = (value: number | null) => (value === null ? doubt('none') : numberText(value))
  const fairlearn: TablePart = {
    kind: 'table',
    title: `${name}: by fairlearn's definitions`,
    about: 'Of all groups that have the rate, however small.',
    columns: [{ name: 'number' }, { name: 'between groups', align: 'right' }, { name: 'to overall', align: 'right' }],
    rows: Object.keys(between_groups).map((metric) => {
      const key = metric as keyof typeof between_groups
      return [metric, shown(between_groups[key]), shown(to_overall[key])]
    }),
  }
  if (definitions.aif360 === null || privileged === null) return [fairlearn]
  const [first] = definitions.aif360
  const metrics = Object.keys(first ?? {}).filter((key) => key !== 'group') as Exclude<
    keyof NonNullable<typeof first>,
    'group'
  >[]
  const aif360: TablePart = {
    kind: 'table',
    title: `${name}: by AIF360's definitions`,
    about: `Group minus ${groupLabel(privileged)}, or divided by it.`,
    columns: [
      { name: 'number' },
      ...definitions.aif360.map(({ group }) => ({ name: groupLabel(group), align: 'right' as const })),
    ],
    rows: metrics.map((metric) => [metric, ...definitions.aif360!.map((one) => shown(one[metric]))]),
  }
  return [fairlearn, aif360]
}
