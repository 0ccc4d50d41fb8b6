import { z } from 'zod'
import type { RequestDocument } from '../../ledger/training-fact.ts'
import { canonicalJson } from '../../registry/canonical-json.ts'
import type { Model } from '../../registry/model.ts'
import { digestSchema, nameSchema } from '../../registry/names.ts'
import { betterOf } from '../../statistics/metrics.ts'
import type { ParameterMistake } from '../parameters.ts'
import { parametersSchema } from '../training-request.ts'
import { MOST_SOBOL_DIMENSIONS } from './sobol.ts'
import { searchSpace } from './space.ts'

const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])
const dimensionSchema = z.union([
  z.strictObject({
    name: z.string().max(64),
    type: z.enum(['number', 'integer']),
    min: z.number(),
    max: z.number(),
    scale: z.enum(['linear', 'log']),
  }),
  z.strictObject({ name: z.string().max(64), type: z.literal('choice'), values: z.array(scalar).min(1).max(256) }),
])

/** All that a search needs beside what its trials answer; the ledger keeps it with the dispatch. */
const planSchema = z.strictObject({
  format: z.literal(1),
  model: nameSchema,
  search: z.enum(['random', 'sobol', 'halving']),
  trials: z.int().min(1).max(256),
  parallel: z.int().min(1).max(256),
  metric: z.string().max(64),
  better: z.enum(['higher', 'lower']),
  seed: z.int().min(0),
  dimensions: z.array(dimensionSchema).min(1).max(MOST_SOBOL_DIMENSIONS),
  fixed: parametersSchema,
  /** Successive halving keeps one of so many trials, and gives it so many times the epochs. */
  eta: z.int().min(2).max(10),
  resource: z.strictObject({ name: z.string().max(64), min: z.int().min(1), max: z.int().min(1) }).nullable(),
  /** The exam's digest, which no trial may be ranked on. */
  exam: digestSchema.nullable(),
  stop: z.strictObject({
    /** Good enough: the search ends there. */
    target: z.number().nullable(),
    /** No better by at least `min_delta` within so many trials: it ends too; null: never. */
    patience: z.int().min(1).nullable(),
    min_delta: z.number().min(0),
  }),
})
export type SearchPlan = z.infer<typeof planSchema>

/** What a command asks for, read. */
export interface SearchWish {
  readonly trials: number
  readonly parallel: number
  readonly metric: string
  readonly search: SearchPlan['search']
  /** Parameters that are held fixed, as written. */
  readonly words: ReadonlyMap<string, string>
  readonly seed: number
  readonly exam: string | null
  readonly stop?: Partial<SearchPlan['stop']>
}

export type PlanReading =
  | { readonly is: 'planned'; readonly plan: SearchPlan }
  | { readonly is: 'refused'; readonly mistakes: readonly ParameterMistake[] }

/** The plan goes into one line of the ledger, beside the request. */
const LONGEST_PLAN = 8000

/** The parameter that successive halving sets. */
const RESOURCE = 'epochs'
const ETA = 3

/**
 * A search over the space that model.yml declares.
 *
 * @returns every mistake at once
 */
export function planSearch(model: Model, wish: SearchWish): PlanReading {
  const declared = model.training?.parameters ?? {}
  const resource = wish.search === 'halving' ? RESOURCE : null
  const space = searchSpace(declared, wish.words, resource)
  const better = betterOf(wish.metric)
  const epochs = resource === null ? null : (declared[RESOURCE] ?? null)
  const mistakes = [
    ...(space.is === 'refused' ? space.mistakes : []),
    ...(better === 'higher' || better === 'lower' ? [] : [unranked(wish.metric)]),
    ...tooMany(wish.trials, model.training?.max_trials ?? 256),
    ...(resource === null || (epochs?.type === 'integer' && epochs.max !== undefined) ? [] : [noEpochs()]),
  ]
  if (space.is === 'refused' || mistakes.length > 0) return { is: 'refused', mistakes }
  const { dimensions, fixed } = space
  const plan = {
    format: 1,
    model: model.model,
    ...{ search: wish.search, trials: wish.trials, parallel: Math.min(wish.parallel, wish.trials) },
    ...{ metric: wish.metric, better, seed: wish.seed, dimensions, fixed, eta: ETA },
    resource: epochs === null ? null : { name: RESOURCE, min: Math.max(epochs.min ?? 1, 1), max: epochs.max },
    exam: wish.exam,
    stop: { target: null, patience: null, min_delta: 0, ...wish.stop },
  }
  const bytes = Buffer.byteLength(canonicalJson(plan))
  if (bytes > LONGEST_PLAN) return { is: 'refused', mistakes: [tooLarge(bytes)] }
  return { is: 'planned', plan: planSchema.parse(plan) }
}

function unranked(metric: string): ParameterMistake {
  const what = metric === '' ? 'is not named, and nothing else says it' : `${metric} does not say which trial is better`
  return { name: 'metric', what, mend: 'Name a metric such as roc_auc.' }
}

function tooMany(trials: number, most: number): readonly ParameterMistake[] {
  if (trials <= most) return []
  return [{ name: 'trials', what: `${trials} trials are asked for`, mend: `Ask for ${most} at most.` }]
}

function tooLarge(bytes: number): ParameterMistake {
  const mend = 'Hold some parameters fixed, or give them fewer and shorter values.'
  return { name: 'search', what: `the space takes ${bytes} bytes to write down; ${LONGEST_PLAN} at most`, mend }
}

function noEpochs(): ParameterMistake {
  const mend = `Declare ${RESOURCE}: {type: integer, max: ...} in model.yml, or search=random.`
  return { name: RESOURCE, what: 'successive halving needs it, with a max', mend }
}

/**
 * The plan in a ledger's line; null where there is none, or another version wrote it.
 *
 * @example planOf(null) // => null
 */
export function planOf(document: RequestDocument | null): SearchPlan | null {
  const read = planSchema.safeParse(document)
  return read.success ? read.data : null
}
