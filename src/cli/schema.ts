import { fileKinds } from '../jobs/file-kinds.ts'
import { suggest } from '../registry/did-you-mean.ts'
import { jsonSchemaOf } from '../registry/json-schema.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'

/** Prints the JSON Schema of one file kind. */
export async function run({ positionals, terminal }: CommandInput): Promise<number> {
  const name = positionals[0] ?? ''
  const kind = fileKinds.find((one) => one.name === name)
  if (kind === undefined) {
    const known = fileKinds.map((one) => one.name)
    throw new InvalidCommand(`there is no file kind "${name}"`, suggest(name, known, 'Kinds'))
  }
  terminal.document(jsonSchemaOf(kind))
  return EXIT.passed
}
