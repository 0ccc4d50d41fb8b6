import type { ActionCommand } from '../action/action-command.ts'
import { ACTION_OUTPUTS, COMMON_OUTPUTS } from '../action/action-outputs.ts'
import { OWN_INPUTS } from '../action/own-inputs.ts'
import { markdownTable } from './markdown-table.ts'

/** A workflow to copy. It begins with a comment, whose first line says what it is for. */
export interface ExampleWorkflow {
  readonly name: string
  readonly text: string
}

/** The Action: workflows to copy, its commands with inputs and outputs, and what outputs mean. */
export function actionSection(commands: readonly ActionCommand[], examples: readonly ExampleWorkflow[]): string {
  const table = markdownTable(
    ['command', 'does', 'inputs', 'outputs'],
    commands.map(({ name, about, inputs, outputs, needsNative }) => [
      code(name),
      `${plain(about)}${needsNative ? '' : ' Installs nothing native.'}`,
      inputNames(inputs),
      outputs.map(code).join(', '),
    ]),
  )
  const own = Object.keys(OWN_INPUTS).map(code).join(', ')
  const set = COMMON_OUTPUTS.map(code).join(' and ')
  const meanings = markdownTable(
    ['output', 'is'],
    Object.entries(ACTION_OUTPUTS).map(([name, about]) => [code(name), plain(about)]),
  )
  const every = `**Bold** inputs are required. Every command takes ${own}, and sets ${set}:`
  return [...examples.map(exampleBlock), table, every, meanings].join('\n\n')
}

/** The file below its name and what it is for; what else its comment says stands in the text. */
function exampleBlock({ name, text }: ExampleWorkflow): string {
  const [about = ''] = /(?<=^# ).+/.exec(text) ?? []
  const workflow = text.replace(/^(?:#.*\n)+/, '').trimEnd()
  return `${code(name)}: ${plain(about)}\n\n\`\`\`yaml\n${workflow}\n\`\`\``
}

/** Required ones first and in bold. */
function inputNames(inputs: ActionCommand['inputs']): string {
  const isRequired = ([, { required }]: [string, { readonly required?: boolean }]) => required === true
  const all = Object.entries(inputs)
  const named = [
    ...all.filter(isRequired).map(([name]) => `**${code(name)}**`),
    ...all.filter((one) => !isRequired(one)).map(([name]) => code(name)),
  ]
  return named.join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}

function plain(text: string): string {
  return text.replace(/[|*]/g, '\\$&').replace(/<(?=[a-z])/g, '\\<')
}
