import { canonicalJson } from '../registry/canonical-json.ts'
import type { Model } from '../registry/model.ts'
import type { Interval, Support } from '../statistics/estimate.ts'
import { sizeInterval } from '../statistics/fold.ts'
import { absolutePart } from './absolute-part.ts'
import type { Disparity, DisparityMeasured, FairnessFacts, GroupKey } from './evidence.ts'
import { columnsAcross, type FairnessRule, findDisparity } from './fairness-rule.ts'
import type { Exhibit } from './finding.ts'
import type { GateSubject } from './gate.ts'
import { type Answered, judgeAnswered } from './judge-measured.ts'
import { SHOWN_CONFIDENCE } from './metrics-request.ts'
import { countText } from './number-text.ts'
import { joinParts, type Part, undecided } from './part.ts'
import { isDeclared } from './shared-names.ts'
import { smallestTold } from './smallest-told.ts'
import { intervalAt } from './sound-estimate.ts'

/** Share of rows in groups too small to count above which the rest decides nothing. */
const MOST_UNCOUNTED = 0.05

/** A rule over groups: the disparity, every group of its own, and what is left out for its size. */
export function judgeDisparity(rule: FairnessRule, answered: Answered, { candidate }: DisparityMeasured): Part {
  const counted = candidate.groups.filter((group) => group.counted).length
  if (counted < 2) {
    const because = 'A disparity takes two groups with enough rows in each rate; fewer are here.'
    return undecided(`${answered.name}: fewer than two groups count`, because, {
      reason: 'groups',
      flips: 'more rows, or a smaller min_rows',
    })
  }
  const parts = [judgeAnswered(answered), ...groupParts(rule, answered, candidate)]
  return withoutSmall(rule, joinParts(parts), candidate)
}

/**
 * Against a privileged group every other group is a rule of its own: all must keep the limits, and the rule fails
 * where one breaks them for sure: by its value, or by an interval corrected for the search among the groups.
 */
function groupParts(rule: FairnessRule, answered: Answered, { by_group }: Disparity): readonly Part[] {
  if (rule.min === undefined && rule.max === undefined) return []
  return (by_group ?? []).flatMap((group) => {
    const part = groupPart(rule, answered, group)
    return part.status === 'passed' ? [] : [part]
  })
}

type OneGroup = NonNullable<Disparity['by_group']>[number]

function groupPart(rule: FairnessRule, answered: Answered, { value, interval, corrected }: OneGroup): Part {
  const name = `${rule.metric}, one group by itself,`
  if (value === null || !Number.isFinite(value)) return undecided(`${name} has no value`, 'One of its rates is 0/0.')
  const at = (ends: Interval | null | undefined) => groupAt(rule, answered, name, value, ends ?? null)
  const part = at(interval)
  if (rule.confidence === undefined || part.status === 'passed') return part
  const sure = at(corrected)
  return sure.status === 'failed' ? sure : { ...part, status: 'inconclusive', straddles: sure.straddles === true }
}

function groupAt(rule: FairnessRule, answered: Answered, name: string, value: number, ends: Interval | null): Part {
  const own = intervalAt({ ...answered.candidate, interval: ends }, answered.confidence)
  const isDistance = answered.better === 'zero'
  return absolutePart({
    name,
    unit: answered.unit,
    of: answered.of,
    n: null,
    se: null,
    value: isDistance ? Math.abs(value) : value,
    interval: own && isDistance ? sizeInterval(own) : own,
    confidence: answered.confidence,
    byInterval: rule.confidence !== undefined,
    bounds: { min: rule.min, max: rule.max },
    method: null,
  })
}

/** Groups under min_rows are not judged; where they are many, or the rule says hold, nothing passes over their heads. */
function withoutSmall(rule: FairnessRule, part: Part, { uncounted }: Disparity): Part {
  if (uncounted.groups === 0) return part
  const holds = rule.small_groups === 'hold'
  const few = uncounted.share <= MOST_UNCOUNTED
  const left = `${countText(uncounted.groups, 'groups')} ${uncounted.groups === 1 ? 'is' : 'are'} too small to count`
  const because = `${part.because} ${left} (${few ? 'together at most' : 'together more than'} 5 % of the rows).`
  if (few && !holds) return { ...part, because }
  if (part.status === 'inconclusive') return { ...part, because, straddles: false }
  if (part.status !== 'passed') return { ...part, because }
  return undecided(`${part.title}, without ${countText(uncounted.groups, 'small groups')}`, because, {
    reason: 'small-groups',
    flips: holds
      ? 'more rows of these groups, or small_groups: report'
      : 'more rows of these groups, or small_groups: pool',
  })
}

/** The numbers of a rule as they are judged. */
export function answeredDisparity(
  subject: GateSubject,
  rule: FairnessRule,
  { candidate, incumbent: other, difference }: DisparityMeasured,
  facts: FairnessFacts,
): Answered {
  const { model, incumbent, incumbentSource } = subject
  const missing =
    incumbent === null
      ? incumbentSource === 'none'
        ? null
        : 'The incumbent could not be read'
      : facts.incumbent_missing === undefined
        ? null
        : `The incumbent ${incumbent.record.version} has no answer on this exam: ${facts.incumbent_missing}`
  const binding = candidate.binding
  return {
    limits: rule,
    name: `${rule.metric}${classText(model)} across ${columnsAcross(rule).join(', ')}${betweenText(model, candidate)}`,
    unit: rule.metric,
    better: findDisparity(rule.metric)?.better ?? 'zero',
    confidence: rule.confidence ?? SHOWN_CONFIDENCE,
    candidate: candidate.estimate,
    incumbent: other?.estimate ?? null,
    difference,
    against: incumbent?.record.version ?? null,
    incumbentMissing: missing,
    of: binding === null ? 'rows' : `${binding.of.replaceAll('_', ' ')} of the smaller group`,
    count: () => (binding === null || binding.count < smallestTold(subject) ? null : binding.count),
  }
}

/** Of several classes the favourable one. */
function classText({ task, label }: Model): string {
  return task === 'multiclass' && label?.positive !== undefined ? ` of ${JSON.stringify(label.positive)}` : ''
}

/** ` (Male, Female)`, where model.yml declares these values and they are nobody's secret. */
function betweenText(model: Model, { between }: Disparity): string {
  const texts = between?.map((group) => groupText(model, group)) ?? []
  return texts.length === 2 && texts.every((text) => text !== null) ? ` (${texts.join(' and ')})` : ''
}

function groupText(model: Model, group: GroupKey): string | null {
  const parts = Object.entries(group).map(([column, value]) =>
    isDeclared(model, column, value) ? String(value) : null,
  )
  return parts.some((part) => part === null) ? null : parts.join(', ')
}

/** One exhibit for each rate that the disparity compares. */
export function groupExhibits(rule: FairnessRule, { candidate, incumbent }: DisparityMeasured): readonly Exhibit[] {
  const before = new Map((incumbent?.groups ?? []).map((group) => [canonicalJson(group.group), group]))
  return (findDisparity(rule.metric)?.rates ?? []).map((rate) => ({
    kind: 'groups' as const,
    across: columnsAcross(rule),
    rate,
    groups: candidate.groups.map((group) => {
      const earlier = before.get(canonicalJson(group.group))
      return {
        group: group.group,
        rows: group.rows,
        counted: group.counted,
        value: group.metrics[rate] ?? null,
        interval: group.intervals[rate] ?? null,
        ...(earlier && { incumbent: earlier.metrics[rate] ?? null }),
      }
    }),
  }))
}

/** What the disparity rests on; null where the rest of the exam would tell how small the groups left out are. */
export function toldSupport(subject: GateSubject, { candidate }: DisparityMeasured): Support | null {
  const left = candidate.groups.filter((group) => !group.counted).reduce((rows, group) => rows + (group.rows ?? 0), 0)
  return left > 0 && left < smallestTold(subject) ? null : candidate.estimate.support
}
