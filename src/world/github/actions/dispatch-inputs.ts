import { Refusal } from '../github-state.ts'
import { listOf, mapOf, textOf, type WrittenMap } from './written.ts'

/** A workflow is started with at most this much text. */
const MOST_CHARACTERS = 65_535

/**
 * What a workflow gets: what it was given, else its defaults, each as its type.
 *
 * @throws {Refusal} 422 for inputs that are not declared, required and missing, or none of what they may be
 */
export function dispatchInputs(
  trigger: WrittenMap,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const declared = mapOf(trigger.inputs)
  const unknown = Object.keys(given).filter((name) => !(name in declared))
  if (unknown.length > 0) throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`)
  if (JSON.stringify(given).length > MOST_CHARACTERS) throw new Refusal(422, 'inputs are too large.')
  return Object.fromEntries(
    Object.entries(declared).map(([name, written]) => [name, inputOf(name, mapOf(written), given[name])]),
  )
}

function inputOf(name: string, { type = 'string', required, options, ...rest }: WrittenMap, given: unknown): unknown {
  const isGiven = given !== undefined && given !== null && given !== ''
  if (!isGiven && required === true && rest.default === undefined)
    throw new Refusal(422, `Required input '${name}' not provided`)
  const value = isGiven ? given : rest.default
  if (type === 'boolean') return booleanOf(name, value ?? false)
  if (type === 'number') return numberOf(name, value ?? 0)
  const text = String(value ?? '')
  const choices = listOf(options).map((one) => textOf(one) ?? '')
  if (type !== 'choice') return text
  if (isGiven && !choices.includes(text))
    throw new Refusal(422, `Provided value '${text}' for input '${name}' not in the list of allowed values`)
  return text === '' ? (choices[0] ?? '') : text
}

function booleanOf(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Refusal(422, `Provided value '${String(value)}' for input '${name}' not one of 'true' or 'false'`)
}

function numberOf(name: string, value: unknown): number {
  const number = Number(value)
  if (!Number.isFinite(number))
    throw new Refusal(422, `Provided value '${String(value)}' for input '${name}' is no number`)
  return number
}
