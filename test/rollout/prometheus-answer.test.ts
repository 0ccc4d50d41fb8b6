import { expect, test } from 'vitest'
import { prometheusAnswer, type Question } from '../../src/rollout/prometheus-answer.ts'
import { recorded, TRACK } from './observed.ts'

const read = (name: string, question: Question = TRACK) => prometheusAnswer(recorded(name), question)
const answer = (result: unknown, more: object = {}) =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...more })
const sample = (track: string, value: unknown, at: unknown = 1795292167) => ({ metric: { track }, value: [at, value] })

test('counts of both arms are read as Prometheus gives them, fractions and all', () => {
  expect(read('increase')).toEqual({ is: 'counts', canary: 60, baseline: 1139.9999999999998 })
  expect(read('running-totals')).toEqual({ is: 'counts', canary: 136, baseline: 2596 })
})

test('errors that were never counted are nothing, and zero once the query says so', () => {
  expect(read('errors-of-one-arm')).toEqual({ is: 'nothing', of: 'canary' })
  expect(read('errors-or-zero')).toEqual({ is: 'counts', canary: 0, baseline: 17.333333333333332 })
  expect(read('empty')).toEqual({ is: 'nothing', of: 'both arms' })
  expect(prometheusAnswer(answer([sample('canary', '3')]), TRACK)).toEqual({ is: 'nothing', of: 'baseline' })
})

test('0/0, x/0 and -x/0 are no numbers', () => {
  expect(read('nan')).toEqual({ is: 'not-a-number', of: 'canary', text: 'NaN' })
  expect(read('plus-inf')).toEqual({ is: 'not-a-number', of: 'canary', text: '+Inf' })
  const later = { ...TRACK, askedAt: 1795292253000 }
  expect(read('minus-inf', later)).toEqual({ is: 'not-a-number', of: 'canary', text: '-Inf' })
})

test.each(['', ' ', '0x10', '1,5', '1e999', 'Infinity', '12abc', '--1', 'null', '1_000'])(
  'the text "%s" is no number',
  (text) => {
    const body = answer([sample('canary', '3'), sample('baseline', text)])

    expect(prometheusAnswer(body, TRACK)).toEqual({ is: 'not-a-number', of: 'baseline', text })
  },
)

test('an answer of another moment is too old', () => {
  expect(read('increase', { ...TRACK, askedAt: TRACK.askedAt + 300_000 })).toEqual({ is: 'too-old', seconds: 300 })
  expect(read('increase', { ...TRACK, askedAt: TRACK.askedAt + 999 }).is).toBe('counts')
})

test('a refused query says why, one that could not be answered is unreachable', () => {
  expect(read('bad-query')).toMatchObject({ is: 'unusable', because: expect.stringContaining('parse error') })
  const failed = (errorType: string) => JSON.stringify({ status: 'error', errorType, error: 'x'.repeat(5000) })
  for (const type of ['timeout', 'canceled', 'unavailable', 'internal']) {
    const reading = prometheusAnswer(failed(type), TRACK)
    expect(reading.is).toBe('unreachable')
    expect(JSON.stringify(reading).length).toBeLessThan(300)
  }
  expect(prometheusAnswer(failed('execution'), TRACK).is).toBe('unusable')
})

test.each([
  ['another kind of result', recorded('scalar')],
  ['raw samples', recorded('matrix')],
  ['a sum over both arms', recorded('no-label')],
  ['an arm that nobody named', answer([sample('canary', '3'), sample('baseline', '9'), sample('primary', '9')])],
  ['two series of one arm', answer([sample('canary', '3'), sample('canary', '0'), sample('baseline', '9')])],
  ['two series of the baseline', answer([sample('canary', '3'), sample('baseline', '9'), sample('baseline', '9')])],
  ['data that may be missing', answer([sample('canary', '3'), sample('baseline', '9')], { warnings: ['store down'] })],
  ['a number where the API has text', answer([sample('canary', 3), sample('baseline', '9')])],
  ['a moment that is text', answer([sample('canary', '3', '1795292167'), sample('baseline', '9')])],
  ['a value too many', answer([{ metric: { track: 'canary' }, value: [1795292167, '3', '4'] }])],
  ['a histogram', answer([{ metric: { track: 'canary' }, histogram: [1795292167, {}] }])],
  ['a key that nobody knows', answer([], { partial: true })],
  ['no result', JSON.stringify({ status: 'success' })],
  ['null', 'null'],
  ['a page of a proxy', '<html>502 Bad Gateway</html>'],
  ['half an answer', recorded('increase').slice(0, 90)],
  ['silence', ''],
])('%s is never a count, and never an empty one', (_, body) => {
  expect(prometheusAnswer(body, TRACK).is).toBe('unusable')
})

test('hints of a newer Prometheus change nothing', () => {
  const body = answer([sample('canary', '3'), sample('baseline', '9')], { infos: ['name does not end in _total'] })

  expect(prometheusAnswer(body, TRACK)).toEqual({ is: 'counts', canary: 3, baseline: 9 })
})

test('a question that takes both arms for one is refused: the canary would be compared with itself', () => {
  expect(() => read('increase', { ...TRACK, baseline: 'canary' })).toThrow(RangeError)
  expect(() => read('no-label', { ...TRACK, canary: '' })).toThrow(RangeError)
})
