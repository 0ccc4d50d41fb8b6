import { z } from 'zod'
import type { FileKind } from './file-kind.ts'

const HOME = 'https://weighbridge.dev/schema'

/**
 * The JSON Schema of a file kind, for editors: what `weighbridge schema <kind>` prints.
 *
 * Draft 7, which yaml-language-server reads in full. Checks between fields are not in it; `validate` makes them.
 *
 * @example jsonSchemaOf(recordKind)['$id'] // => 'https://weighbridge.dev/schema/version.json'
 */
export function jsonSchemaOf(kind: FileKind<unknown>): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(kind.schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' })
  return {
    $schema,
    $id: `${HOME}/${kind.name}.json`,
    title: `Weighbridge ${kind.name}`,
    description: kind.about,
    ...schema,
  }
}
