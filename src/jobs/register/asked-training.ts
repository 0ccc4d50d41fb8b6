import { readFile } from 'node:fs/promises'
import { type Parameters, type TrainingRequest, trainingRequestSchema } from '../../training/training-request.ts'
import { Wrong } from './complaints.ts'
import type { RegisterAsk } from './registration.ts'

/** What the app asked this job for. */
export interface AskedTraining {
  readonly request: TrainingRequest
  readonly trial: number | null
  readonly parameters: Parameters
  readonly seed: number
}

/**
 * The request that this job answers, and of a search the trial.
 *
 * @returns null when register is called by hand
 * @throws {Wrong} when it is no request, is for another model, or names no such trial
 */
export async function askedTraining({ request: given, trial, model }: RegisterAsk): Promise<AskedTraining | null> {
  if (given === null) {
    if (trial !== null) throw new Wrong('--trial says which trial of a request', 'Give --request, too.')
    return null
  }
  const request = requestIn(given.trimStart().startsWith('{') ? given : await readFile(given, 'utf8'))
  if (request.model !== model)
    throw new Wrong(`is for ${request.model}, not ${model}`, `Give --model ${request.model}.`)
  if (request.command === 'train') {
    if (trial !== null) throw new Wrong('asks for one training, without trials', 'Leave --trial out.')
    return { request, trial: null, parameters: request.parameters, seed: request.seed }
  }
  const numbers = request.trials.map((one) => one.trial)
  const asked = request.trials.find((one) => String(one.trial) === trial)
  if (asked === undefined)
    throw new Wrong(
      trial === null ? 'asks for trials, and none is named' : `has no trial ${trial}`,
      `Give --trial, one of ${numbers.slice(0, 20).join(', ')}.`,
    )
  return { request, trial: asked.trial, parameters: asked.parameters, seed: asked.seed }
}

function requestIn(text: string): TrainingRequest {
  const read = trainingRequestSchema.safeParse(parsed(text))
  if (read.success) return read.data
  const issues = read.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new Wrong(
    `is no request of the app: ${issues.join('; ')}`,
    'Pass on the input `request` of the workflow as it is.',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Wrong('is not JSON', 'Pass on the input `request` of the workflow as it is.')
  }
}
