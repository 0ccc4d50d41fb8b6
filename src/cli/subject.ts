import { suggest } from '../registry/did-you-mean.ts'
import { NAME, VERSION } from '../registry/names.ts'
import { InvalidCommand } from './command.ts'

/** What a command is about: a model, or one version of it. */
export interface Subject {
  readonly model: string
  readonly version: string | null
}

/**
 * Reads `churn` or `churn@1.4.0`.
 *
 * @throws {InvalidCommand} for any other text
 */
export function parseSubject(text: string): Subject {
  const [model = '', version, ...more] = text.split('@')
  if (!NAME.test(model) || more.length > 0)
    throw new InvalidCommand(`"${text}" names no model`, 'Write model or model@version, such as churn@1.4.0.')
  if (version !== undefined && !VERSION.test(version))
    throw new InvalidCommand(`"${version}" is no version`, 'Write a semantic version, such as churn@1.4.0.')
  return { model, version: version ?? null }
}

/**
 * Reads `churn@1.4.0`, where a model alone says too little.
 *
 * @throws {InvalidCommand} for any other text
 */
export function versionSubject(text: string): { readonly model: string; readonly version: string } {
  const { model, version } = parseSubject(text)
  if (version === null) throw new InvalidCommand(`${model} names no version`, `Write ${model}@1.0.0, for example.`)
  return { model, version }
}

/**
 * Reads `churn`, where a version says too much.
 *
 * @param command  that takes it, for the message
 * @throws {InvalidCommand} for any other text
 */
export function modelSubject(command: string, text: string): string {
  const { model, version } = parseSubject(text)
  if (version === null) return model
  throw new InvalidCommand(`${command} takes a model, not ${model}@${version}`, `Write ${model}.`)
}

/** There is no such model, and which there are. @param paths  of the files below `models` */
export function unknownModel(model: string, paths: readonly string[]): InvalidCommand {
  const known = [...new Set(paths.flatMap((path) => /^models\/([^/]+)\/model\.yml$/.exec(path)?.[1] ?? []))]
  return new InvalidCommand(`there is no model "${model}" here`, suggest(model, known, 'Models'))
}
