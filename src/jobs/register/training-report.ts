import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Parameters, parametersSchema } from '../../training/training-request.ts'
import { Wrong } from './complaints.ts'

const metricsSchema = z.record(z.string().min(1).max(64), z.number().nullable())

const reportSchema = z.object({
  parameters: parametersSchema.optional(),
  seed: z.int().min(0).optional(),
  validation: z.object({ rows: z.int().positive().optional(), metrics: metricsSchema }).optional(),
  compute: z
    .object({
      gpu: z.string().max(100).nullable().optional(),
      gpu_seconds: z.number().nonnegative().optional(),
      cost_usd: z.number().nonnegative().optional(),
    })
    .optional(),
})

/** What a training says of itself in a JSON file, as training/train.py of the example writes it. */
export type TrainingReport = z.infer<typeof reportSchema>

/**
 * Reads the file; a plain object of numbers is taken for the metrics alone.
 *
 * @throws {Wrong} when it is neither
 */
export async function readTrainingReport(path: string): Promise<TrainingReport> {
  const value = parsed(await readFile(path, 'utf8'))
  const flat = metricsSchema.safeParse(value)
  if (flat.success && Object.keys(flat.data).length > 0) return { validation: { metrics: flat.data } }
  const read = reportSchema.safeParse(value)
  if (read.success) return read.data
  const issues = read.error.issues.slice(0, 5).map(({ path: at, message }) => `${at.join('.')}: ${message}`)
  throw new Wrong(issues.join('; '), 'Write {"parameters", "seed", "validation": {"rows", "metrics"}, "compute"}.')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const isPython = /\b(NaN|Infinity)\b/.test(text)
    throw new Wrong(
      isPython ? 'is not JSON: NaN and Infinity are no numbers there' : `is not JSON: ${(error as Error).message}`,
      isPython ? 'Write null for a metric that does not exist.' : 'Write it by json.dump, for example.',
    )
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** A word as the scalar that it looks like: MLflow and command lines know only texts. */
export function scalarOf(word: string): Parameters[string] {
  if (NUMBER.test(word) && Number.isFinite(Number(word))) return Number(word)
  return /^(true|false)$/i.test(word) ? word.toLowerCase() === 'true' : word
}

/**
 * `learning_rate=0.01`, or a JSON file of parameters.
 *
 * @throws {Wrong}
 */
export async function parametersIn(given: string, pathOf: (path: string) => string): Promise<Parameters> {
  const [, name, word] = /^([^=/\\]+)=(.*)$/s.exec(given) ?? []
  const value = name === undefined ? parsed(await readFile(pathOf(given), 'utf8')) : { [name]: scalarOf(word ?? '') }
  const read = parametersSchema.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new Wrong(
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no parameter'}`,
    'Names are letters, digits, _ . and -; values are texts, numbers, true and false.',
  )
}
