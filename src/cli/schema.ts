import { fileKinds } from '../jobs/file-kinds.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { FileKind } from '../registry/file-kind.ts'
import { jsonSchemaOf } from '../registry/json-schema.ts'
import { scenarioKind } from '../world/sim/scenario-kind.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'

/** Of a registry, and of what `weighbridge sim` plays. */
const KINDS: readonly FileKind<unknown>[] = [...fileKinds, scenarioKind as FileKind<unknown>]

/** Prints the JSON Schema of one file kind. */
export async function run({ positionals, terminal }: CommandInput): Promise<number> {
  const name = positionals[0] ?? ''
  const kind = KINDS.find((one) => one.name === name)
  if (kind === undefined) {
    const known = KINDS.map((one) => one.name)
    throw new InvalidCommand(`there is no file kind "${name}"`, suggest(name, known, 'Kinds'))
  }
  terminal.document(jsonSchemaOf(kind))
  return EXIT.passed
}
