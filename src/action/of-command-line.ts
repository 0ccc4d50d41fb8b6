import type { CommandSpec, OptionSpec } from '../cli/command.ts'
import type { ActionCommand } from './action-command.ts'

export interface OfCommandLine {
  /** Options that make no sense in a step. */
  readonly without?: readonly string[]
  /** What options mean in a step, where that is another thing. */
  readonly meaning?: Readonly<Record<string, string>>
  /** Input that stands for the command's one argument. */
  readonly argument?: string
  readonly needsNative: boolean
  readonly outputs: readonly string[]
  readonly load: ActionCommand['load']
}

/** A command of the command line as a command of the Action: its options are the inputs. */
export function ofCommandLine(spec: CommandSpec, more: OfCommandLine): ActionCommand {
  const { without = [], meaning = {}, argument, ...rest } = more
  const options = Object.entries(spec.options)
    .filter(([name]) => !without.includes(name))
    .map(([name, option]) => [name, { ...option, about: meaning[name] ?? option.about }] as const)
  return {
    name: spec.name,
    about: spec.about,
    inputs: { ...(argument === undefined ? {} : argumentInput(spec, argument)), ...Object.fromEntries(options) },
    ...rest,
  }
}

function argumentInput({ positionals }: CommandSpec, name: string): Readonly<Record<string, OptionSpec>> {
  const [first] = positionals
  if (first === undefined) throw new RangeError(`input ${name} stands for an argument that is not there`)
  return { [name]: { type: 'string', value: first.name, required: first.required, about: `Which one: ${first.name}.` } }
}
