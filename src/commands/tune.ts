import { z } from 'zod'
import { modelName, parameters, runner, seed, wholeNumber } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

const DEFAULTS = { trials: 16, parallel: 4, search: 'random' } as const

export const tune = slashCommand({
  name: 'tune',
  about: 'Searches the space that model.yml declares, and opens one pull request with the winner.',
  arguments: {
    model: modelName,
    parameters: { ...parameters, about: 'parameters that are held fixed' },
    trials: {
      schema: wholeNumber(1, 256).optional(),
      shown: 'trials=...',
      about: `how many, 256 at most; ${DEFAULTS.trials} when left out`,
    },
    parallel: {
      schema: wholeNumber(1, 256).optional(),
      shown: 'parallel=...',
      about: `how many at once; ${DEFAULTS.parallel} when left out`,
    },
    metric: {
      schema: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be the name of a metric, such as roc_auc')
        .optional(),
      shown: 'metric=...',
      about:
        'what trials are ranked by, on validation data that is not the exam; the first of the policy when left out',
    },
    search: {
      schema: z.enum(['random', 'sobol', 'halving'], 'must be random, sobol or halving').optional(),
      shown: 'search=...',
      about: `random, sobol or halving; ${DEFAULTS.search} when left out`,
    },
    target: {
      schema: z
        .string()
        .regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'must be a number such as 0.91')
        .transform(Number)
        .optional(),
      shown: 'target=...',
      about: 'early stop: the metric that is good enough',
    },
    patience: {
      schema: wholeNumber(1, 256).optional(),
      shown: 'patience=...',
      about: 'early stop: so many trials without a better one',
    },
    runner,
    seed,
  },
  words: ['model'],
  rest: 'parameters',
  command: ({ model, parameters, trials, parallel, metric, search, target, patience, runner, seed }) => ({
    name: 'tune',
    model,
    trials: trials ?? DEFAULTS.trials,
    parallel: parallel ?? DEFAULTS.parallel,
    metric: metric ?? null,
    search: search ?? DEFAULTS.search,
    target: target ?? null,
    patience: patience ?? null,
    parameters: new Map(Object.entries(parameters)),
    runner: runner ?? null,
    seed: seed ?? null,
  }),
  may: { roles: ['trainer'], why: 'As for /train: it spends money on GPUs.' },
  place: { under: 'issue or pull request', openOnly: true, noForks: true },
  concerns: ({ model }) => [{ model, environment: null }],
  examples: ['/tune churn', '/tune churn trials=16 parallel=4 metric=roc_auc search=sobol patience=6'],
})
