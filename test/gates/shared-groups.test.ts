import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FairnessRequest, GroupKey } from '../../src/gates/evidence.ts'
import { fairnessGate } from '../../src/gates/fairness.ts'
import type { Finding, Status } from '../../src/gates/finding.ts'
import { sharedEvidence } from '../../src/gates/shared-evidence.ts'
import { sharedFindings } from '../../src/gates/shared-findings.ts'
import { composed, evidenceFor, MODEL, subjectWith } from './measuring-world.ts'
import { workedOut } from './shared-attacker.ts'
import { crowdFacts, type Person } from './shared-crowd.ts'

const RUNS = process.env.WEIGHBRIDGE_DEEP ? 500 : 25
const SEXES = ['Male', 'Female', 'Zaphod Beeblebrox']
const RACES = ['Amber', 'Birch', 'Cedar', null]
const model = {
  ...MODEL,
  sensitive: [
    { name: 'sex', values: SEXES },
    { name: 'race', values: ['Amber', 'Birch', 'Cedar'] },
  ],
}
const subject = subjectWith({ model })

const rules = (more: object = {}) => [
  { across: 'sex', metric: 'statistical_parity_difference', max: 0.1, confidence: 0.9, ...more },
  { across: 'race', metric: 'equal_opportunity_difference', max: 0.2, ...more },
  { across: ['sex', 'race'], metric: 'equalized_odds_difference', max: 0.2, confidence: 0.9, ...more },
  {
    across: ['sex', 'race'],
    metric: 'disparate_impact',
    against: 'incumbent',
    max_drop: 0.1,
    small_groups: 'pool',
    ...more,
  },
  { across: 'race', metric: 'disparate_impact', min: 0.8, max: 1.25, privileged: { race: 'Amber' }, ...more },
]

function weighed(crowd: readonly Person[], seed: number, more: object = {}, floor = 10) {
  const policy = composed(fairnessGate, rules(more))
  const request = fairnessGate.plan(subject, policy)[0] as FairnessRequest
  const evidence = evidenceFor(fairnessGate, subject, policy, { fairness: crowdFacts(crowd, seed) as never })
  const told = sharedEvidence(evidence, { model, minGroup: floor })
  const answer = told.of<'fairness'>(request)
  if (answer.status !== 'present') throw new Error('no evidence')
  return {
    facts: answer.facts,
    local: fairnessGate.judge(subject, policy, evidence),
    shared: fairnessGate.judge(subject, policy, told),
  }
}

function statuses(finding: Finding): readonly Status[] {
  return [finding.status, ...finding.children.flatMap(statuses)]
}

const rowsOf = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 120 }))
const crowds = fc
  .array(rowsOf, { minLength: SEXES.length * RACES.length, maxLength: SEXES.length * RACES.length })
  .filter((rows) => rows.reduce((sum, count) => sum + count, 0) > 60)
  .map((rows) =>
    rows.map((count, index): Person => {
      const values = { sex: SEXES[index % SEXES.length]!, race: RACES[Math.floor(index / SEXES.length)]! }
      return { values, rows: count }
    }),
  )

describe('groups under the floor', () => {
  test('no small group can be worked out from a shared report, not even by subtracting across listings', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 0, max: 999 }), (crowd, seed) => {
        const { facts } = weighed(crowd, seed)
        const known = workedOut(
          facts,
          crowd.filter(({ rows }) => rows > 0),
          (group) => JSON.stringify(group),
        )
        for (const [group, rows] of groupsOf(crowd))
          if (rows > 0 && rows < 10) expect(known(group), JSON.stringify(group)).toBe(false)
      }),
      { numRuns: RUNS },
    )
  })

  test('judging what is shared gives every finding the status that it has locally', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 0, max: 999 }), (crowd, seed) => {
        const { local, shared } = weighed(crowd, seed)
        expect(statuses(shared)).toEqual(statuses(local))
      }),
      { numRuns: RUNS },
    )
  })

  test('a policy that lets tiny groups count is judged alike, and its numbers are withheld', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 0, max: 999 }), (crowd, seed) => {
        const { local, shared } = weighed(crowd, seed, { min_rows: 1 })
        const [told] = sharedFindings([local], [shared])
        expect(statuses(told!)).toEqual(statuses(local))
      }),
      { numRuns: RUNS },
    )
  })

  test('one small group takes the next smallest with it, because the total would tell', () => {
    const { facts } = weighed(
      [
        { values: { sex: 'Male', race: 'Amber' }, rows: 300 },
        { values: { sex: 'Female', race: 'Amber' }, rows: 200 },
        { values: { sex: 'Female', race: 'Birch' }, rows: 150 },
        { values: { sex: 'Female', race: 'Cedar' }, rows: 4 },
      ],
      1,
    )

    const races = facts.measured[1]!.candidate.groups.map(({ group, rows }) => [group.race, rows])

    expect(races).toEqual([
      ['Amber', null],
      ['Birch', null],
      ['(too small to show)', null],
    ])
    expect(facts.measured[1]!.candidate.estimate.support).toEqual({ rows: 654 })
    expect(facts.measured[1]!.candidate.uncounted.share).toBe(0.05)
  })

  test('without a small group nothing is hidden', () => {
    const { facts, local, shared } = weighed(
      [
        { values: { sex: 'Male', race: 'Amber' }, rows: 300 },
        { values: { sex: 'Female', race: 'Amber' }, rows: 200 },
        { values: { sex: 'Male', race: 'Birch' }, rows: 250 },
        { values: { sex: 'Female', race: 'Birch' }, rows: 150 },
      ],
      1,
    )

    expect(facts.measured[2]!.candidate.groups.map(({ rows }) => rows)).toEqual([200, 150, 300, 250])
    expect(shared).toEqual(local)
  })

  test('a rule that a group of four decides says nothing of it but how it was decided', () => {
    const crowd = [
      { values: { sex: 'Male', race: 'Amber' }, rows: 300 },
      { values: { sex: 'Female', race: 'Amber' }, rows: 4 },
    ]
    const { local, shared } = weighed(crowd, 1, { min_rows: 1 })
    const [told] = sharedFindings([local], [shared])

    expect(local.children[0]!.measured).not.toBeNull()
    expect(told!.children[0]).toMatchObject({ status: local.children[0]!.status, measured: null, interval: null })
    expect(told!.children[0]!.because).toContain('too small to be shown')
  })
})

function groupsOf(crowd: readonly Person[]): readonly (readonly [GroupKey, number])[] {
  const sums = new Map<string, number>()
  for (const { values, rows } of crowd) {
    for (const group of [{ sex: values.sex }, { race: values.race }, values]) {
      const key = JSON.stringify(group)
      sums.set(key, (sums.get(key) ?? 0) + rows)
    }
  }
  return [...sums].map(([key, rows]) => [JSON.parse(key) as GroupKey, rows])
}
