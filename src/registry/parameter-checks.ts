import type { Say } from './cross-check.ts'
import type { DocumentPath } from './dotted-path.ts'
import type { Model, Parameter } from './model.ts'

const WORDS: Readonly<Record<Parameter['type'], string>> = {
  number: 'a number',
  integer: 'a whole number',
  category: 'one of the values',
  boolean: 'true or false',
  text: 'text',
}

/** Training parameters: each default is one that `/train` would take. */
export function checkParameters(model: Model, say: Say): void {
  for (const [name, parameter] of Object.entries(model.training?.parameters ?? {})) {
    checkParameter(['training', 'parameters', name], parameter, say)
  }
}

function checkParameter(at: DocumentPath, parameter: Parameter, say: Say): void {
  const { type, min, max, values, search, default: preset } = parameter
  if (min !== undefined && max !== undefined && min > max)
    say([...at, 'min'], `min ${min} is above max ${max}`, 'Swap them.')
  if (search === 'log' && (min ?? 0) <= 0) {
    say([...at, 'search'], 'a log search needs a min above 0', 'Give a min above 0, or search linear.')
  }
  if (preset === undefined) return
  if (!isOfType(preset, type)) {
    say([...at, 'default'], `the default ${JSON.stringify(preset)} is not ${WORDS[type]}`, `Write ${WORDS[type]}.`)
    return
  }
  if (typeof preset === 'number' && (preset < (min ?? -Infinity) || preset > (max ?? Infinity))) {
    say(
      [...at, 'default'],
      `the default ${preset} is outside ${min ?? '-∞'} to ${max ?? '∞'}`,
      'Widen the range, or move the default into it.',
    )
  }
  if (values !== undefined && !values.includes(preset)) {
    say(
      [...at, 'default'],
      `the default ${JSON.stringify(preset)} is none of values`,
      `Values here: ${values.join(', ')}.`,
    )
  }
}

function isOfType(value: string | number | boolean, type: Parameter['type']): boolean {
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'number') return typeof value === 'number'
  if (type === 'integer') return Number.isInteger(value)
  return type === 'category' || typeof value === 'string'
}
