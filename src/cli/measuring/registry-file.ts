import { readFile, stat } from 'node:fs/promises'
import { type FileKind, readFile as readRegistryFile } from '../../registry/file-kind.ts'
import { type CommandInput, InvalidCommand, InvalidRecord } from '../command.ts'
import { pathFrom } from '../parse.ts'

const MAX_BYTES = 1_000_000

/**
 * A model or a version record in the file that an option names; where it stands in a registry does not matter here.
 *
 * @returns undefined when the option is not given
 * @throws {InvalidCommand} when there is no such file
 * @throws {InvalidRecord} with all of its mistakes
 */
export async function registryFile<T>(
  input: CommandInput,
  option: string,
  { name, about, schema }: FileKind<T>,
): Promise<T | undefined> {
  const called = input.text(option)
  if (called === undefined) return undefined
  const path = pathFrom(input.calledFrom, called)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile())
    throw new InvalidCommand(`--${option}: there is no file ${called}`, `Name the file of a ${name}.`)
  if (found.size > MAX_BYTES)
    throw new InvalidCommand(
      `--${option}: ${called} has ${found.size} bytes, too many for a ${name}`,
      `Name the file of a ${name}.`,
    )
  const reading = readRegistryFile({ name, about, schema }, called, await readFile(path, 'utf8'))
  if (!reading.ok) throw new InvalidRecord(reading.mistakes)
  return reading.value
}
