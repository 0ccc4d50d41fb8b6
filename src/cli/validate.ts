import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openCheckout } from '../adapters/checkout/checkout.ts'
import { workingTree } from '../adapters/checkout/working-tree.ts'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openEvidence } from '../adapters/evidence/evidence-store.ts'
import { localSealKey } from '../adapters/evidence/seal-key.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { openStore } from '../adapters/store/store.ts'
import { seldomRules } from '../jobs/seldom-rules.ts'
import { validateRegistry } from '../jobs/validate-registry.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { inTextOrder } from '../registry/file-kind.ts'
import { type Mistake, printMistake } from '../registry/mistake.ts'
import { type CommandInput, EXIT } from './command.ts'

/** Where a checkout keeps what it has measured, unless its configuration says otherwise. */
const EVIDENCE = '.weighbridge/evidence'

/** Prints every mistake of the working tree; 0 when there are none (warnings too), else 2. */
export async function run({ folder, json, terminal }: CommandInput): Promise<number> {
  terminal.progress('reading the registry')
  const root = registryAbove(folder)
  const validation = await validateRegistry(workingTree(root), shippedPolicies())
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

/** Rules that an equally good model fails too often, where a check or a plan has left its evidence; nothing is run. */
async function seldomIn(root: string): Promise<readonly Mistake[]> {
  if (!existsSync(join(root, EVIDENCE))) return []
  const checkout = await openCheckout(root).catch(() => null)
  if (checkout === null || !existsSync(join(checkout.gitFolder, 'weighbridge'))) return []
  const prefix = `file:${EVIDENCE}`
  const store = openStore({ root, prefixes: [prefix] })
  const evidence = openEvidence({ store, prefix, seal: localSealKey(checkout.gitFolder) })
  const asked = { snapshot: workingTree(root), shipped: shippedPolicies(), engine: engineName(), evidence }
  return seldomRules({ ...asked, now: new Date().toISOString() })
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
