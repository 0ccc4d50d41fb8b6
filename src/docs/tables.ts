import { z } from 'zod'
import type { SettingVariable } from '../app/settings-variables.ts'
import type { CommandSpec } from '../cli/command.ts'
import { positionalText } from '../cli/parse.ts'
import { type SlashCommand, usageOf } from '../commands/slash-command.ts'
import type { Gate } from '../gates/gate.ts'
import type { FileKind } from '../registry/file-kind.ts'
import type { DisparityDefinition } from '../statistics/disparities.ts'
import type { Metric } from '../statistics/metrics.ts'
import { markdownTable } from './markdown-table.ts'

/** Every gate: what it checks, and when it is asked. */
export function gateTable(gates: readonly Gate[]): string {
  return markdownTable(
    ['gate', 'asks', 'when'],
    gates.map((gate) => [code(gate.name), plain(gate.about), whenAsked(gate)]),
  )
}

function whenAsked({ always, needsGitHub }: Gate): string {
  if (needsGitHub) return 'on GitHub; `not_asked` in a checkout'
  return always ? 'always' : 'when a policy declares it'
}

/** What may be written under a gate: each key of its rule with its description. */
export function ruleTable(gates: readonly Gate[]): string {
  return markdownTable(
    ['gate', 'key', 'means'],
    gates.flatMap((gate) =>
      keysOf(gate).map(({ key, about, required }, index) => [
        index === 0 ? `${code(gate.name)}${gate.shape === 'list' ? ' (list)' : ''}` : '',
        `${code(key)}${required ? ' (required)' : ''}`,
        plain(about),
      ]),
    ),
  )
}

interface RuleKey {
  readonly key: string
  readonly about: string
  readonly required: boolean
}

function keysOf(gate: Gate): readonly RuleKey[] {
  const schema = z.toJSONSchema(gate.rule, { target: 'draft-7', io: 'input', unrepresentable: 'any' })
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const { description = '', enum: values, const: only } = property as z.core.JSONSchema.BaseSchema
    const choices = only === undefined ? values : [only]
    return { key, about: [description, choicesText(choices)].filter(Boolean).join(' '), required: required.has(key) }
  })
}

function choicesText(values: readonly unknown[] | undefined): string {
  const list = values?.map((value) => code(String(value))) ?? []
  return list.length > 1 ? `One of ${list.join(', ')}.` : list.map((only) => `Only ${only}.`).join('')
}

/** Every command with its arguments and one way to call it. */
export function commandTable(commands: readonly CommandSpec[]): string {
  return markdownTable(
    ['command', 'does', 'for example'],
    commands.map(({ name, positionals, about, examples }) => [
      code([name, ...positionals.map(positionalText)].join(' ')),
      plain(about),
      code(examples.at(-1) ?? ''),
    ]),
  )
}

/** Every slash command: what it does, who may and where. */
export function slashCommandTable(commands: readonly SlashCommand[]): string {
  return markdownTable(
    ['command', 'does', 'who may', 'under', 'for example'],
    commands.map((command) => [
      code(usageOf(command)),
      plain(command.about),
      plain(whoMay(command.may)),
      plain(whereIt(command.place)),
      code(command.examples.at(-1) ?? ''),
    ]),
  )
}

function whoMay({ roles = [], permission, rolesOfPolicy, notAuthor }: SlashCommand['may']): string {
  const named = roles.length === 0 ? [] : [`role ${roles.join(', ')}`]
  const policy = rolesOfPolicy === true ? ['the role that the policy names'] : []
  const base = permission === undefined ? [] : [`${permission} permission`]
  return `${[...named, ...policy, ...base].join(', or ')}${notAuthor === true ? '; never the author' : ''}`
}

function whereIt({ under, openOnly, noForks }: SlashCommand['place']): string {
  const place = under === 'governed' ? 'a pull request into a governed branch' : under
  return [place, ...(openOnly ? ['open'] : []), ...(noForks === true ? ['no fork'] : [])].join(', ')
}

/** Every metric: what it is, what is better, and how its intervals are made. */
export function metricTable(metrics: readonly Metric[]): string {
  return markdownTable(
    ['metric', 'task', 'better', 'means', 'interval', 'of a difference'],
    metrics.map(({ name, tasks, better, about, methods, gateable }) => [
      code(name),
      tasks.join(', '),
      gateable ? better : 'shown only',
      plain(about),
      methods.one ?? 'none',
      methods.difference,
    ]),
  )
}

/** Every disparity: what it compares, and what is best. */
export function disparityTable(disparities: readonly DisparityDefinition[]): string {
  return markdownTable(
    ['disparity', 'task', 'best', 'means'],
    disparities.map(({ name, task, better, about, gateable }) => [
      code(name),
      task,
      gateable ? better : 'shown only',
      plain(about),
    ]),
  )
}

/** Every kind of file of ours. */
export function fileKindTable(kinds: readonly FileKind<unknown>[]): string {
  return markdownTable(
    ['kind', 'is', 'its JSON Schema'],
    kinds.map(({ name, about }) => [code(name), plain(about), code(`weighbridge schema ${name}`)]),
  )
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}

/** Our own prose in a cell: only what would end the cell or start an emphasis is escaped. */
function plain(text: string): string {
  return text.replace(/[|*]/g, '\\$&').replace(/<(?=[a-z])/g, '\\<')
}

/** What the app may do on GitHub, why, and which events come by each permission. */
export function permissionTable(
  permissions: Readonly<Record<string, readonly [level: string, why: string]>>,
  deliveredWith: Readonly<Record<string, string>>,
): string {
  return markdownTable(
    ['permission', 'level', 'for', 'events'],
    Object.entries(permissions).map(([name, [level, why]]) => [
      code(name),
      level,
      plain(why),
      Object.entries(deliveredWith)
        .flatMap(([event, permission]) => (permission === name ? [code(event)] : []))
        .join(', '),
    ]),
  )
}

/** The environment of `weighbridge serve`. */
export function settingTable(variables: readonly SettingVariable[]): string {
  return markdownTable(
    ['variable', 'means'],
    variables.map(({ name, about }) => [code(name), about]),
  )
}
