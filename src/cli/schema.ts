import { fileKinds } from '../jobs/file-kinds.ts'
import { didYouMean } from '../registry/did-you-mean.ts'
import { jsonSchemaOf } from '../registry/json-schema.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'

/** Prints the JSON Schema of one file kind. */
export async function run({ positionals, terminal }: CommandInput): Promise<number> {
  const name = positionals[0] ?? ''
  const kind = fileKinds.find((one) => one.name === name)
  if (kind === undefined) {
    const known = fileKinds.map((one) => one.name)
    const near = didYouMean(name, known)
    throw new InvalidCommand(
      `there is no file kind "${name}"`,
      `${near === null ? '' : `Did you mean ${near}? `}Kinds: ${known.join(', ')}.`,
    )
  }
  terminal.line(JSON.stringify(jsonSchemaOf(kind), null, 2))
  return EXIT.passed
}
