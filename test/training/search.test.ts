import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/registry/canonical-json.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { advanceSearch, beginSearch, type SearchState, withOutcomes } from '../../src/training/search/advance-search.ts'
import { drawTrials } from '../../src/training/search/draw-trials.ts'
import { parameterImportance } from '../../src/training/search/importance.ts'
import { bestSoFar, rankTrials, type TrialOutcome } from '../../src/training/search/rank-trials.ts'
import { rungsOf, searchSeconds } from '../../src/training/search/rungs.ts'
import { planOf, planSearch, type SearchPlan, type SearchWish } from '../../src/training/search/search-plan.ts'
import { sobolPoints } from '../../src/training/search/sobol.ts'
import { isInSpace, valueAt } from '../../src/training/search/space.ts'
import { trialOutcome } from '../../src/training/search/trial-outcome.ts'
import { parametersSchema } from '../../src/training/training-request.ts'
import { digest, MODEL, proposal, wish } from './training-world.ts'

const WISH: SearchWish = {
  trials: 16,
  parallel: 4,
  metric: 'roc_auc',
  search: 'random',
  words: new Map(),
  seed: 7,
  exam: digest('e'),
}
function planned(over: Partial<SearchWish> = {}): SearchPlan {
  const reading = planSearch(MODEL, { ...WISH, ...over })
  if (reading.is === 'refused') throw new Error(JSON.stringify(reading.mistakes))
  return reading.plan
}
const mistakesOf = (over: Partial<SearchWish>, model = MODEL) => {
  const reading = planSearch(model, { ...WISH, ...over })
  return reading.is === 'refused' ? reading.mistakes.map(({ name, what }) => `${name} ${what}`) : []
}
const done = (trial: number, value: number | null, over: Partial<TrialOutcome> = {}): TrialOutcome => ({
  ...{ trial, rung: 0, parameters: {}, status: 'done', value, validation: digest('a'), epochs: null },
  checkpoint: `s3://acme-models/registry/churn/checkpoints/${trial}`,
  ...over,
})

test('our Sobol points are those of scipy, in 16 dimensions, to the last bit', () => {
  const golden = JSON.parse(readFileSync(new URL('../fixtures/reference/sobol.json', import.meta.url), 'utf8'))
  expect(sobolPoints(16, 64)).toEqual(golden.points)
})

test('a shifted Sobol sequence still puts one point into each 64th of every dimension', () => {
  const draw = pcg32(7, 'shift')
  const points = sobolPoints(
    16,
    64,
    Array.from({ length: 16 }, () => draw.next()),
  )
  for (let dimension = 0; dimension < 16; dimension++)
    expect(new Set(points.map((point) => Math.floor((point[dimension] ?? 0) * 64))).size).toBe(64)
  expect(() => sobolPoints(17, 1)).toThrow('1 to 16 dimensions')
})

test('a space is what model.yml declares to be searched; all else is held fixed', () => {
  expect(planned({ words: new Map([['optimizer', 'sgd']]) })).toMatchObject({
    dimensions: [
      { name: 'learning_rate', type: 'number', min: 0.0001, max: 1, scale: 'log' },
      { name: 'depth', type: 'integer', min: 1, max: 8, scale: 'linear' },
    ],
    fixed: { epochs: 20, optimizer: 'sgd', warm: true },
    better: 'higher',
  })
})

test('what cannot be searched is refused, everything at once', () => {
  const parameters = {
    a: { type: 'number', search: 'linear', min: 0 },
    b: { type: 'category', search: 'linear' },
    c: { type: 'integer' },
  } as const
  const model = { ...MODEL, training: { parameters, max_trials: 8 } }
  expect(mistakesOf({ metric: 'selection_rate', search: 'halving' }, model)).toEqual([
    'c has no default and no value',
    'a cannot be searched without min and max',
    'b cannot be searched without values',
    'metric selection_rate does not say which trial is better',
    'trials 16 trials are asked for',
    'epochs successive halving needs it, with a max',
  ])
  const all = new Map([
    ['learning_rate', '0.1'],
    ['depth', '2'],
    ['optimizer', 'adam'],
  ])
  expect(mistakesOf({ words: all })).toEqual(['search nothing is left to search'])
  expect(mistakesOf({ search: 'halving', words: new Map([['epochs', '9']]) })).toEqual([
    'epochs successive halving sets it itself',
  ])
  expect(mistakesOf({ words: new Map([['depht', '2']]) })).toEqual(['depht model.yml declares no such parameter'])
})

test.each(['random', 'sobol', 'halving'] as const)(
  'trials of a %s search lie in the space, differ, and are the same for the same seed',
  (search) => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 64 }), (seed, trials) => {
        const plan = planned({ search, seed, trials })
        const drawn = drawTrials(plan)
        expect(drawn).toHaveLength(trials)
        expect(drawn.map(({ trial }) => trial)).toEqual(drawn.map((_, index) => index))
        expect(new Set(drawn.map(({ parameters }) => canonicalJson(parameters))).size).toBe(trials)
        for (const { parameters } of drawn) {
          expect(isInSpace(plan, parameters)).toBe(true)
          parametersSchema.parse(parameters)
        }
        expect(drawTrials(plan)).toEqual(drawn)
      }),
      { numRuns: 15 },
    )
    expect(drawTrials(planned({ search, seed: 1 }))).not.toEqual(drawTrials(planned({ search, seed: 2 })))
  },
)

test('a space with fewer points than trials is searched once, each point', () => {
  const words = new Map([
    ['learning_rate', '0.1'],
    ['depth', '3'],
  ])
  expect(
    drawTrials(planned({ words }))
      .map(({ parameters }) => parameters.optimizer)
      .sort(),
  ).toEqual(['adam', 'sgd'])
})

test('a range is filled evenly, in steps or in ratios, and whole numbers each as often', () => {
  const log = { name: 'x', type: 'number', min: 0.0001, max: 1, scale: 'log' } as const
  expect([0, 0.25, 0.5, 0.75].map((at) => valueAt(log, at))).toEqual([0.0001, 0.001, 0.01, 0.1])
  const whole = { name: 'x', type: 'integer', min: 1, max: 8, scale: 'linear' } as const
  const counts = Map.groupBy(
    Array.from({ length: 800 }, (_, at) => valueAt(whole, at / 800)),
    (value) => value,
  )
  expect([...counts].map(([value, some]) => [value, some.length])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((value) => [value, 100]),
  )
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1 - 2 ** -32, noNaN: true }), fc.boolean(), (at, isLog) => {
      const value = valueAt({ name: 'x', type: 'integer', min: 1, max: 1000, scale: isLog ? 'log' : 'linear' }, at)
      expect(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000).toBe(true)
    }),
  )
})

test('halving keeps a third of the trials at three times the epochs, up to all of them', () => {
  const plan = planned({ search: 'halving', trials: 27 })
  expect(plan).toMatchObject({ resource: { name: 'epochs', min: 1, max: 27 }, fixed: { warm: true } })
  expect(plan.fixed).not.toHaveProperty('epochs')
  expect(rungsOf(plan)).toEqual([
    { trials: 27, epochs: 1 },
    { trials: 9, epochs: 3 },
    { trials: 3, epochs: 9 },
    { trials: 1, epochs: 27 },
  ])
  expect(searchSeconds(plan, 10)).toBe(40 * 600)
  expect(rungsOf({ trials: 256, eta: 3, resource: { name: 'epochs', min: 5, max: 20 } })).toEqual([
    { trials: 256, epochs: 6 },
    { trials: 85, epochs: 20 },
  ])
})

test('the better trial is first; then fewer epochs, then the number; those without a value last', () => {
  const outcomes = [
    done(0, null),
    done(1, 0.9, { epochs: 9 }),
    done(2, 0.9, { epochs: 3 }),
    done(3, Number.NaN),
    done(4, 0.95, { status: 'failed' }),
    done(5, 0.91),
    done(6, 0.9, { epochs: 3 }),
  ]
  expect(rankTrials(outcomes, 'higher').map(({ trial }) => trial)).toEqual([5, 2, 6, 1, 0, 3, 4])
  expect(rankTrials(outcomes, 'lower').map(({ trial }) => trial)).toEqual([2, 6, 1, 5, 0, 3, 4])
  expect(rankTrials([...outcomes].reverse(), 'higher')).toEqual(rankTrials(outcomes, 'higher'))
})

/** A search whose trials answer as a function says; the state is thrown away and rebuilt after each rung. */
function play(plan: SearchPlan, answer: (trial: number, rung: number) => Partial<TrialOutcome>) {
  const told: (readonly TrialOutcome[])[] = []
  for (let turn = 0; turn < 20; turn++) {
    const state = told.reduce<SearchState>((before, some, rung) => withOutcomes(before, rung, some), beginSearch(plan))
    const step = advanceSearch(state)
    if (step.is !== 'dispatch') return { step, told }
    expect(step.rung).toBe(told.length)
    told.push(
      step.trials.map(({ trial, parameters, resume_from }) => {
        expect(resume_from === null).toBe(step.rung === 0)
        return done(trial, 0.5, { rung: step.rung, parameters, epochs: step.epochs, ...answer(trial, step.rung) })
      }),
    )
  }
  throw new Error('the search does not end')
}

test('a halving search goes on from checkpoints, and its winner is the best that was trained to the end', () => {
  const plan = planned({ search: 'halving', trials: 9 })
  // trial 8 is the best of few epochs, and falls behind later
  const { step, told } = play(plan, (trial, rung) => ({ value: trial === 8 && rung === 0 ? 1 : trial / 100 }))

  expect(told.map((some) => some.map(({ trial }) => trial))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8], [6, 7, 8], [8]])
  expect(told.map(([first]) => first?.parameters.epochs)).toEqual([3, 9, 27])
  expect(step).toMatchObject({ is: 'finished', winner: { trial: 8, rung: 2, parameters: { epochs: 27 } } })
})

test('after a restart a search is where it was, whatever it is told again', () => {
  const plan = planned({ trials: 3 })
  const begun = advanceSearch(beginSearch(plan))
  expect(begun).toEqual(advanceSearch(beginSearch(JSON.parse(JSON.stringify(planOf(plan as never))))))
  const some = [done(0, 0.8), done(1, null, { status: 'pending' }), done(2, 0.7)]
  const half = withOutcomes(beginSearch(plan), 0, some)
  expect(advanceSearch(half)).toEqual({ is: 'waiting', open: 1 })
  const whole = withOutcomes(half, 0, [...some.slice(0, 1), done(1, 0.9), done(2, 0.7)].reverse())
  expect(advanceSearch(whole)).toMatchObject({ is: 'finished', winner: { trial: 1 } })
  expect(withOutcomes(whole, 0, whole.rungs[0] ?? [])).toEqual(whole)
  expect(() => withOutcomes(beginSearch(plan), 1, [])).toThrow('no rung 0 before it')
})

test('no trial is ever chosen by the exam, nor by rows that others were not measured on', () => {
  const stopped = (validation: (trial: number) => string | null) =>
    play(planned({ trials: 4 }), (trial) => ({ validation: validation(trial) })).step
  expect(stopped(() => digest('e'))).toEqual({
    is: 'stopped',
    because: 'the validation data is the exam, which no trial may be chosen by',
    winner: null,
  })
  expect(stopped((trial) => digest(trial === 3 ? 'b' : 'a'))).toMatchObject({
    because: 'trials were measured on different validation data',
  })
  expect(stopped((trial) => (trial === 0 ? null : digest('a')))).toMatchObject({ winner: null })
})

test('a search in which nothing answered has no winner', () => {
  expect(play(planned({ trials: 4 }), () => ({ status: 'failed', value: null })).step).toEqual({
    is: 'stopped',
    because: 'no trial of rung 0 answered roc_auc',
    winner: null,
  })
})

test('a rung that failed leaves the winner of the one before', () => {
  const plan = planned({ search: 'halving', trials: 9 })
  const { step } = play(plan, (trial, rung) => (rung === 0 ? { value: trial / 10 } : { status: 'failed' }))
  expect(step).toMatchObject({ is: 'stopped', winner: { trial: 8, rung: 0 } })
})

test('a search ends early when it is good enough, or no better for long', () => {
  const values = [0.7, 0.9, 0.91, 0.9, 0.905, 0.8]
  const state = (stop: Partial<SearchPlan['stop']>, count: number) =>
    withOutcomes(
      beginSearch(planned({ trials: 8, stop })),
      0,
      Array.from({ length: 8 }, (_, trial) =>
        trial < count ? done(trial, values[trial] ?? 0) : done(trial, null, { status: 'pending' }),
      ),
    )
  expect(advanceSearch(state({ target: 0.9 }, 1))).toMatchObject({ is: 'waiting', open: 7 })
  expect(advanceSearch(state({ target: 0.9 }, 2))).toMatchObject({
    is: 'stopped',
    because: 'roc_auc 0.9 reaches 0.9',
    winner: { trial: 1 },
  })
  expect(advanceSearch(state({ patience: 3, min_delta: 0.02 }, 4))).toMatchObject({ is: 'waiting' })
  expect(advanceSearch(state({ patience: 3, min_delta: 0.02 }, 5))).toMatchObject({
    is: 'stopped',
    because: 'the last 3 trials brought roc_auc no further than 0.9',
    winner: { trial: 2 },
  })
  expect(advanceSearch(state({ patience: 3, min_delta: 0 }, 5))).toMatchObject({ is: 'waiting' })
})

test('whatever trials answer, a search ends, and its winner is the best of its rung', () => {
  const anyAnswer = fc.record({
    status: fc.constantFrom('done' as const, 'done' as const, 'failed' as const),
    value: fc.option(fc.constantFrom(0.5, 0.6, 0.7, Number.NaN)),
  })
  fc.assert(
    fc.property(
      fc.constantFrom('random' as const, 'halving' as const),
      fc.integer({ min: 1, max: 30 }),
      fc.array(anyAnswer, { minLength: 7, maxLength: 7 }),
      (search, trials, answers) => {
        const { step, told } = play(planned({ search, trials }), (trial, rung) => answers[(trial + rung) % 7] ?? {})
        if (step.is === 'waiting') throw new Error('it has not ended')
        if (step.winner === null) return
        const { rung, value } = step.winner
        const best = Math.max(
          ...(told[rung] ?? []).flatMap((one) =>
            one.status === 'done' && one.value !== null && !Number.isNaN(one.value) ? [one.value] : [],
          ),
        )
        expect(value).toBe(best)
      },
    ),
    { numRuns: 60 },
  )
})

test('the page shows how the best value grew', () => {
  expect(
    bestSoFar([done(0, null), done(1, 0.8), done(2, 0.7), done(3, 0.9)], 'higher').map(({ best }) => best),
  ).toEqual([null, 0.8, 0.8, 0.9])
  expect(bestSoFar([done(0, 0.8), done(1, 0.7)], 'lower').map(({ best }) => best)).toEqual([0.8, 0.7])
})

test('a parameter that decides all has a share near 1, one that does nothing a share near 0', () => {
  const plan = planned({ trials: 64, search: 'sobol' })
  const outcomes = drawTrials(plan).map(({ trial, parameters }) =>
    done(trial, parameters.optimizer === 'sgd' ? 0.9 : 0.6, { parameters }),
  )
  const importance = parameterImportance(plan.dimensions, outcomes)
  expect(importance[0]).toEqual({ name: 'optimizer', share: 1 })
  expect(importance.slice(1).every(({ share }) => share !== null && share < 0.15)).toBe(true)
  expect(parameterImportance(plan.dimensions, outcomes.slice(0, 7)).every(({ share }) => share === null)).toBe(true)

  const smooth = drawTrials(plan).map(({ trial, parameters }) =>
    done(trial, Math.log(Number(parameters.learning_rate)), { parameters }),
  )
  expect(parameterImportance(plan.dimensions, smooth)[0]).toMatchObject({
    name: 'learning_rate',
    share: expect.closeTo(0.94, 1),
  })
})

test('a trial is what its proposal says, when it answers what it was asked', () => {
  const { format, correlation, attempt, model, sha, runner, limit_minutes, checkpoints } = wish(1).request
  const shared = { format, correlation, attempt, model, sha, runner, limit_minutes, checkpoints }
  const trial = { trial: 3, parameters: { epochs: 9, depth: 2 }, seed: 7, resume_from: null }
  const request = { ...shared, command: 'tune' as const, rung: 1, metric: 'roc_auc', parallel: 1, trials: [trial] }
  const said = proposal({ trial: 3, parameters: { depth: 2, epochs: 9 }, checkpoint: `${checkpoints}3/9.pt` })
  const of = (one: unknown) => trialOutcome(request, trial, { is: 'proposed', proposal: one })

  expect(of(said)).toEqual({
    ...{ trial: 3, rung: 1, parameters: trial.parameters, status: 'done', value: 0.91, validation: digest('a') },
    ...{ epochs: 9, checkpoint: `${checkpoints}3/9.pt` },
  })
  for (const other of [
    { seed: 8 },
    { trial: 2 },
    { parameters: { epochs: 9 } },
    { model: 'fraud' },
    { correlation: null },
  ])
    expect(of({ ...said, ...other })).toMatchObject({ status: 'failed', value: null, checkpoint: null })
  expect(of({ ...said, checkpoint: 's3://acme-models/registry/fraud/checkpoints/x' })).toMatchObject({
    status: 'done',
    checkpoint: null,
  })
  expect(of({ ...said, validation: null })).toMatchObject({ status: 'done', value: null })
  expect(of('not a proposal')).toMatchObject({ status: 'failed' })
  expect(trialOutcome(request, trial, { is: 'pending' })).toMatchObject({ status: 'pending', value: null })
})
