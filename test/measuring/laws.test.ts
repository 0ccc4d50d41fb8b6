import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparisonDocument } from '../../src/measuring/comparison-document.ts'
import type { DriftMeasured, WindowColumn } from '../../src/statistics/drift-column.ts'
import { examine } from '../../src/statistics/drift-examination.ts'
import { measureMetric } from '../../src/statistics/measure.ts'
import { decideDrift } from '../../src/statistics/measure-drift.ts'
import { scoredRows } from '../statistics/predictions.ts'

const numbersOf = (values: readonly number[]): WindowColumn => ({
  type: 'number',
  values: Float64Array.from(values),
  nulls: new Uint8Array(values.length),
})
const textsOf = (values: readonly string[]): WindowColumn => {
  const names = [...new Set(values)]
  return { type: 'category', values: names, codes: Int32Array.from(values, (value) => names.indexOf(value)) }
}

function drift(kind: 'number' | 'category', reference: WindowColumn, current: WindowColumn): DriftMeasured {
  const examined = examine({ column: 'x', kind, reference, current }, { statistics: 'all' })
  return decideDrift([examined], { test: 'default', min_effect: 0.05 }).columns[0]!
}

const whole = fc.integer({ min: -40, max: 40 })
const numberWindows = fc.tuple(
  fc.array(whole, { minLength: 30, maxLength: 120 }),
  fc.array(whole, { minLength: 30, maxLength: 120 }),
)
const word = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const wordWindows = fc.tuple(
  fc.array(word, { minLength: 30, maxLength: 120 }),
  fc.array(word, { minLength: 30, maxLength: 120 }),
)

/** Statistics that say the same whichever window is the reference. */
const SYMMETRIC = {
  number: ['ks'],
  category: ['jensen_shannon', 'total_variation', 'hellinger', 'l_infinity', 'chi_squared', 'cramers_v', 'psi'],
} as const

const digits = (value: unknown) => {
  const round = (_: string, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(10)) : one)
  return JSON.parse(JSON.stringify(value ?? null, round))
}

describe('drift', () => {
  test('numbers on another scale have drifted as much: no statistic but the unit of the rows is in it', () => {
    fc.assert(
      fc.property(numberWindows, fc.integer({ min: -30, max: 30 }), ([reference, current], power) => {
        // a power of two rounds nothing, so the answers are equal to the byte
        const scaled = (values: readonly number[]) => numbersOf(values.map((value) => value * 2 ** power))
        const plain = drift('number', numbersOf(reference), numbersOf(current))
        const other = drift('number', scaled(reference), scaled(current))

        for (const name of ['psi', 'ks', 'jensen_shannon', 'kl', 'hellinger', 'l_infinity', 'mann_whitney'])
          expect(other.statistics[name], name).toEqual(plain.statistics[name])
        // whole numbers that nearly all differ are ids, which is no matter of distance
        if ([plain, other].some(({ reason }) => reason === 'id_like')) return
        expect([other.score, other.p_value, other.is_drifted]).toEqual([plain.score, plain.p_value, plain.is_drifted])
      }),
      { numRuns: 60 },
    )
  })

  test('the default test sees ranks alone: any rising map of the numbers changes nothing of its decision', () => {
    const maps = [(x: number) => x ** 3, (x: number) => Math.exp(x / 10), (x: number) => 3 * x - 7]
    fc.assert(
      fc.property(numberWindows, fc.constantFrom(...maps), ([reference, current], map) => {
        const plain = drift('number', numbersOf(reference), numbersOf(current))
        const other = drift('number', numbersOf(reference.map(map)), numbersOf(current.map(map)))

        expect(other.statistics.ks).toEqual(plain.statistics.ks)
        if ([plain, other].some(({ reason }) => reason === 'id_like')) return
        expect([other.score, other.p_value, other.is_drifted]).toEqual([plain.score, plain.p_value, plain.is_drifted])
      }),
      { numRuns: 60 },
    )
  })

  test('categories by other names have drifted as much', () => {
    const names = new Map([...'abcde'].map((name, place) => [name, ['zz', '01', '1', '', 'é'][place]!]))
    fc.assert(
      fc.property(wordWindows, ([reference, current]) => {
        const renamed = (values: readonly string[]) => textsOf(values.map((value) => names.get(value)!))
        const plain = drift('category', textsOf(reference), textsOf(current))
        const other = drift('category', renamed(reference), renamed(current))

        expect(digits(other.statistics)).toEqual(digits(plain.statistics))
        expect(other.is_drifted).toBe(plain.is_drifted)
      }),
      { numRuns: 60 },
    )
  })

  test('windows that change places are as far apart, by every distance that is one', () => {
    fc.assert(
      fc.property(numberWindows, wordWindows, (numbers, words) => {
        const [a, b] = numbers.map(numbersOf) as [WindowColumn, WindowColumn]
        const [c, d] = words.map(textsOf) as [WindowColumn, WindowColumn]
        const pairs = [
          ['number', drift('number', a, b), drift('number', b, a)],
          ['category', drift('category', c, d), drift('category', d, c)],
        ] as const
        for (const [kind, there, back] of pairs)
          for (const name of SYMMETRIC[kind])
            expect(digits(back.statistics[name]), name).toEqual(digits(there.statistics[name]))
      }),
      { numRuns: 60 },
    )
  })

  test('every distance is 0 of a window to itself, and within its bounds to any other', () => {
    const between = (value: unknown, most: number, name: string) => {
      if (value === null || value === undefined) return
      const number = typeof value === 'object' ? (value as { statistic: number }).statistic : (value as number)
      expect(number >= 0 && number <= most, `${name} is ${number}`).toBe(true)
    }
    const UNIT = ['ks', 'jensen_shannon', 'hellinger', 'l_infinity', 'total_variation', 'cramers_v']
    fc.assert(
      fc.property(numberWindows, wordWindows, (numbers, words) => {
        const [a, b] = numbers.map(numbersOf) as [WindowColumn, WindowColumn]
        const [c, d] = words.map(textsOf) as [WindowColumn, WindowColumn]
        for (const { statistics, p_value } of [drift('number', a, b), drift('category', c, d)]) {
          for (const name of UNIT) between(statistics[name], 1, name)
          for (const name of ['psi', 'kl', 'wasserstein', 'chi_squared']) between(statistics[name], Infinity, name)
          between(p_value, 1, 'p_value')
        }
        for (const { statistics } of [drift('number', a, a), drift('category', c, c)])
          for (const name of [...UNIT, 'psi', 'kl', 'wasserstein']) between(statistics[name], 1e-12, name)
      }),
      { numRuns: 60 },
    )
  })
})

const score = fc.integer({ min: 1, max: 63 }).map((step) => step / 64)
const predictions = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), score, score), { minLength: 20, maxLength: 60 })

describe('metrics and compare-predictions', () => {
  test('the area under the curve, and its interval, know ranks alone: any rising map of the scores leaves them', () => {
    const maps = [
      (p: number) => p / 2,
      (p: number) => p ** 3,
      (p: number) => Math.log(p / (1 - p)),
      (p: number) => 9 * p - 4,
    ]
    fc.assert(
      fc.property(predictions, fc.constantFrom(...maps), (rows, map) => {
        const labels = rows.map(([label]) => label)
        const of = (scores: readonly number[]) =>
          measureMetric(scoredRows(labels, scores), 'roc_auc', { confidence: 0.95 })
        const scores = rows.map(([, p]) => p)

        const { value, interval } = of(scores)
        expect(of(scores.map(map))).toMatchObject({ value, interval })
      }),
      { numRuns: 60 },
    )
  })

  test('a against b is b against a with the sign turned, for every metric and whatever its method', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        const labels = rows.map(([label]) => label)
        const [a, b] = [1, 2].map((place) =>
          scoredRows(
            labels,
            rows.map((row) => row[place]!),
          ),
        )
        const dropped = { only_a: 0, only_b: 0, label_null: 0, score_null: 0, where_out: 0 }
        const terms = {
          engine: 't',
          confidence: 0.9,
          threshold: 0.5,
          positive: 1,
          weights: null,
          unit: null,
          where: null,
        }
        const of = (one: typeof a, other: typeof a) =>
          comparisonDocument({ a: one!, b: other!, spoiled: null, told: { ...terms, dropped }, warnings: [] }).metrics
        const [there, back] = [of(a, b), of(b, a)]

        for (const [name, metric] of Object.entries(there)) {
          const other = back[name]!
          expect([other.a, other.b], name).toEqual([metric.b, metric.a])
          expect(other.difference === null ? null : 0 - other.difference, name).toEqual(metric.difference)
          if (metric.interval === null || other.interval === null) {
            expect(other.interval, name).toBe(metric.interval)
            continue
          }
          // resamples are drawn in an order of the rows that knows which version is which: ends move by chance a little
          const slack = /bootstrap/.test(metric.method!)
            ? 0.25 * (metric.interval[1] - metric.interval[0]) + 1e-9
            : 1e-9
          expect(Math.abs(other.interval[0] + metric.interval[1]), name).toBeLessThanOrEqual(slack)
          expect(Math.abs(other.interval[1] + metric.interval[0]), name).toBeLessThanOrEqual(slack)
        }
      }),
      { numRuns: 15 },
    )
  })
})
