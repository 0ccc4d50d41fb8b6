import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DisparityMeasured, MetricMeasured } from '../../src/gates/evidence.ts'
import { fairnessGate } from '../../src/gates/fairness.ts'
import type { Finding, Status } from '../../src/gates/finding.ts'
import { metricsGate } from '../../src/gates/metrics.ts'
import type { Estimate } from '../../src/statistics/estimate.ts'
import { disparity, estimate, judged, metricsFacts, only, outputs } from './measuring-world.ts'

const odd = fc.oneof(fc.double(), fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, 0, undefined as never))
const oddEstimate: fc.Arbitrary<Estimate | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 5,
    arbitrary: fc.record({
      value: odd,
      interval: fc.oneof(fc.constant(null), fc.tuple(odd, odd)) as fc.Arbitrary<Estimate['interval']>,
      confidence: fc.constantFrom(0.9, 0.95),
      method: fc.constantFrom(null, 'delong'),
      support: fc.constant({ rows: 500, positives: 200, negatives: 300, predicted_positives: 100 }),
      se: odd,
      null_q95: odd,
    }),
  },
)

const share = fc.double({ min: -1, max: 2, noNaN: true })
const sorted = fc.tuple(share, share, share).map((three) => three.toSorted((a, b) => a - b) as [number, number, number])
const confidence = fc.constantFrom(undefined, 0.9)

const RANK: Readonly<Record<Status, number>> = { failed: 0, inconclusive: 1, skipped: 1, passed: 2 }

function metric(rule: object, measured: Partial<MetricMeasured>): Finding {
  return only(judged(metricsGate, [rule], { metrics: metricsFacts(measured) }))
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}

describe('no evidence, however odd, passes without a number', () => {
  test('metrics', () => {
    const rules = fc.constantFrom(
      { metric: 'roc_auc', min: -1e300 },
      { metric: 'roc_auc', min: -1e300, confidence: 0.9 },
      { metric: 'expected_calibration_error', max: 1e300 },
      { metric: 'roc_auc', against: 'incumbent', max_drop: 1e300 },
      { metric: 'roc_auc', against: 'incumbent', max_drop: 1e300, confidence: 0.9 },
    )
    fc.assert(
      fc.property(rules, oddEstimate, oddEstimate, (rule, candidate, difference) => {
        const finding = metric(rule, { candidate: candidate as Estimate, incumbent: null, difference })
        if (finding.status !== 'passed') return
        expect(isNumber(candidate?.value)).toBe(true)
        if ('against' in rule) expect(isNumber(difference?.value)).toBe(true)
        if ('confidence' in rule) {
          const interval = 'against' in rule ? difference?.interval : candidate?.interval
          expect(interval?.every(isNumber)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('fairness', () => {
    fc.assert(
      fc.property(oddEstimate, confidence, (candidate, level) => {
        const rule = {
          across: 'sex',
          metric: 'statistical_parity_difference',
          max: 1e300,
          ...(level && { confidence: level }),
        }
        const measured: DisparityMeasured = {
          candidate: { ...disparity(0, null), estimate: (candidate ?? { value: null }) as Estimate },
          incumbent: null,
          difference: null,
        }
        const finding = only(
          judged(fairnessGate, [rule], { fairness: { candidate: outputs('1.4.0'), measured: [measured] } }),
        )
        if (finding.status === 'passed') expect(isNumber(candidate?.value)).toBe(true)
      }),
    )
  })
})

describe('loosening a limit never turns passed into failed, tightening never failed into passed', () => {
  const looserNeverWorse = (judge: (limit: number) => Finding, tight: number, loose: number) =>
    expect(RANK[judge(loose).status]).toBeGreaterThanOrEqual(RANK[judge(tight).status])

  test.each(['min', 'max'] as const)('%s', (side) => {
    fc.assert(
      fc.property(sorted, share, share, confidence, ([low, value, high], one, other, level) => {
        const [tight, loose] = (side === 'min') === one > other ? [one, other] : [other, one]
        const at = level === undefined ? {} : { confidence: level }
        const candidate = estimate(value, [low, high], { confidence: level ?? 0.95 })
        looserNeverWorse((limit) => metric({ metric: 'roc_auc', [side]: limit, ...at }, { candidate }), tight, loose)
      }),
    )
  })

  test.each([
    ['roc_auc', 'max_drop'],
    ['log_loss', 'max_rise'],
  ])('%s: %s', (name, key) => {
    fc.assert(
      fc.property(sorted, share, share, confidence, ([low, value, high], one, other, level) => {
        const [tight, loose] = [Math.min(Math.abs(one), Math.abs(other)), Math.max(Math.abs(one), Math.abs(other))]
        const at = level === undefined ? {} : { confidence: level }
        const difference = estimate(value, [low, high], { confidence: level ?? 0.95 })
        const judge = (limit: number) =>
          metric(
            { metric: name, against: 'incumbent', [key]: limit, ...at },
            { difference, incumbent: estimate(0.9, null) },
          )
        looserNeverWorse(judge, tight, loose)
      }),
    )
  })

  test('a calibration error, and a disparity', () => {
    fc.assert(
      fc.property(share, share, share, share, (value, chance, one, other) => {
        const [tight, loose] = [Math.min(one, other), Math.max(one, other)]
        const candidate = estimate(value, null, { null_q95: chance })
        looserNeverWorse((max) => metric({ metric: 'expected_calibration_error', max }, { candidate }), tight, loose)
        const measured = { candidate: disparity(value, [value - 0.1, value + 0.1]), incumbent: null, difference: null }
        const parity = (max: number) =>
          only(
            judged(
              fairnessGate,
              [{ across: 'sex', metric: 'statistical_parity_difference', max: Math.abs(max), confidence: 0.9 }],
              {
                fairness: { candidate: outputs('1.4.0'), measured: [measured] },
              },
            ),
          )
        looserNeverWorse(parity, Math.min(Math.abs(one), Math.abs(other)), Math.max(Math.abs(one), Math.abs(other)))
      }),
    )
  })
})

test('what a finding says would turn it, turns it', () => {
  fc.assert(
    fc.property(sorted, share, fc.constantFrom('min', 'max'), ([low, value, high], limit, side) => {
      const candidate = estimate(value, [low, high])
      const held = metric({ metric: 'roc_auc', [side]: limit, confidence: 0.9 }, { candidate })
      fc.pre(held.status !== 'passed')
      const asked = Number(/(?:floor|limit) of (\S+)$/.exec(held.flips!)![1]!.replaceAll(',', ''))
      expect(metric({ metric: 'roc_auc', [side]: asked, confidence: 0.9 }, { candidate }).status).toBe('passed')
    }),
  )
})
