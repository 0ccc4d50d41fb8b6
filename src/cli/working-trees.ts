import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { isDirty, writeEdit } from '../adapters/checkout/edit-file.ts'
import { workingTree } from '../adapters/checkout/working-tree.ts'
import type { Snapshot } from '../ports.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { readFile } from '../registry/file-kind.ts'
import { configurationKind } from '../registry/file-kinds.ts'
import { unifiedDiff } from '../report/unified-diff.ts'
import { type CommandInput, InvalidCommand } from './command.ts'
import { checkoutOfModels } from './registry-at.ts'

/** The files as they lie on disk, committed or not: where edits are made. */
export interface WorkingTrees {
  readonly checkout: Checkout
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models: { readonly checkout: Checkout; readonly snapshot: Snapshot } | null
}

/** The working tree that a command is about, and that of --registry where the configuration names another repository. */
export async function openWorkingTrees(input: CommandInput): Promise<WorkingTrees> {
  const checkout = await openCheckout(input.folder)
  const snapshot = workingTree(checkout.root)
  const elsewhere = await registryNamedBy(snapshot)
  if (elsewhere === null) return { checkout, snapshot, models: null }
  const models = await checkoutOfModels(input, elsewhere)
  return { checkout, snapshot, models: { checkout: models, snapshot: workingTree(models.root) } }
}

async function registryNamedBy(snapshot: Snapshot): Promise<string | null> {
  const file = (await snapshot.read([CONFIGURATION_PATH])).get(CONFIGURATION_PATH)
  if (file === undefined) return null
  const reading = readFile(configurationKind, CONFIGURATION_PATH, new TextDecoder().decode(file.bytes))
  return reading.ok ? (reading.value.registry?.repository ?? null) : null
}

/** One edited file of a working tree. */
export interface TreeEdit {
  readonly path: string
  readonly before: string
  readonly after: string
}

/**
 * Writes an edit, or only shows it; what nobody has committed is not written over.
 *
 * @returns the diff, line by line
 */
export async function makeEdit(input: CommandInput, { root }: Checkout, edit: TreeEdit): Promise<readonly string[]> {
  const diff = unifiedDiff(edit.path, edit.before, edit.after)
  if (input.flag('dry-run')) return diff
  if (await isDirty(root, edit.path))
    throw new InvalidCommand(
      `${edit.path} holds changes that are not committed`,
      'Commit them or put them aside (git stash), or look at the edit with --dry-run.',
    )
  await writeEdit(root, edit)
  return diff
}

/** A diff as Git colours it. */
export function printDiff({ terminal }: CommandInput, diff: readonly string[]): void {
  for (const line of diff) {
    const isHeading = line.startsWith('---') || line.startsWith('+++')
    const colour = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : null
    terminal.line(isHeading ? terminal.style('bold', line) : colour === null ? line : terminal.style(colour, line))
  }
}
