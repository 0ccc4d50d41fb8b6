import { describe, expect, test } from 'vitest'
import { candidateBody } from '../../src/report/candidate-body.ts'
import { pageHtml } from '../../src/report/page/page-html.ts'
import { type SearchFacts, searchMarkdown, searchPage } from '../../src/report/search-page.ts'
import { parameterImportance } from '../../src/training/search/importance.ts'
import { bestSoFar, rankTrials, type TrialOutcome } from '../../src/training/search/rank-trials.ts'
import type { SearchPlan } from '../../src/training/search/search-plan.ts'
import { recordFile } from '../policy/weighing.ts'
import { HOSTILE } from './hostile.ts'

/** Nine trials over a rate and an optimizer, of which the third failed; the second rung went on with three. */
function searched(values: readonly string[] = ['adam', 'sgd']): SearchFacts {
  const plan: SearchPlan = {
    ...{ format: 1, model: 'churn', search: 'halving', trials: 9, parallel: 4, metric: 'roc_auc', better: 'higher' },
    ...{ seed: 7, fixed: {}, eta: 3, resource: { name: 'epochs', min: 1, max: 9 }, exam: null },
    dimensions: [
      { name: 'rate', type: 'number', min: 0.001, max: 1, scale: 'log' },
      { name: 'optimizer', type: 'choice', values: [...values] },
    ],
    stop: { target: null, patience: null, min_delta: 0 },
  }
  const outcome = (trial: number, rung: number): TrialOutcome => ({
    ...{ trial, rung, epochs: 3 ** (rung + 1), validation: null, checkpoint: null },
    parameters: { rate: 10 ** (-trial / 3), optimizer: values[trial % values.length] ?? '', epochs: 3 ** (rung + 1) },
    status: trial === 2 ? 'failed' : 'done',
    value: trial === 2 ? null : 0.8 + trial / 100 + rung / 20,
  })
  const outcomes = [Array.from({ length: 9 }, (_, trial) => outcome(trial, 0)), [6, 7, 8].map((one) => outcome(one, 1))]
  const ranked = outcomes.toReversed().flatMap((rung) => rankTrials(rung, plan.better))
  return {
    ...{ correlation: 'wb-0123456789abcdef0123', plan, outcomes, ranked, winner: ranked[0] ?? null },
    best: bestSoFar(outcomes.flat(), plan.better),
    importance: parameterImportance(plan.dimensions, outcomes[0] ?? []),
  }
}

describe('the page of a search', () => {
  const page = searchPage(searched())
  const plots = page.parts.flatMap((part) => (part.kind === 'plot' ? [part] : []))

  test('shows how the best grew, which parameters mattered, parallel coordinates, and every trial', () => {
    expect(page.parts.map(({ title }) => title)).toEqual([
      'Best so far',
      'Which parameters mattered',
      'Parallel coordinates',
      'All trials',
    ])
    expect(page.lead).toContain('Trial 8 won with roc_auc 0.93.')
    expect(page.parts.at(-1)).toMatchObject({ rows: { length: 12 } })
    expect(page.warnings).toMatchObject([{ message: '1 of 12 trials answered nothing.' }])
    expect(pageHtml(page)).toContain('<svg')
  })

  test('draws each trial once a rung, from the least to the most of each axis, and a failed one not at all', () => {
    const drawn = plots[2]?.plot
    const series = drawn?.type === 'lines' ? drawn.series : []
    expect(series).toHaveLength(11)
    expect(new Set(series.map(({ name }) => name)).size).toBe(11)
    for (const { points } of series) {
      expect(points).toHaveLength(4)
      expect(points.every(([, place]) => place !== null && place >= 0 && place <= 1)).toBe(true)
    }
    expect(series[0]?.points.at(-1)).toEqual([4, 1])
  })
})

/** Without what GitHub leaves alone. */
const prose = (markdown: string) =>
  markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')

test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
  '%j as a value is text, in one cell',
  (_, text) => {
    const { record } = recordFile('1.4.0', { labels: { note: text }, training: { parameters: { optimizer: text } } })
    const body = candidateBody({
      ...{ record, recordText: `labels: ${text}\n`, parent: recordFile('1.3.0').record, numbered: text, took: text },
      comparison: { is: 'absent', because: text },
      run: { url: 'RUN', correlation: 'wb-0123456789abcdef0123' },
      ...{ askedAt: 'COMMENT', environments: ['production'], search: searchMarkdown(searched([text, 'sgd'])) },
    })
    const plain = prose(body)
    expect(plain).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d|\bGHSA-|:\/\/|www\.|:[a-z+][a-z0-9_+-]*:|\$/i)
    expect(plain.match(/(?<!\\)\]\(/g)).toHaveLength(2)
    expect(plain).not.toMatch(/(?<!\\)<[a-z!/?]/i)
    const rows = body.split('\n').filter((line) => line.startsWith('| '))
    const cells = rows.map((row) => [...row.replace(/\\[\s\S]/g, '').matchAll(/\|/g)].length - 1)
    expect(new Set(cells)).toEqual(new Set([5, 3]))
  },
)
