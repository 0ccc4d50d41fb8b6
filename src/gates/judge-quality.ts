import type { DataQualityRule } from './data-quality-rule.ts'
import type { QualityFacts } from './evidence.ts'
import { type Finding, finding } from './finding.ts'
import type { GateSubject } from './gate.ts'
import { countText, exactText, listText, numberText, percentText, roundedUp } from './number-text.ts'
import { weighBounds } from './weigh-bounds.ts'

const NAME = 'data-quality'

interface Share {
  readonly name: string
  readonly key: keyof DataQualityRule & `max_${string}`
  readonly share: number | null
  readonly seen: string
  readonly mend: string
}

/** One finding for each limit that the rule states, with what was measured. */
export function limitFindings(rule: DataQualityRule, facts: QualityFacts, subject: GateSubject): readonly Finding[] {
  const shares = [missing(facts, subject), duplicates(facts), overlap(facts), labels(facts)].flatMap((share) => {
    const max = rule[share.key]
    return max === undefined ? [] : [limitFinding(share, max, facts.rows)]
  })
  return rule.max_train_overlap === undefined ? shares : [...shares, ...timeOrderFindings(facts)]
}

/** A set that begins before the training data end was, in part, seen in training. */
function timeOrderFindings({ time_order: order }: QualityFacts): readonly Finding[] {
  if (order === undefined || order === null) return []
  const [from, until] = [order.exam_from, order.reference_until].map((at) => new Date(at).toISOString())
  const seen = `The exam begins at ${from}, the training data end at ${until}.`
  if (order.exam_from >= order.reference_until)
    return [finding(NAME, 'the exam comes after the training data', 'passed', seen)]
  const flips = 'an exam of rows that are younger than the training data'
  return [
    finding(NAME, 'the exam begins before the training data end', 'failed', seen, {
      reason: 'quality:time-order',
      flips,
    }),
  ]
}

function limitFinding({ name, key, share, seen, mend }: Share, max: number, rows: number): Finding {
  const shown = { limit: { max }, support: { rows }, reason: `quality:${key}` }
  if (share === null || !Number.isFinite(share)) {
    return finding(NAME, name, 'inconclusive', `It cannot be measured. ${seen}`, { ...shown, flips: mend })
  }
  const { status } = weighBounds(share, null, { max })
  const word = status === 'failed' ? 'over' : 'within'
  const said = `${name} ${numberText(share)} is ${word} the limit of ${exactText(max)}. ${seen}`
  const flips = status === 'failed' ? { flips: `${mend}, or ${key} ${exactText(roundedUp(share))}` } : {}
  return finding(NAME, name, status, said, { ...shown, ...flips, measured: share })
}

/** The worst of the columns that the model reads or is judged across. */
function missing({ columns, rows }: QualityFacts, { model }: GateSubject): Share {
  const names = new Set([
    ...(model.features ?? []).map((feature) => feature.name),
    ...(model.sensitive ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.name)),
  ])
  const asked = columns.filter(({ column }) => names.size === 0 || names.has(column))
  const worst = asked.toSorted((a, b) => b.missing - a.missing)[0]
  const base = {
    name: 'largest share of missing values',
    key: 'max_missing_share' as const,
    mend: 'fewer missing values',
  }
  if (worst === undefined || rows === 0)
    return { ...base, share: null, seen: 'No declared column is there to look at.' }
  const some = asked.filter((column) => column.missing > 0)
  const seen = `${worst.column} is missing in ${countText(worst.missing, 'rows')} of ${countText(rows, 'rows')}; values are missing in ${listText(some.map(({ column }) => column))}.`
  return { ...base, share: worst.missing / rows, seen: some.length === 0 ? 'No value is missing.' : seen }
}

function duplicates({ duplicates: { rows: surplus, by }, rows }: QualityFacts): Share {
  return {
    name: 'share of duplicates',
    key: 'max_duplicate_share',
    share: rows === 0 ? null : surplus / rows,
    seen: `${countText(surplus, 'surplus rows')}, by ${by === 'id' ? 'id' : 'all columns'}.`,
    mend: 'each row once',
  }
}

/** Coarse columns collide by nature: chance is the share of reference rows that another reference row equals. */
function overlap({ overlap: found }: QualityFacts): Share {
  const base = {
    name: 'overlap with the training rows',
    key: 'max_train_overlap' as const,
    mend: 'an exam without training rows',
  }
  if (found === null) return { ...base, share: null, seen: 'There is no reference to compare the exam with.' }
  const { share, chance, by } = found
  const seen = `${percentText(share)} of the exam's rows also stand in the reference (by ${by === 'id' ? 'id' : 'all columns'}), and chance alone gives ${percentText(chance)}.`
  return { ...base, share: Math.max(0, share - chance), seen }
}

function labels({ label_null, rows }: QualityFacts): Share {
  return {
    name: 'share of missing labels',
    key: 'max_label_missing',
    share: rows === 0 ? null : label_null / rows,
    seen: `${countText(label_null, 'rows')} of ${countText(rows, 'rows')} without a label.`,
    mend: 'labels for these rows',
  }
}
