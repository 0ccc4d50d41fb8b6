import { isAbsolute, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { didYouMean, suggest } from '../registry/did-you-mean.ts'
import { type CommandInput, type CommandSpec, InvalidCommand, type OptionSpec, type PositionalSpec } from './command.ts'
import type { Terminal } from './terminal.ts'

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  repo: { type: 'string', value: 'DIR', about: 'The repository; default: the folder this was called from.' },
  json: { type: 'boolean', about: 'One JSON document instead of text.' },
  help: { type: 'boolean', short: 'h', about: 'This help.' },
}

type Options = Readonly<Record<string, OptionSpec>>
type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/**
 * Reads a command's arguments.
 *
 * @throws {InvalidCommand} for an unknown option, a missing, empty or second value, a missing argument, one too many
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
    for (const [name, option] of Object.entries(options)) checkOption(spec, name, option, values[name])
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
  options: Options,
  args: readonly string[],
): { readonly values: Values; readonly positionals: readonly string[] } {
  const known = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple = false }]) => [
      name,
      { type, multiple, ...(short !== undefined && { short }) },
    ]),
  )
  const config = { args: [...args], options: known, allowPositionals: true, tokens: true } as const
  for (const token of parseArgs({ ...config, strict: false }).tokens)
    if (token.kind === 'option' && !Object.hasOwn(known, token.name)) throw unknownOption(spec, token.rawName, options)
  try {
    const { values, positionals, tokens } = parseArgs({ ...config, strict: true })
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    const twice = given.find((name, at) => given.indexOf(name) < at && options[name]?.multiple !== true)
    if (twice !== undefined) throw new InvalidCommand(`--${twice} is given twice`, 'Give it once.')
    return { values, positionals }
  } catch (cause) {
    if (cause instanceof InvalidCommand) throw cause
    throw new InvalidCommand((cause as Error).message.split(/\. |\n/)[0] ?? 'wrong arguments', usageAndHelp(spec))
  }
}

function unknownOption(spec: CommandSpec, rawName: string, options: Options): InvalidCommand {
  const near = didYouMean(rawName, Object.keys(options))
  return new InvalidCommand(
    `unknown option ${rawName}`,
    `${near === null ? '' : `Did you mean --${near}? `}${usageAndHelp(spec)}`,
  )
}

function checkPositionals(spec: CommandSpec, given: readonly string[]): void {
  const missing = spec.positionals.filter((one) => one.required)[given.length]
  if (missing !== undefined) throw new InvalidCommand(`<${missing.name}> is missing`, usageAndHelp(spec))
  const isMany = spec.positionals.at(-1)?.isMany === true
  if (given.length > spec.positionals.length && !isMany)
    throw new InvalidCommand(`"${given[spec.positionals.length]}" is one argument too many`, usageAndHelp(spec))
}

function checkOption(spec: CommandSpec, name: string, option: OptionSpec, value: Values[string]): void {
  if (option.required === true && value === undefined)
    throw new InvalidCommand(`--${name} ${option.value ?? ''} is missing`, usageAndHelp(spec))
  if ([value].flat().includes(''))
    throw new InvalidCommand(`--${name} is empty`, `Give it a ${option.value ?? 'VALUE'}, or leave it out.`)
  if (option.choices !== undefined && typeof value === 'string' && !option.choices.includes(value))
    throw new InvalidCommand(`--${name} cannot be "${value}"`, suggest(value, option.choices, 'Choices'))
}

/** `<name>`, `[name]` where it may be left out, `<name ...>` where there may be several. */
export function positionalText({ name, required, isMany }: PositionalSpec): string {
  const words = isMany === true ? `${name} ...` : name
  return required ? `<${words}>` : `[${words}]`
}

/** More would hide what is needed. */
const MOST_IN_USAGE = 7

/** `Usage: weighbridge check [--base REF] ...`; many that may be left out are one word, and stand in the help. */
export function usage(spec: CommandSpec): string {
  const all = Object.entries(spec.options)
  const textsOf = (isRequired: boolean) =>
    all.filter(([, { required = false }]) => required === isRequired).map(([name, one]) => optionText(name, one))
  const left = textsOf(false)
  const others = left.length > MOST_IN_USAGE ? ['[options]'] : left.map((text) => `[${text}]`)
  return `Usage: weighbridge ${[spec.name, ...spec.positionals.map(positionalText), ...textsOf(true), ...others].join(' ')}`
}

function usageAndHelp(spec: CommandSpec): string {
  return `${usage(spec)}; --help says more.`
}

/** `--base REF`. */
export function optionText(name: string, option: OptionSpec): string {
  return option.type === 'boolean' ? `--${name}` : `--${name} ${option.value ?? 'VALUE'}`
}

/** A path given on the command line, absolute. */
export function pathFrom(calledFrom: string, path: string): string {
  return isAbsolute(path) ? path : resolve(calledFrom, path)
}
