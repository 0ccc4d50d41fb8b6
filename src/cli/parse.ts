import { isAbsolute, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { didYouMean } from '../registry/did-you-mean.ts'
import { type CommandInput, type CommandSpec, InvalidCommand, type OptionSpec } from './command.ts'
import type { Terminal } from './terminal.ts'

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  repo: { type: 'string', value: 'DIR', about: 'The repository; default: the folder this was called from.' },
  json: { type: 'boolean', about: 'One JSON document instead of text.' },
  help: { type: 'boolean', about: 'This help.' },
}

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/**
 * Reads a command's arguments.
 *
 * @throws {InvalidCommand} for an unknown option, a missing value or argument, one too many
 */
export function parseCommand(
  spec: CommandSpec,
  args: readonly string[],
  calledFrom: string,
  terminal: Terminal,
): CommandInput {
  const options = { ...spec.options, ...COMMON_OPTIONS }
  const { values, positionals } = read(spec, options, args)
  if (values.help !== true) {
    checkPositionals(spec, positionals)
    checkOptions(spec, options, values)
  }
  const repo = values.repo
  return {
    positionals,
    text: (name) => (typeof values[name] === 'string' ? (values[name] as string) : undefined),
    texts: (name) => (Array.isArray(values[name]) ? (values[name] as string[]) : []),
    flag: (name) => values[name] === true,
    folder: typeof repo === 'string' ? resolve(calledFrom, repo) : calledFrom,
    calledFrom,
    json: values.json === true,
    terminal,
  }
}

function read(
  spec: CommandSpec,
  options: Readonly<Record<string, OptionSpec>>,
  args: readonly string[],
): { values: Values; positionals: string[] } {
  const known = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { type: option.type, multiple: option.multiple === true }]),
  )
  for (const argument of args) {
    if (argument === '--') break
    const name = /^--([^=]+)/.exec(argument)?.[1]
    if (name !== undefined && known[name] === undefined) throw unknownOption(spec, name, Object.keys(options))
  }
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new InvalidCommand((cause as Error).message.split('. ')[0] ?? 'wrong arguments', usage(spec))
  }
}

function unknownOption(spec: CommandSpec, name: string, known: readonly string[]): InvalidCommand {
  const near = didYouMean(name, known)
  return new InvalidCommand(
    `unknown option --${name}`,
    `${near === null ? '' : `Did you mean --${near}? `}${usage(spec)}`,
  )
}

function checkPositionals(spec: CommandSpec, given: readonly string[]): void {
  const missing = spec.positionals.filter((one) => one.required)[given.length]
  if (missing !== undefined) throw new InvalidCommand(`<${missing.name}> is missing`, usage(spec))
  if (given.length > spec.positionals.length)
    throw new InvalidCommand(`"${given[spec.positionals.length]}" is one argument too many`, usage(spec))
}

function checkOptions(spec: CommandSpec, options: Readonly<Record<string, OptionSpec>>, values: Values): void {
  for (const [name, option] of Object.entries(options)) {
    const value = values[name]
    if (option.required === true && value === undefined)
      throw new InvalidCommand(`--${name} ${option.value ?? ''} is missing`.trim(), usage(spec))
    if (option.choices !== undefined && typeof value === 'string' && !option.choices.includes(value)) {
      const near = didYouMean(value, option.choices)
      throw new InvalidCommand(
        `--${name} cannot be "${value}"`,
        `${near === null ? '' : `Did you mean ${near}? `}Choices: ${option.choices.join(', ')}.`,
      )
    }
  }
}

/** `Usage: weighbridge check [--base REF] ...; --help explains.` */
export function usage(spec: CommandSpec): string {
  const words = spec.positionals.map((one) => (one.required ? `<${one.name}>` : `[${one.name}]`))
  const options = Object.entries(spec.options).map(([name, option]) => {
    const text = option.type === 'boolean' ? `--${name}` : `--${name} ${option.value ?? 'VALUE'}`
    return option.required === true ? text : `[${text}]`
  })
  return `Usage: weighbridge ${[spec.name, ...words, ...options].join(' ')}`
}

/** A path given on the command line, absolute. */
export function pathFrom(calledFrom: string, path: string): string {
  return isAbsolute(path) ? path : resolve(calledFrom, path)
}
