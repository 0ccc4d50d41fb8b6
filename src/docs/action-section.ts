import type { ActionCommand } from '../action/action-command.ts'
import { ACTION_OUTPUTS, COMMON_OUTPUTS } from '../action/action-outputs.ts'
import { OWN_INPUTS } from '../action/own-inputs.ts'
import { markdownTable } from './markdown-table.ts'

/**
 * The Action: a workflow that weighs, its commands with inputs and outputs, and what every command takes and sets.
 *
 * @param example  the workflow as `init --example` writes it; what it says before its name stands in the text
 */
export function actionSection(commands: readonly ActionCommand[], example: string): string {
  const workflow = example.replace(/^(?:#.*\n)+/, '').trimEnd()
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
  const set = COMMON_OUTPUTS.map((name) => `${code(name)} (${plain(lowered(ACTION_OUTPUTS[name] ?? ''))})`).join(', ')
  return `\`\`\`yaml\n${workflow}\n\`\`\`\n\n${table}\n\nEvery command takes ${own} and sets ${set}. **Bold** inputs are required.`
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

function lowered(text: string): string {
  return text.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/\.$/, '')
}

function code(text: string): string {
  return `\`${text}\``
}

function plain(text: string): string {
  return text.replace(/[|*]/g, '\\$&').replace(/<(?=[a-z])/g, '\\<')
}
