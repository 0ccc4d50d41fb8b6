import type { OptionSpec } from '../cli/command.ts'
import type { ActionCommand } from './action-command.ts'
import { OWN_INPUTS, type OwnInput } from './own-inputs.ts'

/** One input as action.yml declares it. */
export interface ActionInput {
  readonly name: string
  readonly about: string
  /** Names of the commands that take it; empty for all. */
  readonly commands: readonly string[]
  readonly required: boolean
  readonly default: string | null
}

/** Every input, each once: those that all commands take, then by command. */
export function actionInputs(commands: readonly ActionCommand[]): readonly ActionInput[] {
  const names = new Set(commands.flatMap(({ inputs }) => Object.keys(inputs)))
  const own = Object.entries(OWN_INPUTS).map(([name, input]) => ownInput(name, input, commands))
  return [...own, ...[...names].map((name) => shared(name, commands))]
}

function ownInput(name: string, input: OwnInput, commands: readonly ActionCommand[]): ActionInput {
  const choices = name === 'command' ? commands.map((one) => one.name) : (input.choices ?? [])
  const about = aboutOf({ ...input, ...(choices.length > 0 && { choices }) })
  return { name, about, commands: [], required: input.required === true, default: input.default ?? null }
}

/** Where commands mean different things by one name, each says what. */
function shared(name: string, commands: readonly ActionCommand[]): ActionInput {
  const taking = commands.filter(({ inputs }) => Object.hasOwn(inputs, name))
  const meanings = new Map<string, string[]>()
  for (const { name: command, inputs } of taking) {
    const about = aboutOf(inputs[name] as OptionSpec)
    meanings.set(about, [...(meanings.get(about) ?? []), command])
  }
  const about = [...meanings].map(([text, by]) => `${by.join(', ')}: ${text}`).join(' ')
  return { name, about, commands: taking.map((one) => one.name), required: false, default: null }
}

function aboutOf({ about, type, multiple, choices = [], required }: OptionSpec): string {
  // a step has no options to be repeated, but lines
  const text = multiple === true ? `${about.replace(/;? may be repeated\./, '.')} One a line.` : about
  return [
    required === true ? `${text} Required.` : text,
    ...(type === 'boolean' ? ['true or false.'] : []),
    ...(choices.length > 0 ? [`One of ${choices.join(', ')}.`] : []),
  ].join(' ')
}
