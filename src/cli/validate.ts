import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openCheckout } from '../adapters/checkout/checkout.ts'
import { workingTree } from '../adapters/checkout/working-tree.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { seldomRules } from '../jobs/seldom-rules.ts'
import { validateRegistry } from '../jobs/validate-registry.ts'
import type { Snapshot } from '../ports.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { inTextOrder } from '../registry/file-kind.ts'
import { type Mistake, printMistake } from '../registry/mistake.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { localEvidence } from './local-evidence.ts'
import { pathFrom } from './parse.ts'

/** Prints every mistake of the working tree; 0 when there are none (warnings too), else 2. */
export async function run(input: CommandInput): Promise<number> {
  const { folder, json, terminal } = input
  terminal.progress('reading the registry')
  const root = registryAbove(folder)
  const validation = await validateRegistry(workingTree(root), shippedPolicies(), modelsGiven(input))
  const { files } = validation
  const mistakes = [...validation.mistakes, ...(await seldomIn(root))].sort(inTextOrder)
  const errors = mistakes.filter((mistake) => mistake.severity === 'error').length
  const warnings = mistakes.length - errors
  if (json) terminal.document({ schema: 'weighbridge.validation/v1', files, errors, warnings, mistakes })
  else {
    for (const mistake of mistakes) {
      const mark = mistake.severity === 'warning' ? terminal.style('yellow', 'warning ') : ''
      terminal.line(`${mark}${printMistake(mistake)}`)
    }
    terminal.line(summary(files, errors, warnings))
  }
  return errors === 0 ? EXIT.passed : EXIT.badInput
}

/** Where models lie, when that is another repository. */
function modelsGiven(input: CommandInput): Snapshot | null {
  const given = input.text('registry')
  if (given === undefined) return null
  const folder = pathFrom(input.calledFrom, given)
  if (existsSync(join(folder, 'models'))) return workingTree(folder)
  throw new InvalidCommand(`--registry: there is no folder models in ${given}`, 'Name a checkout of that repository.')
}

/** Rules that an equally good model fails too often, where a check or a plan has left its evidence; nothing is run. */
async function seldomIn(root: string): Promise<readonly Mistake[]> {
  const checkout = await openCheckout(root).catch(() => null)
  const before = checkout && (await localEvidence({ root, gitFolder: checkout.gitFolder }, undefined))
  if (before === null) return []
  const asked = { snapshot: workingTree(root), shipped: shippedPolicies(), engine: before.engine }
  return seldomRules({ ...asked, evidence: before.cache, now: new Date().toISOString() })
}

/** The registry that a folder lies in: the nearest folder above with a configuration, else the folder itself. */
function registryAbove(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, CONFIGURATION_PATH))) return at
    if (at === dirname(at)) return folder
  }
}

function summary(files: number, errors: number, warnings: number): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const extra = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`
  return errors === 0
    ? `${count(files, 'file')}, no mistakes${extra}.`
    : `${count(errors, 'mistake')}${extra} in ${count(files, 'file')}.`
}
