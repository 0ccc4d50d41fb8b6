import { listRegistry, type ModelRow } from '../jobs/list-registry.ts'
import { type CommandInput, EXIT } from './command.ts'
import { openRegistryAt } from './registry-at.ts'
import { table } from './table.ts'

/** Models, how many versions each has, and what each environment serves. */
export async function run(input: CommandInput): Promise<number> {
  const { terminal, json } = input
  const at = await openRegistryAt(input)
  const { snapshot } = at
  terminal.progress('reading the registry')
  const { models, environments } = await listRegistry(snapshot, at.models.snapshot)
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
