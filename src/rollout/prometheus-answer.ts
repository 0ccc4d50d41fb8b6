import { z } from 'zod'
import type { Arm, Reading } from './reading.ts'

/** What was asked: an instant query at a stated time whose result tells the arms apart by one label. */
export interface Question {
  /** The label that names the arm, `track`. */
  readonly label: string
  /** The label's value for each arm. */
  readonly canary: string
  readonly baseline: string
  /** The query's `time`, milliseconds since 1970. */
  readonly askedAt: number
}

/** How far the time of an answer may lie from the time that was asked for. */
const TOLERATED_MS = 1_000

/** The longest piece of a foreign message that is passed on. */
const MOST_CHARACTERS = 200

const sampleSchema = z.strictObject({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]),
})
const vectorSchema = z.strictObject({
  status: z.literal('success'),
  data: z.strictObject({ resultType: z.literal('vector'), result: z.array(sampleSchema) }),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
})
const errorSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() })

/** Errors of the moment; every other one is of the query. */
const PASSING = ['timeout', 'canceled', 'unavailable', 'internal']

type Sample = z.infer<typeof sampleSchema>

/**
 * What an answer of Prometheus says about both arms.
 *
 * Strict: another kind of result, a warning (part of the data may be missing), an arm that nobody named, two series of
 * one arm or a value that is no number make the whole answer unusable.
 *
 * @param body  the answer's text, of any status
 * @throws {RangeError} when the question does not tell the arms apart
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 * @example prometheusAnswer('{"status":"success","data":{"resultType":"vector","result":[]}}', { label: 'track', canary: 'canary', baseline: 'stable', askedAt: 0 }) // => { is: 'nothing', of: 'both arms' }
 */
export function prometheusAnswer(body: string, question: Question): Reading {
  requireArms(question)
  const json = parsed(body)
  const failure = errorSchema.safeParse(json)
  if (failure.success) return refusal(failure.data)
  const answer = vectorSchema.safeParse(json)
  if (!answer.success) return unusable('the answer is no instant vector of the Prometheus API')
  const [warning] = answer.data.warnings ?? []
  if (warning !== undefined) return unusable(`the answer may be incomplete: ${warning}`)
  return readVector(answer.data.data.result, question)
}

function requireArms({ label, canary, baseline }: Question): void {
  if (label !== '' && canary !== '' && baseline !== '' && canary !== baseline) return
  throw new RangeError(`the arms are ${label}="${canary}" and ${label}="${baseline}"; they need a label and two values`)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function refusal({ errorType, error }: z.infer<typeof errorSchema>): Reading {
  const because = `Prometheus says ${errorType}: ${error}`
  return PASSING.includes(errorType)
    ? { is: 'unreachable', because: because.slice(0, MOST_CHARACTERS) }
    : unusable(because)
}

function readVector(samples: readonly Sample[], question: Question): Reading {
  const { label, canary, baseline } = question
  const stranger = samples.find(({ metric }) => ![canary, baseline].includes(metric[label] ?? ''))
  if (stranger !== undefined) {
    return unusable(
      `a series has ${label}="${stranger.metric[label] ?? ''}"; the arms are "${canary}" and "${baseline}"`,
    )
  }
  const late = samples.map(({ value: [seconds] }) => Math.abs(seconds * 1000 - question.askedAt))
  const worst = Math.max(0, ...late)
  if (worst > TOLERATED_MS) return { is: 'too-old', seconds: Math.round(worst / 1000) }
  return readArms(
    samples.filter(({ metric }) => metric[label] === canary),
    samples.filter(({ metric }) => metric[label] === baseline),
    label,
  )
}

function readArms(canaries: readonly Sample[], baselines: readonly Sample[], label: string): Reading {
  if (canaries.length > 1 || baselines.length > 1) return unusable(`an arm has several series; sum by (${label}) them`)
  const [canary, baseline] = [canaries[0]?.value[1], baselines[0]?.value[1]]
  if (canary === undefined && baseline === undefined) return { is: 'nothing', of: 'both arms' }
  if (canary === undefined) return { is: 'nothing', of: 'canary' }
  if (baseline === undefined) return { is: 'nothing', of: 'baseline' }
  return (
    undefinedNumber('canary', canary) ??
    undefinedNumber('baseline', baseline) ?? { is: 'counts', canary: Number(canary), baseline: Number(baseline) }
  )
}

function undefinedNumber(of: Arm, text: string): Reading | null {
  if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))) return null
  return { is: 'not-a-number', of, text: text.slice(0, MOST_CHARACTERS) }
}

function unusable(because: string): Reading {
  return { is: 'unusable', because: because.slice(0, MOST_CHARACTERS) }
}
