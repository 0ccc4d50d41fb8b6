import { listRegistry, type ModelRow } from '../jobs/list-registry.ts'
import { type CommandInput, EXIT } from './command.ts'
import { openRepository } from './open-repository.ts'

/** Models, how many versions each has, and what each environment serves. */
export async function run(input: CommandInput): Promise<number> {
  const { terminal, json } = input
  const snapshot = await openRepository(input)
  terminal.progress('reading the registry')
  const { models, environments } = await listRegistry(snapshot)
  if (json) terminal.document({ schema: 'weighbridge.list/v1', ref: snapshot.sha, models })
  else if (models.length === 0) terminal.line('No models here. Start with: weighbridge init')
  else
    for (const line of table(
      ['model', 'versions', 'latest', ...environments],
      models.map((row) => cells(row, environments)),
    ))
      terminal.line(line)
  return EXIT.passed
}

function cells(row: ModelRow, environments: readonly string[]): readonly string[] {
  return [row.model, String(row.versions), row.latest ?? 'none', ...environments.map((name) => row.serves[name] ?? '')]
}

/** Columns padded to their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = header.map((cell, index) => Math.max(cell.length, ...rows.map((row) => (row[index] ?? '').length)))
  return [header, ...rows].map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
