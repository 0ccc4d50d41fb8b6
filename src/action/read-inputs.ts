import { z } from 'zod'
import { InvalidCommand, type OptionSpec } from '../cli/command.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { ActionCommand } from './action-command.ts'
import type { AskedCommand } from './asked-command.ts'
import { FAIL_ON, OWN_INPUTS } from './own-inputs.ts'

const inputsSchema = z.record(z.string(), z.string())

/**
 * What a step asks for, out of `toJSON(inputs)`: every input there is, empty where nothing was given.
 *
 * @throws {InvalidCommand} for an unknown command, an input that it does not take, a missing one, a value that can't be
 */
export function readInputs(json: string | undefined, commands: readonly ActionCommand[]): AskedCommand {
  const given = givenInputs(json)
  const command = commandOf(given.get('command'), commands)
  const inputs = new Map<string, readonly string[]>()
  for (const [name, value] of given) {
    const spec = specOf(name, command, commands)
    if (spec !== null) inputs.set(name, valuesOf(name, value, spec))
  }
  const missing = Object.entries(command.inputs).find(([name, { required }]) => required === true && !inputs.has(name))
  if (missing !== undefined)
    throw new InvalidCommand(`command ${command.name} needs the input ${missing[0]}`, missing[1].about)
  const failOn = FAIL_ON.find((one) => one === (given.get('fail-on') ?? 'undecided'))
  if (failOn === undefined)
    throw new InvalidCommand(
      `fail-on cannot be "${given.get('fail-on')}"`,
      suggest(given.get('fail-on') ?? '', FAIL_ON, 'Choices'),
    )
  return { name: command.name, inputs, token: given.get('token') ?? '', failOn }
}

/** Names in small letters, as GitHub takes them in any; what is empty was not given. */
function givenInputs(json: string | undefined): ReadonlyMap<string, string> {
  const read = inputsSchema.safeParse(parsed(json ?? ''))
  if (!read.success)
    throw new InvalidCommand('the inputs cannot be read', 'The Action is called by a workflow: uses: .../action@...')
  const all = Object.entries(read.data).map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
  return new Map(all.filter(([, value]) => value !== ''))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function commandOf(name: string | undefined, commands: readonly ActionCommand[]): ActionCommand {
  const names = commands.map((one) => one.name)
  if (name === undefined) throw new InvalidCommand('the input command is missing', `Commands: ${names.join(', ')}.`)
  const found = commands.find((one) => one.name === name)
  if (found === undefined) throw new InvalidCommand(`there is no command "${name}"`, suggest(name, names, 'Commands'))
  return found
}

/** null for what every command takes and reads apart. */
function specOf(name: string, command: ActionCommand, commands: readonly ActionCommand[]): OptionSpec | null {
  if (Object.hasOwn(command.inputs, name)) return command.inputs[name] ?? null
  if (name === 'repo') return OWN_INPUTS.repo ?? null
  if (Object.hasOwn(OWN_INPUTS, name)) return null
  const others = commands.filter(({ inputs }) => Object.hasOwn(inputs, name)).map((one) => one.name)
  const whose = others.length === 0 ? 'there is no input' : `only ${others.join(', ')} takes the input`
  throw new InvalidCommand(
    `command ${command.name}: ${whose} ${name}`,
    suggest(name, [...Object.keys(command.inputs), ...Object.keys(OWN_INPUTS)], 'Inputs'),
  )
}

function valuesOf(name: string, value: string, { type, multiple, choices }: OptionSpec): readonly string[] {
  if (type === 'boolean') return /^(true|false)$/i.test(value) ? [value.toLowerCase()] : refuseFlag(name, value)
  if (choices !== undefined && !choices.includes(value))
    throw new InvalidCommand(`input ${name} cannot be "${value}"`, suggest(value, choices, 'Choices'))
  if (multiple !== true) return [value]
  return value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function refuseFlag(name: string, value: string): never {
  throw new InvalidCommand(`input ${name} cannot be "${value}"`, 'Write true or false.')
}
