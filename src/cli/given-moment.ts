import { statedMs } from '../commands/moment.ts'
import { type CommandInput, InvalidCommand } from './command.ts'

/**
 * The moment that an option names: a day, which begins at 00:00 UTC, or a moment with its zone. Without one it would be
 * another moment on every machine.
 *
 * @returns ISO 8601 in UTC; undefined when the option is not given
 * @throws {InvalidCommand} for any other text
 */
export function givenMoment(input: Pick<CommandInput, 'text'>, option: string): string | undefined {
  const text = input.text(option)
  if (text === undefined) return undefined
  const at = statedMs(text)
  if (at !== null) return new Date(at).toISOString()
  throw new InvalidCommand(
    `--${option} cannot be "${text}"`,
    'Write a day, or a moment with its zone, such as 2026-11-18T10:00:00Z.',
  )
}
