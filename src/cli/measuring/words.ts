import { type CommandInput, InvalidCommand } from '../command.ts'

interface Range {
  readonly least: number
  readonly most: number
}

/** The whole number of an option; undefined where it is not given. */
export function wholeNumber(input: CommandInput, option: string, range: Range): number | undefined {
  const text = input.text(option)
  return text === undefined ? undefined : parsed(option, text, range)
}

/** The whole numbers of an option, divided by commas. */
export function wholeNumbers(input: CommandInput, option: string, range: Range): readonly number[] | undefined {
  return input
    .text(option)
    ?.split(',')
    .map((text) => parsed(option, text.trim(), range))
}

function parsed(option: string, text: string, { least, most }: Range): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new InvalidCommand(`--${option} cannot be "${text}"`, `Give a whole number from ${least} to ${most}.`)
}

/** The names of an option, divided by commas; none where it is not given. */
export function namesOf(input: CommandInput, option: string): readonly string[] {
  const text = input.text(option)
  if (text === undefined) return []
  const list = text.split(',').map((name) => name.trim())
  if (!list.includes('')) return list
  throw new InvalidCommand(`--${option} has an empty name: "${text}"`, 'Divide names by single commas.')
}
