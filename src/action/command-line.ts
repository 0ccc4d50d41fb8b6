import type { CommandSpec } from '../cli/command.ts'
import { COMMANDS } from '../cli/commands.ts'

/** A command of the command line, by its name. */
export function commandLine(name: string): CommandSpec {
  const spec = COMMANDS.find((one) => one.name === name)
  if (spec === undefined) throw new RangeError(`the command line has no ${name}`)
  return spec
}
