import { wrapped } from '../report/wrap.ts'
import type { CommandSpec, OptionSpec } from './command.ts'
import { COMMANDS } from './commands.ts'
import { COMMON_OPTIONS, optionText, usage } from './parse.ts'

/** The overview: every command with what it does. */
export function overview(engine: string, columns: number): string {
  return [
    `${engine}: weighs machine-learning models before they reach production.`,
    '',
    'Usage: weighbridge <command> [options]',
    '',
    ...listed(
      COMMANDS.map(({ name, about }) => ({ left: name, about })),
      columns,
    ),
    '',
    'weighbridge <command> --help explains one. Every command takes --repo DIR and --json.',
    'Exit codes: 0 passed, 1 held, 2 bad input, 3 could not decide.',
  ].join('\n')
}

/** One command's help. */
export function helpOf(spec: CommandSpec, columns: number): string {
  return [
    ...wrapped(spec.about, columns),
    '',
    ...wrapped(usage(spec), columns, '', 2),
    '',
    ...optionLines({ ...spec.options, ...COMMON_OPTIONS }, columns),
    ...(spec.examples.length === 0 ? [] : ['', 'Examples:', ...spec.examples.map((example) => `  ${example}`)]),
  ].join('\n')
}

/** The help of some commands as data. */
export function helpDocument(engine: string, specs: readonly CommandSpec[]): object {
  const commands = specs.map(({ name, about, positionals, options, examples }) => ({
    name,
    about,
    arguments: positionals,
    options: { ...options, ...COMMON_OPTIONS },
    examples,
  }))
  return { schema: 'weighbridge.help/v1', engine, commands }
}

function optionLines(options: Readonly<Record<string, OptionSpec>>, columns: number): readonly string[] {
  const rows = Object.entries(options).map(([name, option]) => {
    const choices = option.choices === undefined ? '' : ` One of ${option.choices.join(', ')}.`
    return { left: optionText(name, option), about: `${option.about}${choices}` }
  })
  return listed(rows, columns)
}

function listed(
  rows: readonly { readonly left: string; readonly about: string }[],
  columns: number,
): readonly string[] {
  const width = Math.max(...rows.map((row) => row.left.length))
  return rows.flatMap(({ left, about }) => wrapped(about, columns, `  ${left.padEnd(width)}  `))
}
