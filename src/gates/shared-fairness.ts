import type { Model } from '../registry/model.ts'
import type { DenominatorName } from '../statistics/group-rate.ts'
import type {
  Disparity,
  DisparityMeasure,
  DisparityMeasured,
  FairnessFacts,
  FairnessRequest,
  GroupMeasured,
} from './evidence.ts'
import { isFew, type SharedTerms, sharedEstimate, sharedOutputs, withheld } from './shared-estimates.ts'
import { sharedGroups } from './shared-groups.ts'
import { type Arm, denominatorsOf, type HiddenBy, hiddenOf, sizeOf } from './shared-listings.ts'
import { isPool, neutralNames, type Renaming } from './shared-names.ts'
import { told } from './shared-texts.ts'

/** Fairness with neutral names for undeclared values, and without any number that a small group could be had from. */
export function sharedFairness(
  facts: FairnessFacts,
  { measures }: FairnessRequest,
  model: Model,
  terms: SharedTerms,
): FairnessFacts {
  const { incumbent_missing } = facts
  const names = neutralNames(
    model,
    facts.measured.map(({ candidate }) => candidate.groups.map(sizedByRows)),
  )
  const hidden = {
    candidate: hiddenOf(facts, measures, 'candidate', terms.floor),
    incumbent: hiddenOf(facts, measures, 'incumbent', terms.floor),
  }
  return {
    candidate: sharedOutputs(facts.candidate, terms),
    ...(incumbent_missing !== undefined && { incumbent_missing: told(incumbent_missing, terms.names) }),
    measured: facts.measured.map((measured, index) =>
      sharedMeasured(measured, measures[index], names, { ...terms, hidden }),
    ),
  }
}

function sizedByRows({ group, rows }: GroupMeasured) {
  return { group, rows: rows ?? 0 }
}

interface Hiding extends SharedTerms {
  readonly hidden: Readonly<Record<Arm, HiddenBy>>
}

function sharedMeasured(
  { candidate, incumbent, difference }: DisparityMeasured,
  measure: DisparityMeasure | undefined,
  names: Renaming,
  terms: Hiding,
): DisparityMeasured {
  const few = [candidate, incumbent].some((disparity) => disparity && restsOnFew(disparity, measure, terms.floor))
  const share = (disparity: Disparity, arm: Arm) => sharedDisparity(disparity, names, few, terms, arm)
  return {
    candidate: share(candidate, 'candidate'),
    incumbent: incumbent && share(incumbent, 'incumbent'),
    difference: difference && sharedNumber(difference, candidate, few, terms),
  }
}

/** Whether a group takes part that is small in what the disparity compares: then the disparity tells of it. */
function restsOnFew({ groups }: Disparity, measure: DisparityMeasure | undefined, floor: number): boolean {
  const asked = denominatorsOf(measure)
  return groups.some((group) => group.counted && asked.some((of) => isFew(sizeOf(group, of), floor)))
}

function sharedDisparity(disparity: Disparity, names: Renaming, few: boolean, terms: Hiding, arm: Arm): Disparity {
  const { between, binding, by_group, uncounted } = disparity
  const isHidden = (group: GroupMeasured, of: DenominatorName) => terms.hidden[arm](group, of)
  const covered =
    binding !== null &&
    disparity.groups.some((group) => group.counted && isHidden(group, binding.of as DenominatorName))
  return {
    estimate: sharedNumber(disparity.estimate, disparity, few, terms),
    between: few || between === null ? null : [names(between[0]), names(between[1])],
    groups: sharedGroups(disparity.groups, names, isHidden, terms.floor),
    uncounted: { groups: uncounted.groups, share: roundedShare(uncounted.share) },
    ...(by_group && { by_group: few ? [] : by_group.map((one) => ({ ...one, group: names(one.group) })) }),
    binding: few || covered || binding === null || binding.count < terms.floor ? null : binding,
  }
}

/** The share of rows in small groups tells their number: only whether it is at most 5 % is kept. */
function roundedShare(share: number): number {
  return share === 0 ? 0 : share <= 0.05 ? 0.05 : 1
}

const WITHHELD = 'a group too small to be shown here takes part in it'

/** The rows of all groups stand for those that count: the difference between the two is the rows of the small ones. */
function sharedNumber(
  estimate: Disparity['estimate'],
  { groups, uncounted }: Disparity,
  few: boolean,
  terms: SharedTerms,
) {
  if (few) return withheld(estimate, WITHHELD)
  const shared = sharedEstimate(estimate, terms)
  if (uncounted.groups === 0 && groups.every((group) => group.counted || isPool(group.group))) return shared
  return { ...shared, support: { rows: rowsOf(groups) } }
}

function rowsOf(groups: readonly GroupMeasured[]): number {
  return groups.reduce((sum, { group, rows }) => sum + (isPool(group) ? 0 : (rows ?? 0)), 0)
}
