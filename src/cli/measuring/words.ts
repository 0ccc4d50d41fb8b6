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
  throw new InvalidCommand(
    `--${option} cannot be "${text}"`,
    `Give a whole number ${most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`}.`,
  )
}

/** The names of an option, divided by commas, each once; none where it is not given. */
export function namesOf(input: CommandInput, option: string): readonly string[] {
  const text = input.text(option)
  if (text === undefined) return []
  const names = text.split(',').map((name) => name.trim())
  if (!names.includes('') && new Set(names).size === names.length) return names
  throw new InvalidCommand(
    `--${option} cannot be "${text}"`,
    'Write each name once, divided by single commas: age,plan.',
  )
}
