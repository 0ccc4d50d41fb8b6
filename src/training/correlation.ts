import { causeOf } from '../ledger/cause.ts'
import { modelPrefix } from '../registry/store-prefix.ts'

/**
 * The id of all that one command starts: the same however often the command is done again.
 *
 * @param effect  `causeOf('comment', [comment, line])`: `sha256:` and 64 hexadecimal digits
 * @example correlationOf(`sha256:${'0123456789abcdef'.repeat(4)}`) // => 'wb-0123456789abcdef0123'
 */
export function correlationOf(effect: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(effect)) throw new RangeError(`correlation: ${effect} is no digest of a cause`)
  return `wb-${effect.slice(7, 27)}`
}

/** One dispatch of a correlation. */
export interface DispatchName {
  readonly correlation: string
  readonly attempt: number
}

/**
 * A dispatch as the workflow's input `correlation`, its run's title and its concurrency group name it.
 *
 * @example dispatchTag({ correlation: 'wb-0123456789abcdef0123', attempt: 2 }) // => 'wb-0123456789abcdef0123.2'
 */
export function dispatchTag({ correlation, attempt }: DispatchName): string {
  return `${correlation}.${attempt}`
}

/**
 * Which dispatch the title of a run names, whoever started it: its last word.
 *
 * @returns null for a title that names none
 * @example dispatchInTitle('train churn wb-0123456789abcdef0123.2') // => { correlation: 'wb-0123456789abcdef0123', attempt: 2 }
 * @example dispatchInTitle('wb-0123456789abcdef0123.2 and more') // => null
 */
export function dispatchInTitle(title: string): DispatchName | null {
  const [, correlation, attempt] = /(?:^| )(wb-[0-9a-f]{20})\.([1-9]\d{0,3})$/.exec(title) ?? []
  return correlation === undefined ? null : { correlation, attempt: Number(attempt) }
}

/**
 * Branch of the candidate pull request.
 *
 * @example candidateBranch('churn', '1.5.0') // => 'weighbridge/candidate/churn-1.5.0'
 */
export function candidateBranch(model: string, version: string): string {
  return `weighbridge/candidate/${model}-${version}`
}

/**
 * Cause of the ledger's `dispatched`, `ended` and `registered` lines of a dispatch: each kind once.
 *
 * @example dispatchCause({ correlation: 'wb-0123456789abcdef0123', attempt: 1 }) === dispatchCause({ correlation: 'wb-0123456789abcdef0123', attempt: 1 }) // => true
 */
export function dispatchCause({ correlation, attempt }: DispatchName): string {
  return causeOf('training', [correlation, attempt])
}

/**
 * Where every attempt of a correlation keeps its checkpoints.
 *
 * @param artifacts  `store.artifacts` of the configuration
 * @example checkpointsBelow('s3://acme-models/registry', 'churn', 'wb-0123456789abcdef0123') // => 's3://acme-models/registry/churn/checkpoints/wb-0123456789abcdef0123/'
 */
export function checkpointsBelow(artifacts: string, model: string, correlation: string): string {
  return `${modelPrefix(artifacts, model)}checkpoints/${correlation}/`
}
